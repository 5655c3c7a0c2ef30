import CondaChannel
import CondaModel
import FoundationEssentials
import Glibc
import HostSystem

/// What is known of archives and need not be found out at each build.
///
///     verified/HEX          where the archive with this SHA-256 digest was, and what its file was like, when it was read
///     verified/HEX.list     there when its files were what its own list says
///     verified/HEX.payload  what its payload is like, read to its end: a list of what its own list is wrong about
///     verified/HEX.digest   the digest of the file whose path has this digest, with what the file was like
///
/// A file that was written to since then, or came in another's place, has another time of change and is read again.
struct VerifiedArchives: Sendable {
    private let directory: String

    init(_ cache: CacheDirectory) {
        directory = "\(cache.path)/verified"
    }

    /// Finds out which archives need not be compared with their digests.
    ///
    /// - Parameters:
    ///   - areVerified: whether all were compared just now.
    ///   - later: leaves the comparison of the others to the caller, who tells of it with ``insert(_:)``.
    /// - Throws: `RPMError.digestMismatch`.
    func check(_ packages: [FetchedPackage], areVerified: Bool, later: Bool) async throws -> [FetchedPackage] {
        let checked = try await withThrowingTaskGroup(of: (Int, FetchedPackage).self) { group in
            for (index, package) in packages.enumerated() {
                group.addTask { (index, try check(package, areVerified: areVerified, later: later)) }
            }
            return try await group.reduce(into: packages) { $0[$1.0] = $1.1 }
        }
        if areVerified || !later { insert(checked) }
        return checked
    }

    private func check(_ package: FetchedPackage, areVerified: Bool, later: Bool) throws -> FetchedPackage {
        var package = package
        package.stamp = Self.stamp(package.path)
        package.isVerified = areVerified || contains(package)
        if !package.isVerified, !later {
            try package.verify()
            package.isVerified = true
        }
        return package
    }

    private func contains(_ package: FetchedPackage) -> Bool {
        guard let sha256 = package.record.sha256, let stamp = package.stamp else { return false }
        return FileManager.default.contents(atPath: "\(directory)/\(sha256)") == Data(stamp.utf8)
    }

    /// Remembers that archives were compared with their digests.
    func insert(_ packages: [FetchedPackage]) {
        for package in packages where !contains(package) {
            if let sha256 = package.record.sha256, let stamp = package.stamp { remember(stamp, as: sha256) }
        }
    }

    /// What a file is like from outside; nil when there is none.
    private static func stamp(_ path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        let times = [status.st_mtim, status.st_ctim].map { "\($0.tv_sec).\($0.tv_nsec)" }
        return "\(status.st_dev) \(status.st_ino) \(status.st_size) \(times.joined(separator: " ")) \(path)\n"
    }

    /// The digest of a file that every build needs, computed when the file was touched since the last one.
    func digest(of path: String) throws -> String {
        let path = URL(fileURLWithPath: path).standardizedFileURL.path
        let name = "\(hexadecimal(Digest.sha256(Data(path.utf8)))).digest"
        let stamp = Self.stamp(path)
        let kept = FileManager.default.contents(atPath: "\(directory)/\(name)") ?? Data()
        let known = String(decoding: kept, as: UTF8.self)
        if let stamp, known.hasSuffix(" \(stamp)") { return String(known.dropLast(stamp.count + 1)) }
        let digest = try FileContents.sha256(path)
        if let stamp { remember("\(digest) \(stamp)", as: name) }
        return digest
    }

    /// Whether the archive's files are what its own list says.
    func hasTrueList(_ sha256: String?) -> Bool {
        sha256.map { FileManager.default.fileExists(atPath: "\(directory)/\($0).list") } ?? false
    }

    /// Remembers that they are.
    func insertList(_ sha256: String?) {
        if let sha256 { remember("", as: "\(sha256).list") }
    }

    /// What a rehearsal of linking has found in the archive or wheel with this digest; nil where there was none.
    func payload(_ sha256: String?) -> [String]? {
        guard let path = Self.payloadName(sha256).map({ "\(directory)/\($0)" }) else { return nil }
        return FileManager.default.contents(atPath: path).flatMap { try? JSONDecoder().decode([String].self, from: $0) }
    }

    /// Remembers what it has found, once the file was compared with its digest.
    func insertPayload(_ sha256: String?, _ mistaken: [String]) {
        guard let name = Self.payloadName(sha256), let text = try? JSONEncoder().encode(mistaken) else { return }
        remember(String(decoding: text, as: UTF8.self), as: name)
    }

    /// With the number of the rules by which it was read.
    private static func payloadName(_ sha256: String?) -> String? { sha256.map { "\($0).payload-1" } }

    /// What cannot be remembered is found out again.
    private func remember(_ text: String, as name: String) {
        try? FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try? FileContents.replace("\(directory)/\(name)", with: text)
    }
}
