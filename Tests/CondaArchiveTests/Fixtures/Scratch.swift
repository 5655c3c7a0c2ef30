import CondaArchive
import Foundation

/// A directory of one test, removed with the value.
final class Scratch {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "conda-archive-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file and opens it as an archive.
    func archive(_ bytes: [UInt8], limits: ArchiveLimits = .standard) throws -> CondaArchive {
        let file = path + "/" + UUID().uuidString
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return try CondaArchive(path: file, limits: limits)
    }

    func write(_ bytes: [UInt8], to name: String) throws -> String {
        let file = path + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }
}
