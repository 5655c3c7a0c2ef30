import CondaPrefix
import Foundation

/// A directory of one test with a place for archives and for prefixes; it is removed with the value.
final class Scratch: Sendable {
    let path: String

    var archives: String { path + "/archives" }
    var prefix: String { path + "/prefix" }

    /// All tests run with a mask that shows whether modes depend on it; it belongs to the whole process.
    private static let mask = umask(0o077)

    init() throws {
        _ = Self.mask
        path = NSTemporaryDirectory() + "conda-prefix-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: archives, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Installs packages into the prefix of the test.
    @discardableResult
    func install(
        _ packages: [PrefixPackage], options: PrefixOptions = PrefixOptions(),
        events: @escaping @Sendable (PrefixEvent) -> Void = { _ in }
    ) throws -> PrefixReport {
        try PrefixInstaller(prefix: prefix, options: options).install(packages, events: events)
    }

    /// A file of the prefix as text.
    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(prefix)/\(name)")), as: UTF8.self)
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(prefix)/\(name)"))
    }

    func exists(_ name: String) -> Bool {
        var status = stat()
        return lstat("\(prefix)/\(name)", &status) == 0
    }

    func mode(_ name: String) -> mode_t {
        var status = stat()
        return lstat("\(prefix)/\(name)", &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    func inode(_ name: String) -> ino_t {
        var status = stat()
        return lstat("\(prefix)/\(name)", &status) == 0 ? status.st_ino : 0
    }

    func link(_ name: String) throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: "\(prefix)/\(name)")
    }

    /// A document of `conda-meta`.
    func document(_ name: String) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(prefix)/conda-meta/\(name).json"))
        return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }

    /// The entries of `paths_data` of a document by path.
    func paths(_ name: String) throws -> [String: [String: Any]] {
        let data = try document(name)["paths_data"] as? [String: Any]
        let entries = data?["paths"] as? [[String: Any]] ?? []
        return Dictionary(uniqueKeysWithValues: entries.map { ($0["_path"] as? String ?? "", $0) })
    }

    /// Every name below a directory with what it holds: contents, link text, mode and time.
    func tree(_ root: String) throws -> [String: String] {
        var tree: [String: String] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: root) {
            var status = stat()
            guard lstat("\(root)/\(name)", &status) == 0 else { continue }
            let mode = String(status.st_mode, radix: 8)
            switch status.st_mode & S_IFMT {
            case S_IFLNK: tree[name] = try FileManager.default.destinationOfSymbolicLink(atPath: "\(root)/\(name)")
            case S_IFDIR: tree[name] = mode
            default:
                let data = try Data(contentsOf: URL(fileURLWithPath: "\(root)/\(name)"))
                tree[name] = "\(mode) \(status.st_mtim.tv_sec) \(data.base64EncodedString())"
            }
        }
        return tree
    }
}

/// Collects events of several threads.
final class EventLog: Sendable {
    private let log = LockedArray()

    var events: [PrefixEvent] { log.values }

    func add(_ event: PrefixEvent) { log.append(event) }
}

private final class LockedArray: @unchecked Sendable {
    private let lock = NSLock()
    private var stored: [PrefixEvent] = []

    var values: [PrefixEvent] { lock.withLock { stored } }

    func append(_ event: PrefixEvent) { lock.withLock { stored.append(event) } }
}
