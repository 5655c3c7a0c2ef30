import FoundationEssentials
import Glibc
import ServiceRelease

/// What lies where this tool and rpm put their own things, and is neither's.
///
/// A home may have been somebody else's before: Capistrano and Ansible's deploy_helper make exactly these names. So a name
/// proves nothing. A release is ours when a document or a marker of ours names it: the document or the marker beside it,
/// the note of a removal that goes on, the document of a bundle whose payload it is (layout `prefix`), or its own
/// activation, which names its place. What is not ours is never removed: an installation refuses it by name, as `%pre` has
/// done before, and whoever removes passes it over.
struct ForeignFiles: Sendable {
    let home: ServiceHome
    /// The package whose home it is; nil where nobody can tell: then documents of any package count.
    let package: String?

    /// Absolute paths in `current`, `bundle/` and `releases/`, in this order.
    func found() -> [String] {
        let links = [home.current, "\(home.current).new"].filter { exists($0) && !isOwnLink($0) }
        let bundles = Self.names(in: home.bundles).filter { !isOwnBundle($0) }.map { "\(home.bundles)/\($0)" }
        let releases = Self.names(in: home.releases).filter { !isOwnEntry($0) }.map { "\(home.releases)/\($0)" }
        return links + bundles + releases
    }

    /// - Throws: `HostError.foreign`.
    func requireNone() throws(HostError) {
        let found = found()
        guard found.isEmpty else { throw .foreign(root: home.root, paths: found) }
    }

    /// What an entry of `releases/` stands for: those of ours begin with a dot, but for the release itself.
    private func isOwnEntry(_ entry: String) -> Bool {
        if Self.isOfFileSystem(entry) || entry == ServiceHome.transactionName { return true }
        guard entry.hasPrefix(".") else { return isOwnRelease(entry) }
        let path = "\(home.releases)/\(entry)"
        for (suffix, judge) in Self.kinds where entry.hasSuffix(suffix) {
            let identifier = String(entry.dropFirst().dropLast(suffix.count))
            return !identifier.isEmpty && judge(self, path, identifier)
        }
        return false
    }

    private typealias Judge = @Sendable (ForeignFiles, String, String) -> Bool

    /// What stands beside a release, the longer endings first.
    private static let kinds: [(suffix: String, judge: Judge)] = [
        (".aside.new", { foreign, _, identifier in foreign.isKnown(identifier) }),
        // What was being written when the tool was killed: nothing yet, or the beginning of a document.
        (".json.new", { _, path, _ in isBegunDocument(path) }),
        (".incomplete.new", { _, path, _ in isBegunDocument(path) }),
        (".json", { foreign, path, identifier in foreign.isDocument(path, of: identifier) }),
        (".removed", { foreign, path, identifier in foreign.isNote(path, of: identifier) }),
        (".incomplete", { _, path, _ in isBegunDocument(path) }),
        (".aside", { foreign, _, identifier in foreign.isKnown(identifier) }),
        (".bootstrap", { foreign, _, identifier in foreign.isKnown(identifier) }),
    ]

    /// Whether a release directory is ours, or holds only what a killed rpm has left of one.
    func isOwnRelease(_ identifier: String) -> Bool {
        // Another package's document speaks against whatever else there is.
        if let package, let other = DocumentHeader(home.document(identifier)), other.name != package { return false }
        if hasDocument(identifier) || isBegunDocument(home.marker(identifier)) || isPayload(identifier) { return true }
        // The earliest tools kept the document in the prefix.
        if isDocument("\(home.release(identifier))/etc/conda-rpm/\(Release.fileName)", of: identifier) { return true }
        return namesItself(identifier) || isRemains(identifier) || isOfCutBundle(identifier)
    }

    private func hasDocument(_ identifier: String) -> Bool {
        isDocument(home.document(identifier), of: identifier)
            || isNote(home.removalNote(identifier), of: identifier)
    }

    private func isPayload(_ identifier: String) -> Bool {
        home.isOwned(identifier) && isDocument(home.bundleDocument(identifier), of: identifier)
    }

    /// Whether anything of ours names a release: then what stands beside it is ours as well.
    private func isKnown(_ identifier: String) -> Bool {
        if isOwnRelease(identifier) { return true }
        let plain = identifier.lastIndex(of: "+").map { String(identifier[..<$0]) } ?? identifier
        return [identifier, plain].contains { isDocument(home.bundleDocument($0), of: $0) }
    }

    /// Whether the activation in a release directory, which installs write, is for this place.
    private func namesItself(_ identifier: String) -> Bool {
        guard let variables = try? ReleaseEnvironment.read(home.activation(identifier)) else { return false }
        return variables.contains { $0.name == "CONDA_PREFIX" && $0.value.hasSuffix("/releases/\(identifier)") }
    }

    /// A killed rpm has begun with the bundle.
    private func isRemains(_ identifier: String) -> Bool {
        isDirectory("\(home.bundles)/\(identifier)")
            && UnpackingRemains.files(ofNothingElse: home.release(identifier)) != nil
    }

    /// rpm has unpacked both, and a power loss has left nothing of the bundle's document that could be read.
    private func isOfCutBundle(_ identifier: String) -> Bool {
        isDirectory(home.release(identifier)) && isCutBundle(identifier)
    }

    /// A bundle has its document, or is one that rpm was unpacking when it was killed: the document comes late.
    func isOwnBundle(_ identifier: String) -> Bool {
        let document = home.bundleDocument(identifier)
        if Self.isOfFileSystem(identifier) || isDocument(document, of: identifier) { return true }
        return exists(document) ? isCutBundle(identifier) : holdsMembers(identifier)
    }

    private func isCutBundle(_ identifier: String) -> Bool {
        Self.isCutShort(home.bundleDocument(identifier)) && holdsMembers(identifier)
    }

    /// Whether a directory holds nothing but what is in bundles.
    private func holdsMembers(_ identifier: String) -> Bool {
        let path = "\(home.bundles)/\(identifier)"
        return isDirectory(path)
            && Self.names(in: path).allSatisfy {
                ServiceHome.bundleMembers.contains(UnpackingRemains.finalName($0) ?? $0)
            }
    }

    /// `current` and what it is made from lead to a release of ours, or to one that is gone.
    private func isOwnLink(_ path: String) -> Bool {
        guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path),
            let identifier = ServiceHome.identifier(inTarget: target)
        else { return false }
        return !exists(home.release(identifier)) || isOwnRelease(identifier)
    }

    /// Whether a file is the document of a release, in any format that there was or will be.
    private func isDocument(_ path: String, of identifier: String) -> Bool {
        guard let header = DocumentHeader(path) else { return false }
        guard header.identifier == identifier || identifier.hasPrefix("\(header.identifier)+") else { return false }
        return package == nil || header.name == package
    }

    /// A note of a removal is the release's document or its marker, renamed.
    func isNote(_ path: String, of identifier: String) -> Bool {
        if DocumentHeader(path) != nil { return isDocument(path, of: identifier) }
        return Self.isBegunDocument(path)
    }

    private func isBegunDocument(_ path: String) -> Bool { Self.isBegunDocument(path) }

    /// Whether a file is JSON as far as it goes.
    static func isBegunDocument(_ path: String) -> Bool {
        guard let status = status(path), status.st_mode & S_IFMT == S_IFREG else { return false }
        return status.st_size == 0 || FileManager.default.contents(atPath: path)?.first == UInt8(ascii: "{")
    }

    /// Whether a document is what a power loss has left of one that rpm unpacked: empty, NULs, or a part.
    static func isCutShort(_ path: String) -> Bool {
        guard let status = status(path), status.st_mode & S_IFMT == S_IFREG,
            let contents = FileManager.default.contents(atPath: path)
        else { return false }
        guard let first = contents.first, first != 0 else { return true }
        let last = contents.last { $0 != UInt8(ascii: "\n") }
        return first == UInt8(ascii: "{") && last != UInt8(ascii: "}")
    }

    /// What file systems keep to themselves: `lost+found`, and what NFS makes of a file that is removed while it is open.
    static func isOfFileSystem(_ name: String) -> Bool { name == "lost+found" || name.hasPrefix(".nfs0") }

    static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }
}

/// The fields of a release document by which a document of any format is known.
struct DocumentHeader: Decodable {
    private let format: Int
    let name: String
    private let version: String
    private let release: String

    var identifier: String { "\(version)-\(release)" }

    /// - Returns: nil for what is no file, or no release document.
    init?(_ path: String) {
        guard let status = status(path), status.st_mode & S_IFMT == S_IFREG,
            let data = FileManager.default.contents(atPath: path),
            let header = try? JSONDecoder().decode(DocumentHeader.self, from: data)
        else { return nil }
        self = header
    }
}
