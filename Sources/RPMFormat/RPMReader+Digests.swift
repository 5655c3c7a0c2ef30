import CondaModel
import HostSystem

extension RPMReader {
    /// Whether the digest algorithm of files and payload is one that a FIPS host accepts.
    package var hasStrongDigests: Bool { fileDigestAlgorithm >= 8 && payloadDigest != nil && signature.sha256 != nil }

    /// Compares the package's bytes with the digests of its two headers: of the header, of header and payload (MD5,
    /// where there is one), and of the payload.
    ///
    /// A digest that is gone is as bad as one that differs: as for rpmkeys, something must answer for the header and
    /// something for the payload. The digests of the files are compared by ``readFiles(_:)``.
    ///
    /// - Throws: ``RPMError/corrupt(path:reason:)`` for the first that differs or is missing.
    package func checkDigests() throws(RPMError) {
        let signature = signature
        guard signature.sha256 != nil || signature.sha1 != nil || signature.md5 != nil else {
            throw .corrupt(path: path, reason: "its signature header has no digest of the header")
        }
        guard payloadDigestAlgorithm != nil && payloadDigest != nil || signature.md5 != nil
        else { throw .corrupt(path: path, reason: "its headers have no digest of the payload") }
        let file = try SourceFile(path)
        let headerBytes = try file.read(count: Int(payloadOffset - headerOffset), at: headerOffset)
        try compare(signature.sha256, hexadecimal(Digest.sha256(headerBytes)), "the header")
        try compare(signature.sha1, hexadecimal(Digest.of(.sha1, headerBytes)), "the header (SHA-1)")
        if let md5 = signature.md5 {
            let found = try FileDigests.md5(of: file.descriptor, from: headerOffset, path: path)
            try compare(hexadecimal(md5), hexadecimal(found), "header and payload (MD5)")
        }
        if payloadDigest != nil, let algorithm = payloadDigestAlgorithm {
            var digest = Digest(algorithm)
            try FileDigests.read(file.descriptor, from: payloadOffset, path: path) { digest.update($0) }
            try compare(payloadDigest, hexadecimal(digest.finalize()), "the payload")
        }
    }

    /// SHA-256 where the header does not say, as in packages of rpm 6 (`RPMTAG_PAYLOADSHA256`); nil for those that no package has
    /// used for twenty years.
    private var payloadDigestAlgorithm: Digest.Algorithm? {
        Digest.Algorithm(rawValue: Int(clamping: header.number(.payloadDigestAlgorithm) ?? 8))
    }

    private func compare(_ expected: String?, _ found: String, _ what: String) throws(RPMError) {
        guard let expected, expected.lowercased() != found else { return }
        throw .corrupt(path: path, reason: "the digest of \(what): expected \(expected), found \(found)")
    }

    /// Streams the contents of every regular file, in the payload's order, and compares each with its digest.
    ///
    /// - Throws: ``RPMError/digestMismatch(path:expected:found:)``, ``RPMError/corrupt(path:reason:)``, and what `body`
    ///   throws.
    package func readFiles(_ body: (RPMEntry, UnsafeRawBufferPointer) throws(RPMError) -> Void) throws(RPMError) {
        let entries = files
        let walk = try PayloadWalk(self, fileCount: entries.count)
        while let member = try walk.next() {
            let entry = entries[member.index]
            guard entry.kind == .file, member.hasContents else { continue }
            try walk.readContents(of: entry) { bytes throws(RPMError) in try body(entry, bytes) }
        }
    }
}
