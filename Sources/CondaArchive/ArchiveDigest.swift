import CondaModel
import HostSystem

/// The digests of an archive file.
package struct ArchiveDigest: Sendable, Equatable {
    /// SHA-256 in lower-case hexadecimal.
    package let sha256: String

    /// MD5 in lower-case hexadecimal, when it was asked for.
    package let md5: String?

    /// Bytes that were read.
    package let size: Int64
}

extension ArchiveDigest {
    /// Computes the digests of any file in one pass, while the kernel reads ahead.
    ///
    /// - Parameter includingMD5: MD5 proves nothing; old channels and locks know only it.
    /// - Throws: ``ArchiveError`` when the file cannot be read.
    package static func of(path: String, includingMD5: Bool = false) throws(ArchiveError) -> ArchiveDigest {
        do throws(ArchiveFault) {
            let file = try ArchiveFile(path: path)
            let source = FileSource(file: file, region: 0..<file.size)
            var sha256 = Digest(.sha256)
            var md5 = includingMD5 ? Digest(.md5) : nil
            while true {
                let chunk = try source.next()
                if chunk.isEmpty { break }
                sha256.update(chunk)
                md5?.update(chunk)
            }
            return ArchiveDigest(
                sha256: hexadecimal(sha256.finalize()), md5: md5.map { hexadecimal($0.finalize()) }, size: file.size)
        } catch {
            throw ArchiveError(archive: path, reason: error)
        }
    }
}

extension CondaArchive {
    /// Computes the digests of the whole file; see ``ArchiveDigest/of(path:includingMD5:)``.
    package func digest(includingMD5: Bool = false) throws(ArchiveError) -> ArchiveDigest {
        try ArchiveDigest.of(path: path, includingMD5: includingMD5)
    }

    /// Checks that the file is the one that a record or lock names.
    ///
    /// - Parameters:
    ///   - sha256: hexadecimal, in either case.
    ///   - md5: used only when there is no SHA-256.
    /// - Throws: ``ArchiveError`` with ``ArchiveFault/digestMismatch(algorithm:expected:found:)``.
    package func verify(sha256: String?, md5: String? = nil) throws(ArchiveError) {
        let found = try digest(includingMD5: sha256 == nil && md5 != nil)
        if let sha256 {
            try match("SHA-256", sha256, found.sha256)
        } else if let md5, let foundMD5 = found.md5 {
            try match("MD5", md5, foundMD5)
        }
    }

    private func match(_ algorithm: String, _ expected: String, _ found: String) throws(ArchiveError) {
        guard expected.lowercased() == found else {
            throw ArchiveError(
                archive: path,
                reason: .digestMismatch(algorithm: algorithm, expected: expected.lowercased(), found: found))
        }
    }
}
