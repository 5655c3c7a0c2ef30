import CondaArchive
import CondaModel
import HostSystem

/// Digests of files that lie in a prefix.
enum FileDigest {
    /// Reads a file once; the digest is lower-case hexadecimal, the size in bytes.
    static func sha256(
        of path: RelativePath, in directory: SafeDirectory
    ) throws(PrefixError) -> (digest: String, size: Int64) {
        var hash = Digest(.sha256)
        var size: Int64 = 0
        try PrefixError.writing { () throws(DirectoryError) in
            try directory.read(path) { (chunk) throws(DirectoryError) in
                hash.update(chunk)
                size += Int64(chunk.count)
            }
        }
        return (hexadecimal(hash.finalize()), size)
    }
}
