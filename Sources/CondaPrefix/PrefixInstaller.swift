import CondaArchive
import CondaModel

/// Links packages into a new prefix as conda would, straight from their archives, or from directories in which
/// ``PackageUnpacker`` has left them.
///
///     let installer = PrefixInstaller(prefix: "/opt/orders/releases/2.4.0-1")
///     let report = try await installer.install(packages) { event in log(event) }
///
/// Everything that can be checked is checked before the first file is written: paths, who owns them, room for the
/// prefix, entry points. Archives are then unpacked side by side, each file written once and digested on the way, into no
/// package cache; files of unpacked packages get second names. The bytes of the result depend on the packages, the
/// prefix and the options alone.
///
/// ## When it is on disk
///
/// No file is synchronized by itself: a thousand small waits would cost more than the rest. Large files are handed to the
/// disk as soon as they are written, and ``PrefixOptions/synchronize``, or the caller before it makes the prefix known,
/// waits once for the whole file system. A host that loses power before that has a prefix that nobody uses yet.
///
/// ## Where this differs from conda and rattler
///
/// | what | conda | rattler | here, and why |
/// |---|---|---|---|
/// | entry-point scripts | four spaces, mode 0777 less umask | a tab, mode 0775 | conda's text, mode 0755 whatever the umask |
/// | `#!` over 127 bytes, blank in the prefix: Python scripts | `/usr/bin/env python` | `/bin/sh` and `exec` | rattler's: services run without activation |
/// | the same of other interpreters | `/usr/bin/env NAME` | `/usr/bin/env NAME` | the same |
/// | long form of an entry point's `#!` | from 125 bytes of path | from 126 | conda's |
/// | UTF-16 and UTF-32 placeholders | replaced | left | conda's |
/// | a string that ends with the file, not with NUL | left | replaced | conda's |
/// | one path in several packages | the last in topological order | the same; the others' files go to `__clobbers__` | conda's; reported |
/// | compiled modules | by time of source, absent ones listed | none | by digest of source, so equal each time; only present ones listed |
/// | time of a file whose text changed | now | that of `about.json` and a second | its own and a second: stale compiled files are noticed |
/// | modes | as packaged, less umask | as packaged | as packaged, less set-ID and sticky bits and a umask of 022, whatever the caller's |
/// | `sha256_in_prefix` of entry points and compiled modules | none | none (`sha256` of entry points) | recorded: verification needs it |
/// | symbolic links in `paths_data` | digest of the file they lead to | digest of the link's text | conda's, and `link_target` with the text |
/// | `size_in_bytes` of changed files | as packaged | as written | as packaged |
/// | `link`, `extracted_package_dir`, `package_tarball_full_path` | paths in the cache | paths in the cache | copy, no source: there is no cache |
/// | `channel` | address with subdirectory | address | conda's |
/// | `history` | time and command of the run | empty | date of the newest package, so equal each time |
/// | failing post-link scripts | fatal | a warning | fatal |
/// | wheels beside packages | pip's business | not by `Prefix` | `RECORD` with digests of compiled modules too |
/// | `CACHEDIR.TAG` | none | written | none: a release is no cache |
package struct PrefixInstaller: Sendable {
    /// The absolute path that the files will live under.
    package let prefix: String

    /// The directory that is really written, when the prefix is another machine's.
    package let destination: String?

    /// How the prefix is made.
    package let options: PrefixOptions

    /// Describes an installation.
    ///
    /// - Parameters:
    ///   - prefix: the absolute path that the files will live under.
    ///   - destination: the directory to write; nil writes the prefix itself. Link scripts run only in the prefix.
    package init(prefix: String, destination: String? = nil, options: PrefixOptions = PrefixOptions()) {
        self.prefix = prefix
        self.destination = destination == prefix ? nil : destination
        self.options = options
    }

    /// Checks whether packages can be linked, reading the archives' metadata and writing nothing.
    ///
    /// - Returns: the number of files, the bytes that they promise, and the paths that several packages have.
    /// - Throws: ``PrefixError``.
    package func check(_ packages: [PrefixPackage], wheels: [PrefixWheel] = []) throws -> PrefixForecast {
        let plan = try plan(packages, wheels)
        return PrefixForecast(files: plan.fileCount, bytes: plan.bytes, clobbers: plan.clobbers)
    }

    /// Links packages, then wheels, into the prefix, which must be empty or absent.
    ///
    /// Wheels go where pip would put them into the environment's Python; their `RECORD` lists all that was made for
    /// them. `conda-meta` does not know them, as conda would not.
    ///
    /// After an error the prefix is incomplete and must be removed.
    /// - Throws: ``PrefixError``.
    package func install(
        _ packages: [PrefixPackage], wheels: [PrefixWheel] = [],
        events: @escaping @Sendable (PrefixEvent) -> Void = { _ in }
    ) throws -> PrefixReport {
        let plan = try plan(packages, wheels)
        let count = plan.packages.count + plan.wheels.count
        events(.planned(packages: count, files: plan.fileCount, bytes: plan.bytes))
        for clobber in plan.clobbers { events(.clobbered(clobber)) }
        let build = PrefixBuild(
            prefix: prefix, destination: destination ?? prefix, directory: try openEmpty(), plan: plan,
            options: options, events: events)
        return try build.installAll(runsScripts: options.runLinkScripts && destination == nil)
    }

    /// Makes anew exactly what differs from what was recorded, from the archives of the packages.
    ///
    /// Files are made beside the prefix's own and put in place by renaming, so programs that run go on with the old
    /// ones. Link scripts are not run again. A damaged or missing document in `conda-meta` means the whole package.
    /// - Parameters:
    ///   - differences: as ``PrefixState/verify(against:expecting:wheels:isGuarded:includingAdded:threads:)`` found them; added files stay.
    ///   - packages: all packages of the prefix, as they were installed.
    ///   - wheels: all wheels of the prefix, as they were installed.
    ///   - isLinkedByAnother: another program has linked the prefix, and some files in its own way.
    /// - Returns: what still differs afterwards.
    /// - Throws: ``PrefixError``.
    package func repair(
        _ differences: [PrefixDifference], packages: [PrefixPackage], wheels: [PrefixWheel] = [],
        isLinkedByAnother: Bool = false, events: @escaping @Sendable (PrefixEvent) -> Void = { _ in }
    ) throws -> [PrefixDifference] {
        let root = destination ?? prefix
        let plan = try plan(packages, wheels)
        let directory = try PrefixError.writing { () throws(DirectoryError) in try SafeDirectory(path: root) }
        let build = PrefixBuild(
            prefix: prefix, destination: root, directory: directory, plan: plan, options: options, events: events)
        var repair = PrefixRepair(state: try PrefixState(prefix: root, threads: options.threads), build: build)
        try repair.run(differences)
        return try PrefixState(prefix: root, threads: options.threads)
            .verify(
                against: PrefixSources(prefix: prefix, plan: plan, isLinkedByAnother: isLinkedByAnother),
                expecting: plan.packages.map(\.record), wheels: wheels, isGuarded: options.isGuarded,
                threads: options.threads)
    }

    func plan(_ packages: [PrefixPackage], _ wheels: [PrefixWheel]) throws -> LinkPlan {
        try PrefixPath.check(prefix)
        return try LinkPlanner(prefix: prefix, threads: options.threads).plan(packages, wheels: wheels)
    }

    private func openEmpty() throws(PrefixError) -> SafeDirectory {
        let path = destination ?? prefix
        let directory = try PrefixError.writing { () throws(DirectoryError) in
            try SafeDirectory(path: path, creating: true)
        }
        let names = try PrefixError.writing { () throws(DirectoryError) in try directory.names(in: nil) }
        if let name = names.first { throw .notEmpty(path, found: name.description) }
        return directory
    }
}

/// What an installation would do.
package struct PrefixForecast: Sendable, Equatable {
    /// Files and links to write, without compiled modules.
    package let files: Int

    /// Bytes of those files.
    package let bytes: Int64

    /// Paths that several packages have.
    package let clobbers: [PathClobber]
}

/// The path of a prefix, which gets into scripts, search paths and `#!` lines.
enum PrefixPath {
    /// Characters that a shell, a search path or a line of text cannot hold plainly.
    private static let refused = Set("\"$`\\:'\u{7F}".unicodeScalars)

    /// Refuses a prefix that would break scripts.
    static func check(_ prefix: String) throws(PrefixError) {
        guard prefix.hasPrefix("/"), prefix.utf8.count > 1 else {
            throw .unusablePrefix(prefix, problem: "expected an absolute path")
        }
        let components = prefix.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard !components.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
            throw .unusablePrefix(prefix, problem: "expected a path without empty, '.' or '..' components")
        }
        guard let bad = prefix.unicodeScalars.first(where: { $0.value < 0x20 || refused.contains($0) }) else { return }
        throw .unusablePrefix(prefix, problem: "it contains \(bad.debugDescription)")
    }
}
