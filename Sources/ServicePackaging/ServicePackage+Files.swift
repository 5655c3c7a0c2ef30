import RPMFormat
import ServiceManifest

extension ServicePackage {
    /// The files of the manifest beside everything that the package has without them.
    ///
    /// A directory that both have is there once, as the manifest has it; anything else has one source, or it is an error.
    func applyFiles(_ rpm: inout RPMDescription) throws(PackagingError) {
        let files = try distinctFiles()
        try checkPlaces(of: files, among: rpm.files)
        let listed = Set(files.map(\.destination))
        rpm.files.removeAll { listed.contains($0.path) }
        let taken = listed.union(rpm.files.lazy.map(\.path))
        for directory in OwnedDirectories.above(files.map(\.destination)) where !taken.contains(directory) {
            rpm.files.append(RPMFile(path: directory, contents: .directory, mode: 0o755))
        }
        for file in files {
            rpm.files.append(
                RPMFile(
                    path: file.destination, contents: try contents(of: file), mode: file.mode, user: file.owner,
                    group: file.group, flags: file.flags))
        }
    }

    private func contents(of file: ResolvedFile) throws(PackagingError) -> RPMFile.Contents {
        switch file.kind {
        case .directory: .directory
        case .link(let target): .symlink(target: target)
        case .file(let sha256): try Self.file(file.source, sha256: sha256, key: file.key)
        }
    }

    /// Two folders may fill one directory, when they agree on what it is.
    private func distinctFiles() throws(PackagingError) -> [ResolvedFile] {
        var places: [String: ResolvedFile] = [:]
        var distinct: [ResolvedFile] = []
        for file in files {
            guard let first = places.updateValue(file, forKey: file.destination) else {
                distinct.append(file)
                continue
            }
            let agree = (first.mode, first.owner, first.group) == (file.mode, file.owner, file.group)
            guard first.isDirectory, file.isDirectory, agree else {
                throw .fileTwice(path: file.destination, keys: [first.key, file.key])
            }
        }
        return distinct
    }

    private func checkPlaces(of files: [ResolvedFile], among own: [RPMFile]) throws(PackagingError) {
        let taken = Dictionary(own.map { ($0.path, $0.contents) }) { first, _ in first }
        for file in files {
            if let parts = ownParts(at: file.destination) {
                throw .fileReserved(path: file.destination, key: file.key, owner: parts)
            }
            guard let contents = taken[file.destination], !(file.isDirectory && contents == .directory) else {
                continue
            }
            throw .fileReserved(path: file.destination, key: file.key, owner: name(of: file.destination))
        }
    }

    /// What of the service's home is nobody's but the host tool's.
    private func ownParts(at path: String) -> String? {
        let parts = ["bundle": "the archives", "releases": "the releases", "current": "the release that serves"]
        return parts.first { name, _ in
            path == "\(release.prefix)/\(name)" || path.hasPrefix("\(release.prefix)/\(name)/")
        }?.value
    }

    /// What the package itself has at a place, for a message.
    private func name(of path: String) -> String {
        switch path {
        case Self.billPath(release.name): "the bill of materials"
        case _ where path.hasPrefix("/usr/share/licenses/\(release.name)/"): "the licences of the packages"
        case "/usr/bin/\(release.name)-release": "the host tool's command"
        case _ where path.hasPrefix("/usr/bin/"): "a command of rpm.commands"
        case _ where path.hasPrefix("/usr/lib/systemd/"): "a unit of rpm.services or rpm.monitor"
        default: "a file that every package of conda-rpm has"
        }
    }

    /// Where a package has its bill of materials.
    package static func billPath(_ name: String) -> String { "/usr/share/doc/\(name)/\(billName)" }
}
