import CondaModel
import CondaPrefix
import FoundationEssentials
import Glibc
import HostSystem
import ServiceRelease

/// What a killed rpm leaves of the files that it was unpacking.
///
/// rpm writes a file beside its place under the name `NAME;%08x`, with the time at which the transaction began, and renames
/// it: each by itself up to 4.17, all of them in the end since. Directories have their names from the beginning (`fsmFsPath`
/// in lib/fsm.c, of 4.11 to 6.0 alike). Nobody owns what is left, and no later transaction has the same number.
struct UnpackingRemains: Sendable {
    let home: ServiceHome
    /// What is before `/usr`; empty on hosts.
    var system = ""

    /// Removes what is beside or in place of files that bundles and payloads of this home have.
    ///
    /// - Returns: how many files went.
    func remove() throws(HostError) -> Int {
        var files: [String] = []
        var folders: [String] = []
        // Bundles last: rpm begins with them, and they tell of what the rest was.
        for identifier in ForeignFiles.names(in: home.releases) where !identifier.hasPrefix(".") {
            guard !home.isNamed(identifier), isDirectory("\(home.bundles)/\(identifier)"),
                let remains = Self.files(ofNothingElse: home.release(identifier))
            else { continue }
            files += remains
            folders.append(home.release(identifier))
        }
        for identifier in ForeignFiles.names(in: home.bundles) {
            let bundle = "\(home.bundles)/\(identifier)"
            files += Self.files(below: bundle).filter(isOfBundle)
            if !exists(home.bundleDocument(identifier)) { folders.append(bundle) }
            guard let release = try? Release(bundle: bundle) else { continue }
            files += Self.onSystem(release, home: home, system: system)
            if release.layout == .prefix { files += ofPayload(identifier) }
        }
        for file in files {
            try check("remove", file) { unlink(file) == -1 && errno != ENOENT ? -1 : 0 }
        }
        for folder in folders { Self.removeEmptyFolders(folder) }
        return files.count
    }

    /// `program` for `program;5f3a09c1`; nil for a name of another form.
    static func finalName(_ name: String) -> String? {
        guard let mark = name.lastIndex(of: ";"), mark != name.startIndex else { return nil }
        guard isHexadecimal(String(name[name.index(after: mark)...]), bytes: 4) else { return nil }
        return String(name[..<mark])
    }

    /// The files of a tree that holds nothing else; nil where it holds anything else.
    static func files(ofNothingElse tree: String) -> [String]? {
        var files: [String] = []
        for name in ForeignFiles.names(in: tree) {
            let path = "\(tree)/\(name)"
            if isDirectory(path) {
                guard let below = Self.files(ofNothingElse: path) else { return nil }
                files += below
            } else {
                guard finalName(name) != nil else { return nil }
                files.append(path)
            }
        }
        return isDirectory(tree) ? files : nil
    }

    /// Every file of that form below a directory.
    private static func files(below folder: String) -> [String] {
        guard isDirectory(folder) else { return [] }
        return ForeignFiles.names(in: folder).flatMap { name in
            let path = "\(folder)/\(name)"
            if finalName(name) == nil { return isDirectory(path) ? files(below: path) : [] }
            return isDirectory(path) ? [] : [path]
        }
    }

    /// A bundle has a few names of its own, and archives.
    private func isOfBundle(_ path: String) -> Bool {
        guard let name = path.split(separator: "/").last.flatMap({ Self.finalName(String($0)) }) else { return false }
        return ServiceHome.bundleMembers.contains(name)
            || [".conda", ".tar.bz2", ".whl"].contains { name.hasSuffix($0) }
    }

    /// Beside the file itself, or where a package records one; never what a package itself brings under such a name.
    private func ofPayload(_ identifier: String) -> [String] {
        let prefix = home.release(identifier)
        let candidates = Self.files(below: prefix)
        guard !candidates.isEmpty, let state = try? PrefixState(prefix: prefix) else { return [] }
        let recorded = Set((try? state.recordedPaths()) ?? [])
        return candidates.filter { path in
            let place = String(path.dropFirst(prefix.count + 1))
            guard !recorded.contains(place), let final = Self.finalName(path) else { return false }
            return exists(final) || recorded.contains(String(final.dropFirst(prefix.count + 1)))
                || place.hasPrefix("conda-meta/")
        }
    }

    /// Commands, units and documents outside of the home.
    private static func onSystem(_ release: Release, home: ServiceHome, system: String) -> [String] {
        let units = release.services.map { unit in
            // Instances have one file: `web@1` comes from `web@.service`.
            (unit.firstIndex(of: "@").map { "\(unit[...$0])" } ?? unit) + ".service"
        }
        let timers = release.timers.flatMap { ["\($0).timer", "\($0).service"] }
        let names: [(folder: String, names: [String])] = [
            ("/usr/bin", release.commands + ["\(release.name)-release"]),
            ("/usr/lib/systemd/system", units + timers + ["\(release.name)-settle.service"]),
            ("/usr/lib/systemd/system-preset", ["80-\(release.name).preset"]),
            ("/usr/lib/tmpfiles.d", ["\(release.name).conf"]), ("/usr/lib/sysusers.d", ["\(release.name).conf"]),
        ]
        let single = names.flatMap { folder, names in
            ForeignFiles.names(in: system + folder).filter { finalName($0).map(names.contains) == true }
                .map { "\(system)\(folder)/\($0)" }
        }
        let trees = ["/usr/share/licenses/\(release.name)", "/usr/share/doc/\(release.name)"]
        return single + trees.flatMap { files(below: system + $0) }
    }

    /// Removes a directory as far as it is empty; what holds something stays.
    private static func removeEmptyFolders(_ folder: String) {
        guard isDirectory(folder) else { return }
        for name in ForeignFiles.names(in: folder) { removeEmptyFolders("\(folder)/\(name)") }
        rmdir(folder)
    }
}

extension ServiceHome {
    /// Removes what a killed rpm has left, and tells how much that was.
    func removeRemains(events: (HostEvent) -> Void) throws(HostError) {
        let count = try UnpackingRemains(home: self).remove()
        if count > 0 { events(.removingRemains(files: count)) }
    }

    /// Removes bundles, and what they brought, that rpm had unpacked when it was killed: nobody owns them.
    ///
    /// Each installed package has been through `%post`, which begins with a marker and ends with a document; one that was
    /// unpacked to its end is the one that the tool on `PATH` belongs to.
    /// - Parameter identifier: the release of that tool.
    func removeOrphans(but identifier: String, package: String?) throws(HostError) {
        let foreign = ForeignFiles(home: self, package: package)
        let marks = [".json", ".incomplete", ".removed"].flatMap(marked)
        for orphan in ForeignFiles.names(in: bundles) where orphan != identifier && orphan != releaseOfCurrent() {
            guard isDirectory("\(bundles)/\(orphan)"), !ForeignFiles.isOfFileSystem(orphan),
                foreign.isOwnBundle(orphan),
                !marks.contains(where: { $0 == orphan || $0.hasPrefix("\(orphan)+") })
            else { continue }
            let isPayload = isOwned(orphan)
            // Its document goes last with the bundle, and tells whose the release was until then.
            if isPayload {
                for path in [release(orphan), aside(orphan)] { try removeTree(path) }
            }
            try removeTree("\(bundles)/\(orphan)")
        }
    }

    /// What a bundle of any layout and bootstrap has at its top.
    static let bundleMembers: Set<String> = [
        Release.fileName, "conda-rpm-host", "explicit.txt", "files", "micromamba", "miniconda.sh", "pkgs", "wheels",
    ]
}
