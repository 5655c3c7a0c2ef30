import Crypto
import Foundation
import Testing

@testable import ServicePackaging

@Suite final class ConstructorInstallerTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private func file(_ text: String) throws -> String {
        let path = folder.appendingPathComponent("\(UUID().uuidString).sh").path
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    private func md5(_ text: String) -> String {
        Insecure.MD5.hash(data: Data(text.utf8)).map { String(format: "%02x", $0) }.joined()
    }

    /// The header of constructor 3.3 and later: sizes stand in shell arithmetic, the payload after a marker line.
    private func modern(payload: String, stated: Int? = nil, md5 digest: String? = nil) -> String {
        """
        #!/bin/sh
        #
        # Created by constructor 3.9.3
        #
        # NAME:  Small
        # MD5:   \(digest ?? md5(payload))
        boundary1=$(( boundary0 + 4 ))
        boundary2=$(( boundary1 + 0 ))
        boundary3=$(( boundary2 + \((stated ?? payload.utf8.count) - 4) ))
        exit 0
        @@END_HEADER@@
        \(payload)
        """
    }

    /// The header of older ones: total size and first payload line stand in comments.
    private func old(payload: String, missing: Int = 0) -> String {
        func header(_ size: Int) -> String {
            "#!/bin/sh\n# NAME:  Old\n# BYTES:    \(String(format: "%08d", size))\n# LINES: 6\n# MD5:   \(md5(payload))\n"
        }
        let size = header(0).utf8.count + payload.utf8.count
        return String(decoding: (header(size) + payload).utf8.dropLast(missing), as: UTF8.self)
    }

    @Test func aWholeModernInstallerPasses() throws {
        let installer = try ConstructorInstaller(path: file(modern(payload: "exe-and-tar")), expectedSHA256: nil)
        #expect(installer.sha256.count == 64)
    }

    @Test func aCutModernInstallerIsRefusedWithBothSizes() throws {
        let text = modern(payload: "exe-and-tar", stated: 1000)
        let whole = text.utf8.count - "exe-and-tar".utf8.count + 1000
        #expect {
            _ = try ConstructorInstaller(path: try file(text), expectedSHA256: nil)
        } throws: { error in
            guard case PackagingError.bootstrapTruncated(_, let expected, let found)? = error as? PackagingError else {
                return false
            }
            return expected == whole && found == text.utf8.count
        }
    }

    @Test func aWholeOldInstallerPasses() throws {
        _ = try ConstructorInstaller(path: file(old(payload: "payload\nwith lines\n")), expectedSHA256: nil)
    }

    @Test func aCutOldInstallerIsRefused() throws {
        #expect(throws: PackagingError.self) {
            try ConstructorInstaller(path: file(old(payload: "payload\nwith lines\n", missing: 3)), expectedSHA256: nil)
        }
    }

    @Test func aChangedPayloadIsRefused() throws {
        #expect(throws: PackagingError.self) {
            try ConstructorInstaller(
                path: file(modern(payload: "exe-and-tar", md5: md5("other"))), expectedSHA256: nil)
        }
    }

    @Test func aWrongDigestIsRefused() throws {
        #expect(throws: PackagingError.self) {
            try ConstructorInstaller(
                path: file(modern(payload: "exe-and-tar")), expectedSHA256: String(repeating: "0", count: 64))
        }
    }

    @Test func aBinaryIsNoInstaller() throws {
        #expect(throws: PackagingError.self) {
            try ConstructorInstaller(path: file("\u{7F}ELF"), expectedSHA256: nil)
        }
    }

    @Test func aPlainScriptWithoutHeaderPasses() throws {
        _ = try ConstructorInstaller(path: file("#!/bin/sh\nexit 0\n"), expectedSHA256: nil)
    }
}
