import Foundation
import Testing

@testable import RPMFormat

/// A directory that lives as long as a test.
final class Scratch {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/rpmformat-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file below the directory and returns its path.
    @discardableResult
    func file(_ name: String, _ contents: some Collection<UInt8>) throws -> String {
        let file = "\(path)/\(name)"
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(contents).write(to: URL(fileURLWithPath: file))
        return file
    }

    /// What stands in the directory.
    func listing(_ name: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(name)").sorted()
    }
}

/// What a command said.
struct CommandResult {
    let status: Int32
    let output: String
    let errors: String
}

/// Runs a program found on PATH, with a locale that changes nothing and an empty home directory.
@discardableResult
func run(_ arguments: String..., in directory: String? = nil) throws -> CommandResult {
    let home = try Scratch()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
    process.environment = [
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
        "HOME": home.path,
    ]
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    let complained = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return CommandResult(
        status: process.terminationStatus, output: String(decoding: said, as: UTF8.self),
        errors: String(decoding: complained, as: UTF8.self))
}

/// Bytes that do not compress, the same at each run; at most a million.
func noise(_ count: Int) -> [UInt8] { Array(noiseBytes.prefix(count)) }

private let noiseBytes: [UInt8] = {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(1_000_000)
    var state: UInt64 = 0x9e37_79b9_7f4a_7c15
    while bytes.count < 1_000_000 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        withUnsafeBytes(of: state.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes
}()

/// A small package that has one of everything.
func samplePackage(_ scratch: Scratch) throws -> RPMDescription {
    let archive = try scratch.file("source/archive.conda", noise(300_000))
    var package = RPMDescription(
        name: "orders", version: "2.4.0", release: "1.el9", architecture: "x86_64", summary: "Orders service",
        description: "Takes orders.\nShips them.", license: "Apache-2.0", vendor: "Example",
        packager: "Team <t@example.com>",
        url: "https://example.com/orders", buildTime: 1_700_000_000)
    package.requires = [
        RPMDependency("glibc", .greaterOrEqual, "2.28"), RPMDependency("/usr/sbin/useradd", context: .pre),
    ]
    package.provides = [RPMDependency("bundled(conda-python)", .equal, "3.12.1")]
    package.conflicts = [RPMDependency("orders-legacy")]
    package.obsoletes = [RPMDependency("orders-old", .less, "2.0")]
    package.scriptlets = RPMScriptlets(
        pre: RPMScriptlet(body: "exit 0\n"), post: RPMScriptlet(body: "echo post\n"),
        preun: RPMScriptlet(body: "echo preun"),
        postun: RPMScriptlet(interpreter: ["/bin/sh", "-e"], body: "echo postun"),
        posttrans: RPMScriptlet(interpreter: ["<lua>"], body: "print('posttrans')"),
        verify: RPMScriptlet(body: "exit 0"))
    package.prefixes = ["/opt/orders"]
    package.changelog = [
        RPMChangelogEntry(time: 1_699_920_000, author: "Team <t@example.com> - 2.4.0-1", text: "- Ship faster"),
        RPMChangelogEntry(time: 1_600_000_000, author: "Team <t@example.com> - 2.3.0-1", text: "- Begin"),
    ]
    package.files = [
        RPMFile(path: "/opt/orders", contents: .directory, mode: 0o755),
        RPMFile(path: "/opt/orders/bundle", contents: .directory, mode: 0o750, user: "daemon", group: "daemon"),
        RPMFile(
            path: "/opt/orders/bundle/archive.conda", contents: .file(path: archive, size: 300_000, sha256: nil),
            modificationTime: 1_650_000_000),
        RPMFile(path: "/opt/orders/bundle/empty", contents: .data([])),
        RPMFile(path: "/opt/orders/bundle/release.json", contents: .data(Array("{}\n".utf8)), mode: 0o600),
        RPMFile(path: "/opt/orders/current", contents: .data([]), flags: .ghost),
        RPMFile(
            path: "/etc/orders/orders.toml", contents: .data(Array("a = 1\n".utf8)), flags: [.config, .noReplace]),
        RPMFile(
            path: "/etc/orders/maybe.toml", contents: .data(Array("b = 1\n".utf8)), flags: [.config, .missingOK],
            verifyFlags: RPMVerifyFlags.all.subtracting([.digest, .size, .modificationTime])),
        RPMFile(path: "/usr/bin/orders", contents: .symlink(target: "/opt/orders/current/bin/orders")),
        RPMFile(path: "/usr/bin/orders-release", contents: .data(noise(5000)), mode: 0o755),
        RPMFile(path: "/usr/share/doc/orders/sbom.cdx.json", contents: .data(Array("{}".utf8)), flags: .doc),
        RPMFile(path: "/usr/share/licenses/orders/LICENSE", contents: .data(Array("free\n".utf8)), flags: .license),
    ]
    return package
}
