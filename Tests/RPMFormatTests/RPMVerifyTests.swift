import Foundation
import Testing

@testable import RPMFormat

/// Digests and signatures of packages, ours and rpmsign's.
@Suite struct RPMVerifyTests {
    private static func written(_ scratch: Scratch) throws -> String {
        var package = try samplePackage(scratch)
        package.compatibility = legacyDigests
        return try RPMWriter.write(package, to: "\(scratch.path)/orders.rpm").path
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
