import CondaModel
import HostSystem

/// A package that stands complete under its final name.
package struct RPMWritten: Sendable, Hashable {
    /// Where it stands.
    package let path: String
    /// Size of the file in bytes.
    package let size: Int64
    /// SHA-256 of the whole file, lower-case hexadecimal; nil where it was not asked for.
    package let sha256: String?
    /// SHA-256 of the header, which holds the payload's digest: two packages with the same one are the same.
    package let headerSHA256: String
}

/// Writes RPM packages.
///
/// The payload is read once, hashed while it is written, and never held in memory. The file gets its name when it is
/// complete and on disk.
package enum RPMWriter {
    /// Writes the package that `description` describes to `path`, replacing a file that is there.
    ///
    /// The digest of the whole file, which nothing in an RPM needs, can be known only after a second pass over it: a
    /// caller that does not need it either saves that by `hashingFile: false` (`headerSHA256` identifies the package).
    ///
    /// - Throws: ``RPMError`` for a description that an RPM cannot hold, for a source file that is not as described,
    ///   and for an output that cannot be written; nothing is left behind then.
    @discardableResult
    package static func write(
        _ description: RPMDescription, to path: String, hashingFile: Bool = true
    ) throws(RPMError) -> RPMWritten {
        try write(try PackagePlan(description), to: path, hashingFile: hashingFile)
    }

    /// Writes the source package of a spec file: the spec and its sources, from which `rpmbuild --rebuild` makes what
    /// ``write(_:to:hashingFile:)`` makes of the same description.
    ///
    /// - Throws: as ``write(_:to:hashingFile:)``.
    @discardableResult
    package static func writeSource(
        _ spec: SpecText, to path: String, hashingFile: Bool = true
    ) throws(RPMError) -> RPMWritten {
        try write(try PackagePlan(sourceOf: spec), to: path, hashingFile: hashingFile)
    }

    private static func write(
        _ plan: PackagePlan, to path: String, hashingFile: Bool
    ) throws(RPMError) -> RPMWritten {
        let compatibility = plan.description.compatibility
        let output = try TemporaryOutput(for: path)
        let draft = try PackageHeader.bytes(of: plan, PackageHeader.PayloadFacts(placeholderFor: plan))
        try checkSize(of: draft, compatibility)
        var facts = SignatureSection.placeholder
        let headerOffset = Int64(try SignatureSection.bytes(of: plan, facts).count)
        let payloadOffset = headerOffset + Int64(draft.count)

        let stage = try PayloadStage(plan, to: output.descriptor, at: payloadOffset, path: path)
        let payload = try stage.run()

        let header = try PackageHeader.bytes(of: plan, payload.facts)
        guard header.count == draft.count else { throw .header(reason: "its size changed while it was written") }
        try output.write(header, at: headerOffset)
        facts.size = Int64(header.count) + payload.size
        facts.payloadSize = payload.uncompressedSize
        facts.sha256 = hexadecimal(Digest.sha256(header))
        facts.sha1 = hexadecimal(Digest.of(.sha1, header))
        // MD5 begins with the header, which holds digests of the payload: only now, while all this goes to disk.
        let file = output.descriptor
        facts.md5 = try output.sync { () throws(RPMError) in
            try FileDigests.md5(of: file, from: headerOffset, path: path)
        }
        try output.write(try SignatureSection.bytes(of: plan, facts), at: 0)
        let digest = try output.sync { () throws(RPMError) in
            hashingFile ? try FileDigests.sha256(of: file, path: path) : nil
        }
        try output.commit()
        return RPMWritten(
            path: path, size: headerOffset + facts.size, sha256: digest, headerSHA256: facts.sha256)
    }

    private static func checkSize(of header: [UInt8], _ compatibility: RPMCompatibility) throws(RPMError) {
        guard header.count <= compatibility.maximumHeaderSize else {
            throw .unsupported(
                what: "the header takes \(header.count) bytes",
                limit: "the target's rpm reads up to \(compatibility.maximumHeaderSize)")
        }
    }
}
