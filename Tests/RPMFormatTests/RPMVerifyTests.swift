import Foundation
import Testing

@testable import RPMFormat

/// Digests and signatures of packages, ours and rpmsign's.
@Suite struct RPMVerifyTests {
    private static func written(_ scratch: Scratch) throws -> String {
        try RPMWriter.write(samplePackage(scratch), to: "\(scratch.path)/orders.rpm").path
    }

    @Test("a whole package passes, and every file is read")
    func whole() throws {
        let scratch = try Scratch()
        let reader = try RPMReader(path: try Self.written(scratch))
        try reader.checkDigests()
        var sizes: [String: Int64] = [:]
        try reader.readFiles { entry, bytes in sizes[entry.path, default: 0] += Int64(bytes.count) }
        let expected = reader.files.filter { $0.kind == .file && $0.size > 0 && !$0.flags.contains(.ghost) }
        #expect(sizes == Dictionary(uniqueKeysWithValues: expected.map { ($0.path, $0.size) }))
        #expect(reader.hasStrongDigests)
    }

    @Test("a changed byte anywhere behind the signature is found", arguments: [20, 5000, 300_000])
    func changed(fromEnd distance: Int) throws {
        let scratch = try Scratch()
        let path = try Self.written(scratch)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[bytes.count - distance] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        let reader = try RPMReader(path: path)
        let error = try #require(throws: RPMError.self) { try reader.checkDigests() }
        #expect(error.description.contains("the digest of"))
    }

    /// Signature tags, each with a number beside it that means nothing.
    private static let renamed: [RPMTag: Int32] = [.signatureSHA1: 266, .signatureSHA256: 272, .signatureMD5: 1003]

    @Test(
        "a digest that is gone is missed as rpmkeys misses it",
        arguments: [
            ([.signatureSHA256], true), ([.signatureSHA256, .signatureSHA1], true),
            ([.signatureSHA256, .signatureSHA1, .signatureMD5], false),
        ] as [([RPMTag], Bool)])
    func missing(gone: [RPMTag], isAccepted: Bool) throws {
        let scratch = try Scratch()
        let path = try Self.written(scratch)
        var bytes = try Array(Data(contentsOf: URL(fileURLWithPath: path)))
        for place in stride(from: 112, to: 112 + 16 * 8, by: 16) {
            let tag = RPMTag(rawValue: bytes[place..<place + 4].reduce(0) { $0 << 8 | Int32($1) })
            guard gone.contains(tag), let other = Self.renamed[tag] else { continue }
            bytes.replaceSubrange(place + 2..<place + 4, with: [UInt8(other >> 8), UInt8(other & 255)])
        }
        let reader = try RPMReader(path: try scratch.file("gone.rpm", bytes))
        #expect(reader.signature.sha256 == nil && !reader.hasStrongDigests)
        let found = try run("rpmkeys", "--checksig", "--nosignature", reader.path).status == 0
        #expect(found == isAccepted)
        if isAccepted {
            try reader.checkDigests()
        } else {
            let error = try #require(throws: RPMError.self) { try reader.checkDigests() }
            #expect(error.description.contains("no digest of the header"), "\(error)")
        }
    }

    @Test("a signature is worth what its key is")
    func signature() throws {
        let scratch = try Scratch()
        let path = try Self.written(scratch)
        #expect(try RPMReader(path: path).checkSignature(keyFiles: []) == .none)
        let home = "\(scratch.path)/gnupg"
        try FileManager.default.createDirectory(
            atPath: home, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for name in ["one@example.com", "two@example.com"] {
            try #require(
                try run("gpg", "--homedir", home, "--batch", "--passphrase", "", "--quick-gen-key", name, "rsa3072")
                    .status == 0)
            try #require(
                try run("gpg", "--homedir", home, "--armor", "--output", "\(scratch.path)/\(name)", "--export", name)
                    .status == 0)
        }
        defer { _ = try? run("gpgconf", "--homedir", home, "--kill", "all") }
        let signed = try run(
            "rpmsign", "--define", "__gpg /usr/bin/gpg", "--define", "_gpg_path \(home)", "--key-id", "one@example.com",
            "--addsign", path)
        try #require(signed.status == 0, "\(signed.errors)")
        let reader = try RPMReader(path: path)
        try reader.checkDigests()
        #expect(try reader.checkSignature(keyFiles: ["\(scratch.path)/one@example.com"]) == .valid)
        #expect(try reader.checkSignature(keyFiles: ["\(scratch.path)/two@example.com"]) == .unknownKey)
        #expect(throws: RPMError.self) { try reader.checkSignature(keyFiles: [path]) }
        // The build time, within what is signed.
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let header = Int(reader.payloadOffset) - 100
        bytes[header] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect(
            try RPMReader(path: path).checkSignature(keyFiles: ["\(scratch.path)/one@example.com"]) == .bad)
    }
}
