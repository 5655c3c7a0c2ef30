import Foundation
import ServiceManifest
import Testing

@testable import ServicePackaging

@Suite struct FileSizesTests {
    /// Files without blocks: what they say of their size is all that may be read of them.
    private func manifest(size: Int64, _ target: TargetFamily) throws -> (Manifest, folder: URL) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("data"), withIntermediateDirectories: true)
        let path = folder.appendingPathComponent("data/model.bin").path
        try Data().write(to: URL(fileURLWithPath: path))
        try #require(truncate(path, off_t(size)) == 0)
        let text = """
            dependencies: [python]
            rpm:
              target: \(target.rawValue)
              files: [{source: data, destination: /srv/data}]
            """
        let manifest = try Manifest.decode(Array(text.utf8), path: "\(folder.path)/environment.yml")
        return (manifest, folder)
    }

    @Test(arguments: [TargetFamily.el7, .amzn2])
    func whatRPM411CannotReadIsRefusedUnread(target: TargetFamily) throws {
        let (manifest, folder) = try manifest(size: 0xffff_ffff, target)
        defer { try? FileManager.default.removeItem(at: folder) }
        let clock = ContinuousClock()
        let start = clock.now
        let error = try #require(throws: PackagingError.self) { try FileSizes.check(manifest) }
        #expect(clock.now - start < .seconds(1))
        #expect(
            error.description.contains("rpm.files[0]") && error.description.contains("model.bin has 4294967295 bytes"))
        #expect(error.hint?.contains("el8") == true)
    }

    @Test func whatTheTargetReadsIsTaken() throws {
        for (size, target) in [(0xffff_fffe, .el7), (0xffff_ffff, .el8), (9 << 30, .fedora)] as [(Int64, TargetFamily)]
        {
            let (manifest, folder) = try manifest(size: size, target)
            defer { try? FileManager.default.removeItem(at: folder) }
            try FileSizes.check(manifest)
        }
    }
}
