import CondaModel
import FoundationEssentials
import Glibc
import HostSystem
import RPMFormat
import ServiceRelease

/// Installs an RPM in a throw-away host without network, asks it how it is, and erases it.
///
/// The host is that of `scripts/scratch-host`: namespaces and an overlay of this machine in memory. The RPM may be anybody's, so
/// everything in the host is confined to it (``HostConfinement``).
package struct HostTest: Codable, Sendable, Hashable {
    /// One thing that was tried.
    package struct Step: Codable, Sendable, Hashable {
        package var title: String
        package var passed: Bool
        /// What was said, where it failed.
        package var output: String
    }

    package var rpm: String
    package var steps: [Step]
    package var passed: Bool

    /// Tries one RPM.
    ///
    /// - Throws: `HostTestError` where there can be no such host here.
    package static func run(_ path: String, environment: [String: String]) throws -> HostTest {
        guard geteuid() == 0 else { throw HostTestError.needsRoot }
        let reader = try RPMReader(path: path)
        let packages = try sharedPackages(of: reader)
        let scripts = try HostScripts()
        let answer = try Lifeline.hold { input in
            try Program(path: "/bin/bash").run(
                [
                    "\(scripts.path)/scratch-host", "--until-eof", "--confine-with", try ownProgram(), path,
                ] + packages + ["--", "host-test", reader.name],
                environment: environment, input: input)
        }
        let steps = Self.steps(in: answer.text)
        guard !steps.isEmpty else { throw HostTestError.noHost(said: answer.text) }
        return HostTest(rpm: path, steps: steps, passed: answer.status == 0 && steps.allSatisfy(\.passed))
    }

    /// This program, which runs once more inside the host.
    private static func ownProgram() throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }

    /// The RPMs of conda packages that a service of layout `split` requires, which stand beside it.
    ///
    /// - Throws: `HostTestError.packageMissing`.
    private static func sharedPackages(of reader: RPMReader) throws -> [String] {
        let release = try Release(rpm: reader)
        let folder = URL(fileURLWithPath: reader.path).deletingLastPathComponent().path
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".rpm") }.sorted()
        return try release.sharedPackages.map { shared in
            guard let name = names.first(where: { $0.hasPrefix("\(shared.rpmName)-") && !$0.hasSuffix(".src.rpm") })
            else { throw HostTestError.packageMissing(shared.rpmName, folder: folder) }
            return "\(folder)/\(name)"
        }
    }

    /// Reads lines of TAP: a step, and below a failed one what it said.
    ///
    /// Terminals obey control characters, and what the host prints may be a stranger's.
    static func steps(in text: String) -> [Step] {
        var steps: [Step] = []
        let plain = String(String.UnicodeScalarView(text.unicodeScalars.filter { !$0.isCommand }))
        for line in plain.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("ok - ") {
                steps.append(Step(title: String(line.dropFirst(5)), passed: true, output: ""))
            } else if line.hasPrefix("not ok - ") {
                steps.append(Step(title: String(line.dropFirst(9)), passed: false, output: ""))
            } else if line.hasPrefix("#   "), !steps.isEmpty {
                steps[steps.count - 1].output += "\(line.dropFirst(4))\n"
            }
        }
        return steps
    }
}

extension Unicode.Scalar {
    /// Whether a terminal does something else with it than show it, or begin a line.
    fileprivate var isCommand: Bool { properties.generalCategory == .control && self != "\n" && self != "\t" }
}

/// Why there can be no throw-away host on this machine.
package enum HostTestError: ActionableError, Hashable {
    /// A signal asked this process to end; the host is gone.
    case interrupted(signal: Int32)
    case needsRoot
    case noHost(said: String)
    case packageMissing(String, folder: String)

    package var description: String {
        switch self {
        case .interrupted(let signal): "ended by signal \(signal)"
        case .packageMissing(let name, let folder): "expected the RPM \(name) in \(folder), found none"
        case .needsRoot: "a throw-away host needs root for its namespaces and its overlay"
        case .noHost(let said): "the throw-away host could not be made:\n  \(said.replacing("\n", with: "\n  "))"
        }
    }

    package var hint: String? {
        switch self {
        case .interrupted: nil
        case .packageMissing: "put the RPMs that the service requires beside it; build writes them all without --repo"
        case .needsRoot: "run it with sudo; nothing outside the host is changed"
        case .noHost: "it needs dnf, rpmbuild, createrepo_c, iproute2 and util-linux"
        }
    }
}

/// The scripts of the throw-away host, in a folder that goes with this object.
private final class HostScripts {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/conda-rpm-host-\(UUID().uuidString)"
        let tools = [
            "host-dnf": PackageResources.host_dnf, "host-fetch": PackageResources.host_fetch,
            "host-files": PackageResources.host_files, "host-provides": PackageResources.host_provides,
            "host-service": PackageResources.host_service, "host-test": PackageResources.host_test,
        ]
        try FileManager.default.createDirectory(atPath: "\(path)/host", withIntermediateDirectories: true)
        try write(PackageResources.scratch_host, "scratch-host")
        for (name, bytes) in tools { try write(bytes, "host/\(name)") }
    }

    private func write(_ bytes: [UInt8], _ name: String) throws {
        let file = "\(path)/\(name)"
        guard
            FileManager.default.createFile(
                atPath: file, contents: Data(bytes), attributes: [.posixPermissions: 0o755])
        else { throw WorkflowError.unwritable(path: file, code: errno) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
