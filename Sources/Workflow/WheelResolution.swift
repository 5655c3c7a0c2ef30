import CondaLock
import CondaModel
import CondaPrefix
import FoundationEssentials
import ServiceManifest

/// Chooses the wheels for the `pip:` list and for the wheels of the manifest, beside solved conda packages.
///
/// Where conda packages and the wheels that came as files answer everything, nobody is asked. Else `uv pip compile` resolves
/// for the target's Python, architecture and glibc, with the versions of the conda packages as constraints; what conda
/// brings already is left out. Source distributions are never taken: nothing is compiled.
struct WheelResolution: Sendable {
    let project: Project
    let connection: Connection
    let subdir: Subdir
    /// The solved conda packages.
    let records: [PackageRecord]

    /// The wheels beyond those that the manifest brings as files.
    ///
    /// - Throws: `WorkflowError` when there is no Python, no uv where it is needed, no answer, or a file that is for another
    ///   Python or platform.
    func wheels() async throws -> [LockedPackage] {
        let pip = try PipRequirements(project.manifest)
        guard !pip.isEmpty else { return [] }
        let python = try pythonVersion()
        var found: [LockedPackage] = []
        try checkFit(pip.localWheels, python: python)
        let missing = try missing(pip, python: python)
        if !missing.isEmpty { found += try await compile(pip, python: python, missing) }
        for path in pip.lockFiles { found += try read(path, python: python) }
        let local = Set(pip.localWheels.map { DistributionName.canonical($0.name) })
        let conda = Set(records.filter(\.dependsOnPython).map { DistributionName.canonical($0.name) })
        var seen: Set<String> = []
        return found.filter { wheel in
            let name = DistributionName.canonical(wheel.name)
            return !local.contains(name) && !conda.contains(name) && seen.insert(name).inserted
        }
    }

    private func pythonVersion() throws -> String {
        guard let python = records.first(where: { $0.name == "python" }) else {
            throw WorkflowError.noPython(manifest: project.manifestPath)
        }
        return "\(python.version)"
    }

    /// What neither a conda package nor a wheel that came as a file answers.
    private func missing(_ pip: PipRequirements, python: String) throws -> [AvailableDistributions.Missing] {
        let conda = records.filter { $0.name != "python" && $0.dependsOnPython }
        let wheels = try pip.localWheels.map { try $0.locked() }
        let available = AvailableDistributions(
            conda.map { .init(name: $0.name, version: "\($0.version)") }
                + wheels.map { .init(name: $0.name, version: $0.version, requires: $0.requires) },
            python: python, platform: subdir)
        return available.missing(pip.requirements + wheels.map(\.name))
    }

    /// uv would refuse a wheel that the target cannot use; where it is not asked, this does.
    private func checkFit(_ wheels: [PipRequirements.LocalWheel], python: String) throws {
        let glibc = project.manifest.rpm.target.glibc
        let tags = WheelTags(python: python, platform: subdir, glibc: glibc)
        for wheel in wheels {
            let name = wheel.path.lastPathName
            guard let wheelName = WheelName(name), tags.fits(wheelName) else {
                throw WorkflowError.wheelDoesNotFit(wheel: name, wanted: nil, target: "\(tags)")
            }
            guard let wanted = try WheelSummary(path: wheel.path).requiresPython else { continue }
            if let spec = try? VersionSpec(wanted), let version = try? Version(python), !spec.matches(version) {
                throw WorkflowError.wheelDoesNotFit(wheel: name, wanted: wanted, target: "\(tags)")
            }
        }
    }

    private func read(_ path: String, python: String) throws -> [LockedPackage] {
        var reading = project.lockReading(environment: connection.environment)
        reading.platform = subdir
        reading.python = python
        return try Lock.read(path: path, reading).packages
    }

    private func compile(
        _ pip: PipRequirements, python: String, _ missing: [AvailableDistributions.Missing]
    ) async throws -> [LockedPackage] {
        let folder = "\(FileManager.default.temporaryDirectory.path)/conda-rpm-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileContents.replace("\(folder)/requirements.in", with: pip.text)
        try FileContents.replace("\(folder)/constraints.txt", with: Self.constraints(records))
        let lock = "\(folder)/pylock.toml"
        try await runUV(arguments(folder: folder, lock: lock, python: python), for: missing)
        return try read(lock, python: python)
    }

    private func arguments(folder: String, lock: String, python: String) throws -> [String] {
        [
            "pip", "compile", "--quiet", "--format", "pylock.toml", "--output-file", lock, "--python-version", python,
            "--python-platform", try platform(), "--only-binary", ":all:", "--constraints", "\(folder)/constraints.txt",
        ] + (connection.offline ? ["--offline"] : []) + ["\(folder)/requirements.in"]
    }

    /// Conda packages made of Python distributions hold their version.
    ///
    /// Names that PyPI does not know do no harm; names and versions that no distribution can have would be errors to uv.
    static func constraints(_ records: [PackageRecord]) -> String {
        records.filter { record in
            record.name != "python" && record.dependsOnPython && record.name.wholeMatch(of: distributionName) != nil
                && "\(record.version)".wholeMatch(of: distributionVersion) != nil
        }.map { "\($0.name)==\($0.version)\n" }.joined()
    }

    /// A name as PEP 508 has it, in conda's lower case.
    private static var distributionName: Regex<Substring> { /[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?/ }

    /// A version as PEP 440 has it.
    private static var distributionVersion: Regex<Substring> {
        let release = #"(?:\d+!)?\d+(?:\.\d+)*"#
        let before = #"(?:[._-]?(?:a|b|c|rc|alpha|beta|pre|preview)[._-]?\d*)?"#
        let after = #"(?:[._-]?(?:post|rev|r)[._-]?\d*)?(?:[._-]?dev[._-]?\d*)?"#
        let local = #"(?:\+[a-z0-9]+(?:[._-][a-z0-9]+)*)?"#
        return (try? Regex(release + before + after + local, as: Substring.self)) ?? /[0-9.]+/
    }

    /// uv's name of the target: the newest of its platforms whose glibc the target has.
    private func platform() throws(WorkflowError) -> String {
        guard let architecture = subdir.rpmArchitecture, ["x86_64", "aarch64"].contains(architecture) else {
            throw .noWheelPlatform(subdir: subdir.rawValue)
        }
        let minor = project.manifest.rpm.target.glibc.split(separator: ".").dropFirst().first.flatMap { Int($0) } ?? 17
        let known = [17, 28] + (31...40)
        return "\(architecture)-manylinux_2_\(known.last { $0 <= minor } ?? 17)"
    }

    /// The uv of PATH, else the one that `scripts/build` puts beside this program.
    private var uv: Program? {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let own = program.parentPath + "/uv"
        return Program.find("uv", environment: connection.environment)
            ?? (FileManager.default.isExecutableFile(atPath: own) ? Program(path: own) : nil)
    }

    private func runUV(_ arguments: [String], for missing: [AvailableDistributions.Missing]) async throws {
        guard let uv else { throw WorkflowError.noUV(missing: missing.map(\.description)) }
        let answer = try await uv.runAside(arguments, environment: connection.environment)
        guard answer.status == 0 else {
            throw WorkflowError.pipUnsatisfiable(manifest: project.manifestPath, explanation: answer.errors)
        }
    }
}

/// What a manifest wants from PyPI, and the wheels that it brings.
struct PipRequirements: Sendable {
    /// A wheel that comes as a file: of `rpm.wheels`, or named by its path in the `pip:` list.
    struct LocalWheel: Sendable, Hashable {
        let name: String
        let version: String
        /// Absolute.
        let path: String

        /// The wheel as a lock answers it: with what its metadata requires.
        func locked() throws -> RequirementSet.LocalWheel {
            let summary = try WheelSummary(path: path)
            return RequirementSet.LocalWheel(name: summary.name, version: summary.version, requires: summary.requires)
        }
    }

    /// PEP 508, with the contents of `-r FILE` in their place.
    private(set) var requirements: [String] = []
    /// The `pylock.toml` files of `-r FILE`.
    private(set) var lockFiles: [String] = []
    private(set) var localWheels: [LocalWheel] = []

    var isEmpty: Bool { requirements.isEmpty && lockFiles.isEmpty && localWheels.isEmpty }

    init(_ manifest: Manifest) throws {
        var files: [String] = []
        for line in manifest.pip {
            guard let file = Self.includedFile(line) else {
                add(line, &files)
                continue
            }
            let path = Self.absolute(manifest.resolved(file))
            guard !path.hasSuffix(".toml") else {
                lockFiles.append(path)
                continue
            }
            for line in try Self.lines(path) { add(line, &files) }
        }
        var known: Set<String> = []
        localWheels = try (files + manifest.rpm.wheels).compactMap { wheel in
            let path = Self.absolute(manifest.resolved(wheel))
            guard let name = WheelName(path.lastPathName) else {
                throw WorkflowError.notAWheel(path: wheel)
            }
            guard FileManager.default.fileExists(atPath: path) else {
                throw WorkflowError.unreadable(path: path, reason: "there is no such file")
            }
            return known.insert(path).inserted ? LocalWheel(name: name.name, version: name.version, path: path) : nil
        }
    }

    /// The requirements as uv reads them; a wheel of ours is required by its address.
    var text: String {
        (requirements + localWheels.map { "\($0.name) @ \(URL(fileURLWithPath: $0.path).absoluteString)" })
            .map { $0 + "\n" }.joined()
    }

    /// Sorts a line of the list: a wheel's path, with or without its name before an `@`, or a requirement.
    private mutating func add(_ line: String, _ files: inout [String]) {
        let address = line.firstRange(of: /^\s*[A-Za-z0-9._-]+\s*@\s*/).map { String(line[$0.upperBound...]) }
        let place = (address ?? line).trimmingBlanks
        let isFile = place.hasPrefix("file://") || (address == nil && !place.contains("://"))
        guard isFile, place.hasSuffix(".whl") else { return requirements.append(line) }
        let path = place.hasPrefix("file://") ? URL(string: place)?.path ?? place : place
        files.append(path)
    }

    private static func includedFile(_ line: String) -> String? {
        for option in ["-r", "--requirement"] where line.hasPrefix(option) {
            let rest = line.dropFirst(option.count).drop { $0 == " " || $0 == "=" }
            return rest.isEmpty ? nil : String(rest)
        }
        return nil
    }

    /// The requirements of a `requirements.txt`, which may be continued and commented.
    private static func lines(_ path: String) throws -> [String] {
        let text = String(decoding: try FileContents.read(path), as: UTF8.self).replacing("\\\n", with: " ")
        return try text.split(whereSeparator: \.isNewline).compactMap { line in
            let body = line.firstRange(of: /(^|\s)#.*$/).map { line[..<$0.lowerBound] } ?? line
            // A digest binds a version to its files; the lock has its own.
            let requirement = body.split(separator: " --hash", maxSplits: 1).first ?? ""
            let trimmed = requirement.trimmingBlanks
            guard !trimmed.hasPrefix("-") else { throw WorkflowError.pipOption(file: path, option: trimmed) }
            return trimmed.isEmpty ? nil : trimmed
        }
    }

    private static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
}

extension PackageRecord {
    fileprivate var dependsOnPython: Bool {
        noarch == .python || depends.contains { $0.split { " =<>!".contains($0) }.first == "python" }
    }
}
