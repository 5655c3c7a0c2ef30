import CondaModel
import CondaPrefix
import ServiceRelease

/// The digests of what an installation made below a prefix and no archive tells: they stand in the document beside the
/// release, out of reach of what is done to the release alone.
enum ReleaseRecords {
    /// Takes the digests of a release as it is now, whose making has just ended.
    static func digests(_ prefix: String, of release: Release) throws -> [String: String] {
        let records = try PrefixRecords.digests(prefix: prefix, packages: release.packages.map(\.record))
        let made = try PrefixRecords.digests(prefix: prefix, paths: [ServiceHome.activationName])
        return records.merging(made) { $1 }
    }

    /// What is not as it was made.
    static func changes(_ prefix: String, _ records: [String: String]?) throws -> [PrefixDifference] {
        guard let records, isDirectory(prefix) else { return [] }
        let found = try PrefixRecords.digests(prefix: prefix, paths: records.keys.sorted())
        return records.sorted { $0.key < $1.key }.compactMap { path, digest in
            guard found[path] != digest else { return nil }
            return PrefixDifference(
                path: path, kind: found[path] == nil ? .missing : .changed, package: nil, expected: digest,
                found: found[path])
        }
    }
}
