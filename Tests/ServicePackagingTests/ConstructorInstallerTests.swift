import Foundation
import HostSystem
import ServiceManifest
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

    private func judge(
        _ data: Data, expectedSHA256: String? = nil, target: Target = Target(.el9), subdir: String = "linux-64"
    ) throws -> ConstructorInstaller {
        let path = folder.appendingPathComponent("\(UUID().uuidString).sh").path
        try data.write(to: URL(fileURLWithPath: path))
        return try ConstructorInstaller(path: path, expectedSHA256: expectedSHA256, target: target, subdir: subdir)
    }

    private func judge(_ text: String) throws -> ConstructorInstaller { try judge(Data(text.utf8)) }

    @Test(arguments: ConstructorGeneration.allCases)
    func aWholeInstallerPasses(generation: ConstructorGeneration) throws {
        let data = generation.installer()
        let installer = try judge(data)
        #expect(installer.sha256 == Digest.sha256(data).map { String(format: "%02x", $0) }.joined())
        #expect(installer.size == data.count)
    }

    @Test(arguments: ConstructorGeneration.allCases)
    func anInstallerThatIsCutAnywhereIsRefused(generation: ConstructorGeneration) throws {
        let data = generation.installer()
        // Every seventh place, and every one around the end of the header.
        let tail = ConstructorGeneration.payload.utf8.count + 20
        for count in 0..<data.count where count % 7 == 0 || count > data.count - tail {
            #expect(throws: PackagingError.self, "\(count) of \(data.count) bytes") { try judge(data.prefix(count)) }
        }
        #expect(throws: PackagingError.self) { try judge(data + Data([0])) }
    }

    @Test(arguments: ConstructorGeneration.allCases)
    func aChangedPayloadIsRefused(generation: ConstructorGeneration) throws {
        var data = generation.installer()
        data[data.count - 2] ^= 1
        #expect {
            _ = try judge(data)
        } throws: {
            guard case PackagingError.bootstrapDigest? = $0 as? PackagingError else { return false }
            return true
        }
    }

    @Test(arguments: ConstructorGeneration.allCases)
    func theLineEndsOfWindowsAreRefused(generation: ConstructorGeneration) throws {
        #expect {
            _ = try judge(generation.installer(lineEnd: "\r\n"))
        } throws: {
            guard case PackagingError.bootstrapLineEnds? = $0 as? PackagingError else { return false }
            return true
        }
    }

    @Test(arguments: ConstructorGeneration.allCases.filter { $0 != .withoutSize })
    func aCutPayloadIsRefusedWithBothSizes(generation: ConstructorGeneration) throws {
        let whole = generation.installer()
        #expect {
            _ = try judge(whole.dropLast(3))
        } throws: { error in
            guard case PackagingError.bootstrapTruncated(_, let expected, let found)? = error as? PackagingError else {
                return false
            }
            return expected == whole.count && found == whole.count - 3
        }
    }

    @Test func aCutHeaderIsRefusedAsSuch() throws {
        let text = String(decoding: ConstructorGeneration.current.installer(), as: UTF8.self)
        let cut = try #require(text.range(of: "@@END_HEADER@@"))
        #expect {
            _ = try judge(String(text[..<cut.lowerBound]))
        } throws: {
            guard case PackagingError.bootstrapCutHeader? = $0 as? PackagingError else { return false }
            return true
        }
    }

    @Test(arguments: [
        "", "\u{7F}ELF", "\u{FEFF}#!/bin/sh\n", "#!/bin/sh\nexit 0\n", "#!/bin/sh\nexit 0\n@@END_HEADER@@\n",
        "#!/bin/sh\n# MD5: d41d8cd98f00b204e9800998ecf8427e\n@@END_HEADER@@\n",
    ])
    func whatHasNoHeaderOfConstructorIsRefused(text: String) {
        #expect(throws: PackagingError.self) { try judge(text) }
    }

    @Test func aWrongDigestIsRefused() throws {
        let data = ConstructorGeneration.current.installer()
        #expect(throws: PackagingError.self) { try judge(data, expectedSHA256: String(repeating: "0", count: 64)) }
    }

    @Test(arguments: [ConstructorGeneration.glibc, .threeParts, .current])
    func anInstallerThatNeedsANewerGlibcIsRefused(generation: ConstructorGeneration) throws {
        let data = generation.installer(glibc: "2.28")
        #expect(throws: PackagingError.self) { try judge(data, target: Target(.el7)) }
        #expect(throws: PackagingError.self) { try judge(data, target: Target(.amzn2)) }
        _ = try judge(data, target: Target(.el8))
        _ = try judge(data, target: Target(.el10))
        // As numbers: 2.9 is older than 2.28.
        _ = try judge(generation.installer(glibc: "2.9"), target: Target(.el7))
    }

    @Test func anInstallerForAnotherPlatformIsRefused() throws {
        for platform in ["linux-aarch64", "osx-64", "osx-arm64", "linux-32"] {
            #expect(throws: PackagingError.self) {
                try judge(ConstructorGeneration.current.installer(platform: platform))
            }
        }
        let data = ConstructorGeneration.current.installer(platform: "linux-aarch64")
        _ = try judge(data, subdir: "linux-aarch64")
    }

    /// `/bin/sh` is bash in every family; of hosts that a manifest describes by their glibc nobody knows.
    @Test func anInstallerInBashNeedsATargetWhoseShellIsBash() throws {
        var custom = Target(.el9)
        custom.family = nil
        custom.explicitGlibc = "2.36"
        #expect {
            _ = try judge(ConstructorGeneration.inBash.installer(), target: custom)
        } throws: {
            guard case PackagingError.bootstrapShell? = $0 as? PackagingError else { return false }
            return true
        }
        _ = try judge(ConstructorGeneration.inShell.installer(), target: custom)
        for family in TargetFamily.allCases {
            _ = try judge(ConstructorGeneration.inBash.installer(), target: Target(family))
        }
    }

    @Test(arguments: [
        (ConstructorGeneration.room, Int64(2000 + 100 * 1024) * 1024), (.glibc, Int64(2000 + 100 * 1024) * 1024),
        (.current, Int64(2000 + 50 * 1024) * 1024),
    ])
    func theRoomIsWhatTheHeaderAsksFor(generation: ConstructorGeneration, expected: Int64) throws {
        #expect(try judge(generation.installer()).workspace == expected)
    }

    @Test func theRoomOfAnOlderInstallerIsEstimatedFromItsSize() throws {
        let installer = try judge(ConstructorGeneration.dollar.installer())
        #expect(installer.workspace == Int64(installer.size) * 6)
    }
}
