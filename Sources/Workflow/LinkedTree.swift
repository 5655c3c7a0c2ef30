import CondaChannel
import CondaPrefix
import Foundation
import RPMFormat
import ServiceRelease
import TerminalProgress

/// The prefix of a release, linked on the build machine for its place on the host (layout `prefix`).
///
/// It stands in the cache while the RPM is written and goes with this object.
final class LinkedTree: Sendable {
    private let directory: String
    private let release: Release
    private let buildTime: UInt32

    /// - Throws: `WorkflowError` when the cache cannot be written.
    init(cache: CacheDirectory, release: Release, buildTime: UInt32) throws {
        let trees = "\(cache.path)/trees"
        Self.removeAbandoned(trees)
        directory = "\(trees)/\(getpid())-\(UUID().uuidString)"
        self.release = release
        self.buildTime = buildTime
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory)
        } catch {
            throw WorkflowError.unwritable(path: directory, code: errno)
        }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Trees of builds that were killed.
    private static func removeAbandoned(_ trees: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: trees)) ?? [] {
            guard let process = name.split(separator: "-").first.flatMap({ pid_t($0) }), kill(process, 0) == -1,
                errno == ESRCH
            else { continue }
            try? FileManager.default.removeItem(atPath: "\(trees)/\(name)")
        }
    }

    /// Where the tree will be on the host.
    private var prefix: String { "\(release.prefix)/releases/\(release.identifier)" }

    /// Links packages and wheels.
    ///
    /// - Throws: `PrefixError`; also when Python modules cannot be compiled here, for the host must not do it.
    func link(_ packages: [PrefixPackage], _ wheels: [PrefixWheel], events: @escaping EventHandler) async throws {
        var options = PrefixOptions()
        options.compile = release.compile
        options.variables = release.variables.reduce(into: [:]) { $0[$1.name] = $1.value }
        options.sourceEpoch = Int64(buildTime)
        options.frozen =
            "this environment belongs to the RPM \(release.name)-\(release.identifier): change its manifest and build anew"
        let installer = PrefixInstaller(prefix: prefix, destination: directory, options: options)
        events(.started(task: "link", total: nil, unit: .items))
        let report = try await installer.install(packages, wheels: wheels) { event in
            if case .notCompiled(let reason) = event {
                events(.warning("Python modules were not byte-compiled: \(reason); rpm.compile: false asks for none"))
            }
        }
        events(.finished(task: "link", summary: "\(report.files) files in \(prefix)"))
    }

    /// The tree as the RPM has it.
    ///
    /// What link scripts may change on the host, the documents in `conda-meta`, is not compared by `rpm -V` where there
    /// are any.
    /// - Throws: `WorkflowError.unpackable` for a name that no RPM can hold.
    func files() throws -> [RPMFile] {
        let programs = (try? FileManager.default.contentsOfDirectory(atPath: "\(directory)/bin")) ?? []
        let hasScripts = programs.contains { $0.hasSuffix("-post-link.sh") || $0.hasSuffix("-pre-link.sh") }
        var files: [RPMFile] = []
        var folders = [""]
        while let folder = folders.popLast() {
            files.append(try file(folder, verifying: .all))
            for name in try FileManager.default.contentsOfDirectory(atPath: directory + folder) {
                let path = "\(folder)/\(name)"
                var verifying = RPMVerifyFlags.all
                if hasScripts, path.hasPrefix("/conda-meta/"), path.hasSuffix(".json") {
                    verifying.subtract([.digest, .size, .modificationTime])
                }
                let file = try file(path, verifying: verifying)
                if file.contents == .directory { folders.append(path) } else { files.append(file) }
            }
        }
        return files
    }

    private func file(_ path: String, verifying: RPMVerifyFlags) throws -> RPMFile {
        let place = directory + path
        var status = stat()
        guard lstat(place, &status) == 0 else { throw WorkflowError.unpackable(path: "\(prefix)\(path)") }
        let contents: RPMFile.Contents
        switch status.st_mode & S_IFMT {
        case S_IFDIR: contents = .directory
        case S_IFLNK:
            contents = .symlink(target: try FileManager.default.destinationOfSymbolicLink(atPath: place))
        default: contents = .file(path: place, size: Int64(status.st_size), sha256: nil)
        }
        return RPMFile(
            path: prefix + path, contents: contents, mode: UInt16(status.st_mode & 0o7777),
            modificationTime: UInt32(clamping: status.st_mtim.tv_sec), verifyFlags: verifying)
    }
}
