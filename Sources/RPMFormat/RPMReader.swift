/// An RPM package opened for reading, whoever wrote it.
///
/// Opening reads the two headers and compares sizes; it takes a few milliseconds and verifies no digests. The payload
/// is read only by ``contents(of:limit:)`` and ``extract(to:)``.
package struct RPMReader: Sendable {
    /// Where the package stands.
    package let path: String
    /// Size of the file in bytes.
    package let size: Int64
    /// Size of the payload in bytes, compressed.
    package let payloadSize: Int64
    let header: RPMHeader
    let signatureHeader: RPMHeader
    let headerOffset: Int64
    let payloadOffset: Int64

    /// Opens a package.
    ///
    /// - Throws: ``RPMError/unreadable(path:reason:)``, ``RPMError/notAnRPM(path:found:)``,
    ///   ``RPMError/wrongSize(path:expected:found:)`` for a truncated file, ``RPMError/corrupt(path:reason:)``.
    package init(path: String) throws(RPMError) {
        let opened = try PackageFile.open(path)
        self.path = path
        size = opened.size
        header = opened.header
        signatureHeader = opened.signature
        headerOffset = opened.headerOffset
        payloadOffset = opened.payloadOffset
        payloadSize = opened.size - opened.payloadOffset
        guard header.string(.name) != nil, header.string(.version) != nil, header.string(.release) != nil else {
            throw .corrupt(path: path, reason: "its header has no name, version and release")
        }
    }

    /// Package name.
    package var name: String { header.string(.name) ?? "" }
    /// Epoch, where there is one.
    package var epoch: UInt32? { header.number(.epoch).map(UInt32.init(truncatingIfNeeded:)) }
    /// Version.
    package var version: String { header.string(.version) ?? "" }
    /// Release.
    package var release: String { header.string(.release) ?? "" }
    /// `[EPOCH:]VERSION-RELEASE`.
    package var evr: String { (epoch.map { "\($0):" } ?? "") + "\(version)-\(release)" }
    /// Architecture.
    package var architecture: String { header.string(.arch) ?? "" }
    /// One-line summary.
    package var summary: String { header.string(.summary) ?? "" }
    /// Description.
    package var description: String { header.string(.description) ?? "" }
    /// Licence expression.
    package var license: String { header.string(.license) ?? "" }
    /// Vendor.
    package var vendor: String? { header.string(.vendor) }
    /// Packager.
    package var packager: String? { header.string(.packager) }
    /// Home page.
    package var url: String? { header.string(.url) }
    /// Group.
    package var group: String? { header.string(.group) }
    /// Build time in seconds since 1970.
    package var buildTime: UInt32? { header.number(.buildTime).map(UInt32.init(truncatingIfNeeded:)) }
    /// Host that built it.
    package var buildHost: String? { header.string(.buildHost) }
    /// The source package it says it was built from; nil in a source package.
    package var sourceRPM: String? { header.string(.sourceRPM) }
    /// Whether this is a source package, whose files stand in no directory and go to rpmbuild.
    package var isSource: Bool { sourceRPM == nil }
    /// Bytes that the files take when installed.
    package var installedSize: Int64 { Int64(clamping: header.number(.longSize) ?? header.number(.size) ?? 0) }
    /// Compressor of the payload: `gzip`, `xz`, `zstd`, ...; nil where there is none.
    package var payloadCompressor: String? { header.string(.payloadCompressor) }
    /// SHA-256 of the payload as it stands in the file, lower-case hexadecimal.
    package var payloadDigest: String? { header.string(.payloadDigest) }
    /// Directories that the package may be relocated from.
    package var prefixes: [String] { header.strings(.prefixes) }

    /// What the package requires, `rpmlib()` features and interpreters included.
    package var requires: [RPMDependency] { relations(.requires) }
    /// What the package provides, its own name included.
    package var provides: [RPMDependency] { relations(.provides) }
    /// What it conflicts with.
    package var conflicts: [RPMDependency] { relations(.conflicts) }
    /// What it obsoletes.
    package var obsoletes: [RPMDependency] { relations(.obsoletes) }
    /// What it recommends.
    package var recommends: [RPMDependency] { relations(.recommends) }

    /// Its scriptlets.
    package var scriptlets: RPMScriptlets {
        RPMScriptlets { body, interpreter in
            let words = header.strings(interpreter)
            guard header.has(body) || !words.isEmpty else { return nil }
            return RPMScriptlet(
                interpreter: words.isEmpty ? ["/bin/sh"] : words, body: header.string(body) ?? "")
        }
    }

    /// Its changelog, in the order of the header (newest first).
    package var changelog: [RPMChangelogEntry] {
        let names = header.strings(.changelogName)
        let texts = header.strings(.changelogText)
        return zip(header.numbers(.changelogTime), zip(names, texts)).map { time, entry in
            RPMChangelogEntry(time: UInt32(truncatingIfNeeded: time), author: entry.0, text: entry.1)
        }
    }

    /// What its signature header says.
    package var signature: RPMSignatureFacts { RPMSignatureFacts(signatureHeader) }

    private func relations(_ tags: RPMRelationTags) -> [RPMDependency] {
        let flags = header.numbers(tags.flags)
        let versions = header.strings(tags.version)
        return header.strings(tags.name).enumerated().map { index, name in
            let bits = index < flags.count ? UInt32(truncatingIfNeeded: flags[index]) : 0
            let version = index < versions.count ? versions[index] : ""
            let comparison = version.isEmpty ? nil : RPMDependency.Comparison(senseBits: bits)
            return RPMDependency(
                name, comparison, comparison == nil ? nil : version,
                context: RPMDependencyContext(rawValue: bits & ~14))
        }
    }
}

/// What the signature header of a package says; nothing of it is verified here.
package struct RPMSignatureFacts: Sendable, Hashable {
    /// Size of header and payload in bytes.
    package let size: Int64?
    /// Size of the payload in bytes before compression.
    package let payloadSize: Int64?
    /// SHA-256 of the header, lower-case hexadecimal.
    package let sha256: String?
    /// SHA-1 of the header, lower-case hexadecimal.
    package let sha1: String?
    /// MD5 of header and payload.
    package let md5: [UInt8]?
    /// Whether there is an OpenPGP signature.
    package let isSigned: Bool
    /// Whether that signature is made with RSA and nothing else, as rpm files them.
    package let isRSA: Bool

    init(_ header: RPMHeader) {
        size = (header.number(.signatureLongSize) ?? header.number(.signatureSize)).map(Int64.init(clamping:))
        payloadSize = (header.number(.signatureLongPayloadSize) ?? header.number(.signaturePayloadSize))
            .map(Int64.init(clamping:))
        sha256 = header.string(.signatureSHA256)
        sha1 = header.string(.signatureSHA1)
        md5 = header.bytes(.signatureMD5)
        let signatures: [RPMTag] = [.signatureRSA, .signatureDSA, .signaturePGP, .signatureGPG, .signatureOpenPGP]
        isSigned = signatures.contains(where: header.has)
        isRSA =
            [RPMTag.signatureRSA, .signaturePGP].contains(where: header.has)
            && ![RPMTag.signatureDSA, .signatureGPG].contains(where: header.has)
    }
}
