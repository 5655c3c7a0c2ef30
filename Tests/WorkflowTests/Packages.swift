import CondaModel
import Foundation
import RPMFormat
import ServiceRelease
import Testing

@testable import Workflow

/// A directory that lives as long as a test.
final class Scratch {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/workflow-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Makes a directory below and returns its path.
    func folder(_ name: String) throws -> String {
        try FileManager.default.createDirectory(
            atPath: "\(path)/\(name)", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return "\(path)/\(name)"
    }
}

/// The environment that tests hand to programs: nothing of the user's but PATH.
func environment(home: Scratch, gnupg: String? = nil) -> [String: String] {
    var result = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": home.path]
    result["GNUPGHOME"] = gnupg ?? "\(home.path)/gnupg"
    return result
}

/// A service's RPM with two archives, and what a test changes about it.
struct SampleRPM {
    var release: Release
    var rpm: RPMDescription

    init(release number: String = "1") throws {
        let archives = ["a-1-0.conda": Array("archive a".utf8), "b-2-0.conda": Array("archive b".utf8)]
        let packages = try archives.sorted { $0.key < $1.key }.map { name, bytes in
            BundledPackage(
                record: PackageRecord(
                    name: String(name.prefix(1)), version: try Version("1"), build: "0", sha256: try sha256(bytes),
                    fileName: name, url: "https://conda.example.com/noarch/\(name)"), requested: [])
        }
        release = Release(
            name: "orders", version: "1", release: number, summary: "Orders", inputs: String(repeating: "0", count: 64),
            tool: "test", target: TargetHost(name: "el9", glibc: "2.34", architecture: "x86_64", subdir: "linux-64"),
            prefix: "/opt/orders", requested: [], channels: [], packages: packages, installedSize: 0)
        rpm = RPMDescription(
            name: "orders", version: "1", release: number, architecture: "x86_64", summary: "Orders", license: "MIT")
        rpm.files = archives.map {
            RPMFile(path: "/opt/orders/bundle/1-\(number)/pkgs/noarch/\($0)", contents: .data($1))
        }
        rpm.files.append(RPMFile(path: "/opt/orders", contents: .directory, mode: 0o755))
    }

    /// Writes it, with its release document, and returns its path.
    func write(in folder: String) throws -> String {
        let rpm = try complete()
        return try RPMWriter.write(rpm, to: "\(folder)/\(rpm.fileName)").path
    }

    /// Writes its source package, and returns its path.
    func writeSource(in folder: String) throws -> String {
        let spec = try SpecText(complete())
        return try RPMWriter.writeSource(spec, to: "\(folder)/\(spec.sourceFileName)").path
    }

    private func complete() throws -> RPMDescription {
        var rpm = rpm
        let bundle = "/opt/orders/bundle/1-\(release.release)"
        rpm.files.append(RPMFile(path: "\(bundle)/release.json", contents: .data(try release.json())))
        rpm.files.append(
            RPMFile(
                path: "/usr/bin/orders-release", contents: .symlink(target: "\(bundle)/conda-rpm-host"), mode: 0o777))
        return rpm
    }
}

/// SHA-256 of some bytes.
private func sha256(_ bytes: [UInt8]) throws -> String {
    let scratch = try Scratch()
    try Data(bytes).write(to: URL(fileURLWithPath: "\(scratch.path)/x"))
    return try FileContents.sha256("\(scratch.path)/x")
}

/// Makes a key pair without a passphrase and returns the file of the public key.
func makeKey(_ name: String, algorithm: String = "rsa3072", environment: [String: String]) throws -> String {
    let gpg = try #require(Program.find("gpg", environment: environment))
    let home = try #require(environment["GNUPGHOME"])
    try FileManager.default.createDirectory(
        atPath: home, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let made = try gpg.run(
        ["--batch", "--passphrase", "", "--quick-gen-key", name, algorithm, "sign", "never"], environment: environment)
    try #require(made.status == 0, "\(made.text)")
    let file = "\(home)/\(name).asc"
    try #require(try gpg.run(["--armor", "--output", file, "--export", name], environment: environment).status == 0)
    return file
}

/// Changes a key without asking.
func gpg(_ arguments: String..., environment: [String: String]) throws {
    let gpg = try #require(Program.find("gpg", environment: environment))
    let answer = try gpg.run(["--batch", "--passphrase", ""] + arguments, environment: environment)
    try #require(answer.status == 0, "\(answer.text)")
}

/// Ends the agent that gpg has started for a test.
func stopAgent(_ environment: [String: String]) {
    _ = try? Program.find("gpgconf", environment: environment)?.run(["--kill", "all"], environment: environment)
}
