import FoundationEssentials

/// Where the symbolic links of `rpm.files` lead on a host.
///
/// A link is good when what it leads to comes with the same package. A relative one that leads anywhere else is a mistake:
/// out of its folder, or to nothing. An absolute one is meant for the host, which has to have the target: that is told. One
/// into the manifest's own folder works on this machine alone.
struct LinkPlaces {
    private let files: [ResolvedFile]
    private let kinds: [String: ResolvedFile.Kind]
    /// Directories above files, which need not be listed themselves.
    private let parents: Set<String>

    init(_ files: [ResolvedFile]) {
        self.files = files
        kinds = Dictionary(files.map { ($0.destination, $0.kind) }) { first, _ in first }
        var parents: Set<String> = []
        for file in files {
            var path = Self.parent(of: file.destination)
            while !path.isEmpty, parents.insert(path).inserted { path = Self.parent(of: path) }
        }
        self.parents = parents
    }

    /// Refuses links that lead astray.
    ///
    /// - Parameter folder: the manifest's folder on this machine.
    /// - Throws: `PackagingError.linkAstray`.
    func check(folder: String) throws(PackagingError) {
        for (file, target) in links {
            let place = place(of: file)
            guard !brings(place?.path) else { continue }
            let problem: String
            if target.hasPrefix("/") {
                guard Self.isInside(Self.absolute(target), Self.absolute(folder)) else { continue }
                problem = "a place on this machine; hosts do not have it"
            } else if let place {
                // By way of another link, of which the warning is.
                guard !place.isHosts else { continue }
                problem = "\(place.path) on the host, which nothing in rpm.files brings"
            } else {
                problem = "itself"
            }
            throw .linkAstray(key: file.key, path: file.source, target: target, problem: problem)
        }
    }

    /// The absolute links whose targets the host has to have by itself, as warnings.
    ///
    /// - Parameter own: places that the package brings beside `rpm.files`, directories with all below them.
    func warnings(own: [String]) -> [String] {
        // Every system has what is in these.
        let known = own + ["/dev", "/proc", "/sys"]
        return links.compactMap { file, target in
            guard target.hasPrefix("/"), let place = place(of: file)?.path, !brings(place),
                !known.contains(where: { Self.isInside(place, $0) })
            else { return nil }
            return "\(file.key): \(file.destination) is a link to \(target), which this package does not bring: "
                + "the host has to have it"
        }
    }

    private var links: [(ResolvedFile, String)] {
        files.compactMap { file in if case .link(let target) = file.kind { (file, target) } else { nil } }
    }

    private func brings(_ place: String?) -> Bool {
        place.map { kinds[$0] != nil || parents.contains($0) } ?? false
    }

    /// What a link leads to on a host in the end, other links of the package followed; nil where it goes in circles.
    ///
    /// `isHosts`: whether an absolute link is on the way.
    private func place(of file: ResolvedFile) -> (path: String, isHosts: Bool)? {
        var (path, isHosts) = ("", false)
        var rest = file.destination.split(separator: "/")[...]
        var followed = 0
        while let part = rest.popFirst() {
            switch part {
            case ".": continue
            case "..": path = Self.parent(of: path)
            default:
                let next = "\(path)/\(part)"
                guard case .link(let target) = kinds[next] else {
                    path = next
                    continue
                }
                // As many as Linux follows.
                followed += 1
                guard followed <= 40 else { return nil }
                if target.hasPrefix("/") { (path, isHosts) = ("", true) }
                rest = (target.split(separator: "/") + rest)[...]
            }
        }
        return (path.isEmpty ? "/" : path, isHosts)
    }

    private static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }

    /// A path without `.`, `..` and links on the way.
    private static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    }

    private static func isInside(_ path: String, _ folder: String) -> Bool {
        path == folder || path.hasPrefix(folder.hasSuffix("/") ? folder : folder + "/")
    }
}
