import Foundation
import RPMFormat
import Testing

@testable import Workflow

@Suite struct SigningTests {
    @Test func aPackageIsSignedAndOtherwiseTheSame() throws {
        let scratch = try Scratch()
        let environment = environment(home: scratch)
        defer { stopAgent(environment) }
        let key = try makeKey("packages@example.com", environment: environment)
        let path = try SampleRPM().write(in: scratch.path)
        let before = try RPMReader(path: path)
        let signing = try Signing(key: "packages@example.com", environment: environment)
        #expect(signing.fingerprint.count == 40)
        try signing.sign(path)
        let after = try RPMReader(path: path)
        #expect(try after.checkSignature(keyFiles: [key]) == .valid)
        #expect(after.signature.sha256 == before.signature.sha256 && after.payloadDigest == before.payloadDigest)
        try after.checkDigests()
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted() == [
                "gnupg", "orders-1-1.x86_64.rpm",
            ])
    }

    @Test func aMissingKeyIsFoundBeforeAnythingIsTouched() throws {
        let scratch = try Scratch()
        _ = try scratch.folder("gnupg")
        let environment = environment(home: scratch)
        defer { stopAgent(environment) }
        let error = #expect(throws: SigningError.self) {
            try Signing(key: "nobody@example.com", environment: environment)
        }
        guard case .noSecretKey(let key, let said) = error else { return }
        #expect(key == "nobody@example.com" && said.contains("No secret key"))
        #expect(error?.hint?.contains("GNUPGHOME") == true)
        #expect(throws: SigningError.noKeyNamed) { try Signing(key: nil, environment: environment) }
    }

    @Test func missingProgramsAreNamed() throws {
        let scratch = try Scratch()
        var environment = environment(home: scratch)
        environment["PATH"] = try scratch.folder("bin")
        let none = #expect(throws: SigningError.self) { try Signing(key: "a", environment: environment) }
        #expect(none?.description.contains("rpmsign") == true && none?.hint?.contains("rpm-sign") == true)
        for name in ["rpm", "rpmsign"] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(scratch.path)/bin/\(name)", withDestinationPath: "/usr/bin/\(name)")
        }
        let noGPG = #expect(throws: SigningError.self) { try Signing(key: "a", environment: environment) }
        #expect(noGPG == .noProgram(name: "gpg", package: "gnupg2 (gnupg on Debian)"))
    }

    @Test func aKeyThatTheTargetCannotVerifyIsRefused() throws {
        let scratch = try Scratch()
        let environment = environment(home: scratch)
        defer { stopAgent(environment) }
        _ = try makeKey("curve@example.com", algorithm: "ed25519", environment: environment)
        var sample = try SampleRPM()
        sample.release.target.name = "el8"
        let path = try sample.write(in: scratch.path)
        let before = try FileContents.read(path)
        let signing = try Signing(key: "curve@example.com", environment: environment)
        #expect(throws: SigningError.weakTarget(key: signing.fingerprint, algorithm: "EdDSA", target: "el8")) {
            try signing.sign(path)
        }
        #expect(try FileContents.read(path) == before)
    }

    @Test func aSubkeyDecidesWhatIsSignedWith() throws {
        let scratch = try Scratch()
        let environment = environment(home: scratch)
        defer { stopAgent(environment) }
        _ = try makeKey("mixed@example.com", environment: environment)
        let before = try Signing(key: "mixed@example.com", environment: environment)
        try gpg("--quick-add-key", before.fingerprint, "ed25519", "sign", "never", environment: environment)
        var sample = try SampleRPM()
        sample.release.target.name = "el8"
        let path = try sample.write(in: scratch.path)
        let signing = try Signing(key: "mixed@example.com", environment: environment)
        #expect(throws: SigningError.weakTarget(key: signing.fingerprint, algorithm: "EdDSA", target: "el8")) {
            try signing.sign(path)
        }
        // Found before gpg took the subkey; the package tells, all the same.
        let refused = SigningError.weakTarget(
            key: before.fingerprint, algorithm: "another algorithm", target: "el8")
        #expect(throws: refused) { try before.sign(path) }
        #expect(try !RPMReader(path: path).signature.isSigned)
        sample.release.target.name = "el9"
        try signing.sign(try sample.write(in: scratch.folder("el9")))
    }

    @Test func aShortOrExpiredKeyIsRefused() throws {
        let scratch = try Scratch()
        let environment = environment(home: scratch)
        defer { stopAgent(environment) }
        _ = try makeKey("short@example.com", algorithm: "rsa1024", environment: environment)
        let short = try Signing(key: "short@example.com", environment: environment)
        #expect(throws: SigningError.shortKey(key: short.fingerprint, bits: 1024)) {
            try short.sign(try SampleRPM().write(in: scratch.path))
        }
        _ = try makeKey("old@example.com", environment: environment)
        let old = try Signing(key: "old@example.com", environment: environment)
        try gpg("--quick-set-expire", old.fingerprint, "seconds=1", environment: environment)
        Thread.sleep(forTimeInterval: 2)
        #expect(throws: SigningError.unusable(key: old.fingerprint)) {
            try Signing(key: "old@example.com", environment: environment)
        }
    }
}
