import CondaArchive
import CondaModel

/// A wheel with what its archive says about itself (PEP 427, PEP 491).
struct WheelSource {
    /// Bytes of a document in `.dist-info` that is held in memory.
    private static let documentLimit = 64 << 20

    /// What the installer writes anew or what means nothing once `RECORD` was rewritten.
    private static let replaced: Set<String> = ["RECORD", "RECORD.jws", "RECORD.p7s", "INSTALLER", "REQUESTED"]

    let wheel: PrefixWheel
    let archive: ZipArchive

    /// `NAME-VERSION` as the wheel's `.dist-info` directory spells it.
    let stem: String

    private let files: [String: ZipArchive.Member]
    private let rows: [String: WheelRecord.Row]

    /// Opens a wheel and compares its name, version and list of files with what is expected.
    init(_ wheel: PrefixWheel) throws(PrefixError) {
        self.wheel = wheel
        archive = try PrefixError.reading { () throws(ArchiveError) in try ZipArchive(path: wheel.path) }
        var files: [String: ZipArchive.Member] = [:]
        for member in archive.members where !member.isDirectory { files[member.location.string] = member }
        self.files = files
        stem = try Self.stem(files.keys, wheel)
        rows = try Self.rows(archive, files["\(stem).dist-info/RECORD"], wheel)
        try checkRecord()
        try checkHeaders()
    }

    /// The one `.dist-info` directory, which must be of this wheel.
    private static func stem(_ paths: some Sequence<String>, _ wheel: PrefixWheel) throws(PrefixError) -> String {
        let folders = Set(paths.compactMap { $0.split(separator: "/").first.map(String.init) })
        let found = folders.filter { $0.hasSuffix(".dist-info") }.sorted()
        guard found.count == 1, let stem = found.first?.dropLast(".dist-info".count) else {
            throw bad(wheel, nil, "expected one .dist-info directory, found \(found.count)")
        }
        guard let (name, version) = DistributionName.split(stem: stem),
            DistributionName.canonical(name) == DistributionName.canonical(wheel.name),
            DistributionName.sameVersion(String(version), wheel.version)
        else {
            throw bad(wheel, nil, "expected \(wheel.name) \(wheel.version), found the directory '\(found[0])'")
        }
        return String(stem)
    }

    private static func rows(
        _ archive: ZipArchive, _ member: ZipArchive.Member?, _ wheel: PrefixWheel
    ) throws(PrefixError) -> [String: WheelRecord.Row] {
        guard let member else { throw bad(wheel, nil, "expected a RECORD in its .dist-info directory, found none") }
        let bytes = try PrefixError.reading { () throws(ArchiveError) in
            try archive.read(member, limit: documentLimit)
        }
        do throws(WheelRecord.Malformed) {
            var rows: [String: WheelRecord.Row] = [:]
            for row in try WheelRecord(bytes).rows where !row.path.hasSuffix("/") {
                let path = try? RelativePath(row.path).string
                guard let path else { throw .init(problem: "lists '\(row.path)', which leads out of the wheel") }
                guard rows.updateValue(row, forKey: path) == nil else { throw .init(problem: "lists '\(path)' twice") }
            }
            return rows
        } catch {
            throw bad(wheel, "RECORD", error.problem)
        }
    }

    /// Compares the list with the archive: every file must be on it with a digest, and the other way round.
    private func checkRecord() throws(PrefixError) {
        let unlisted = Set(["RECORD", "RECORD.jws", "RECORD.p7s"].map { "\(stem).dist-info/\($0)" })
        for (path, member) in files.sorted(by: { $0.key < $1.key }) where !unlisted.contains(path) {
            guard let row = rows[path] else { throw bad(path, "RECORD does not list it") }
            guard let (algorithm, _) = row.namedDigest, WheelDigest(algorithm) != nil else {
                throw bad(path, "expected a digest of SHA-256 or better in RECORD, found '\(row.digest)'")
            }
            guard row.size.map({ $0 == member.size }) ?? true else {
                throw bad(path, "RECORD expects \(row.size ?? 0) bytes, found \(member.size)")
            }
        }
        for path in rows.keys.sorted() where files[path] == nil && !unlisted.contains(path) {
            throw bad(path, "RECORD lists it, the archive does not hold it")
        }
    }

    private func checkHeaders() throws(PrefixError) {
        let headers = WheelHeaders(try document("WHEEL"))
        let version = headers["Wheel-Version"] ?? ""
        guard version.split(separator: ".").first == "1" else {
            throw bad("\(stem).dist-info/WHEEL", "expected Wheel-Version 1.x, found '\(version)'")
        }
        let isPurelib = headers["Root-Is-Purelib"]?.lowercased() ?? ""
        guard ["true", "false"].contains(isPurelib) else {
            throw bad("\(stem).dist-info/WHEEL", "expected Root-Is-Purelib to be true or false, found '\(isPurelib)'")
        }
        let metadata = WheelHeaders(try document("METADATA"))
        let (name, found) = (metadata["Name"] ?? "", metadata["Version"] ?? "")
        guard DistributionName.canonical(name) == DistributionName.canonical(wheel.name),
            DistributionName.sameVersion(found, wheel.version)
        else {
            throw bad(
                "\(stem).dist-info/METADATA", "expected \(wheel.name) \(wheel.version), found '\(name) \(found)'")
        }
    }

    /// Reads a document of `.dist-info`, whose digest must be as listed.
    private func document(_ name: String) throws(PrefixError) -> [UInt8] {
        let path = "\(stem).dist-info/\(name)"
        guard let member = files[path] else { throw bad(path, "expected it in every wheel, found none") }
        let bytes = try PrefixError.reading { () throws(ArchiveError) in
            try archive.read(member, limit: Self.documentLimit)
        }
        var digest = WheelDigest(row: rows[path])
        bytes.withUnsafeBytes { digest?.update($0) }
        if let problem = digest?.problem() { throw bad(path, problem) }
        return bytes
    }

    /// Decides where each file goes; `.data` holds what does not belong among the modules.
    func plan(python: PythonLayout) throws(PrefixError) -> WheelPlan {
        var tasks: [RelativePath: WheelTask] = [:]
        func add(_ task: WheelTask, from path: String) throws(PrefixError) {
            if task.target.isInside("conda-meta") {
                throw bad(path, "goes into conda-meta, which belongs to the installer")
            }
            if task.target.hasControlCharacter {
                throw bad(task.target.description, RelativePath.controlCharacterProblem)
            }
            guard tasks.updateValue(task, forKey: task.target) == nil else {
                throw bad(path, "a second file of the wheel goes to '\(task.target)'")
            }
        }
        let commands = try entryPoints()
        let commandNames = Set(commands.map(\.command))
        for (path, member) in files.sorted(by: { $0.key < $1.key }) {
            guard let task = try task(path, member, python, commandNames) else { continue }
            try add(task, from: path)
        }
        for command in commands {
            let target = try PrefixBuild.path("bin/\(command.command)")
            try add(WheelTask(.command(command), at: target, isScript: true), from: "entry_points.txt")
        }
        let folder = python.sitePackages.appending(try PrefixBuild.path("\(stem).dist-info"))
        let record = folder.appending(try PrefixBuild.path("RECORD"))
        try add(WheelTask(.record, at: record), from: "RECORD")
        let installer = folder.appending(try PrefixBuild.path("INSTALLER"))
        try add(WheelTask(.text(InstalledWheel.installer + "\n"), at: installer), from: "INSTALLER")
        if wheel.isRequested {
            let requested = folder.appending(try PrefixBuild.path("REQUESTED"))
            try add(WheelTask(.text(""), at: requested), from: "REQUESTED")
        }
        return WheelPlan(
            wheel: wheel, label: stem, archive: archive, sitePackages: python.sitePackages,
            tasks: tasks.values.sorted { $0.target < $1.target }, recordPath: record)
    }

    private func entryPoints() throws(PrefixError) -> [EntryPoint] {
        guard files["\(stem).dist-info/entry_points.txt"] != nil else { return [] }
        let bytes = try document("entry_points.txt")
        do throws(EntryPoint.Malformed) {
            return try WheelEntryPoints.read(bytes)
        } catch {
            throw .badEntryPoint(package: stem, expected: error.expected, found: error.found)
        }
    }

    /// What becomes of a member; nil for what is made anew.
    private func task(
        _ path: String, _ member: ZipArchive.Member, _ python: PythonLayout, _ commands: Set<String>
    ) throws(PrefixError) -> WheelTask? {
        let parts = path.split(separator: "/", maxSplits: 2).map(String.init)
        if parts[0] == "\(stem).dist-info", parts.count == 2, Self.replaced.contains(parts[1]) { return nil }
        let origin = WheelTask.Origin.member(member, digest: rows[path]?.digest ?? "")
        guard parts[0].hasSuffix(".data"), parts.count > 1 else {
            let target = python.sitePackages.appending(member.location)
            return WheelTask(origin, at: target, isModule: PythonLayout.isModule(member.location))
        }
        guard let name = DistributionName.split(stem: parts[0].dropLast(".data".count))?.name,
            DistributionName.canonical(name) == DistributionName.canonical(wheel.name), parts.count == 3
        else { throw bad(path, "expected \(stem).data/SCHEME/FILE") }
        let rest = try PrefixBuild.path(parts[2])
        switch parts[1] {
        case "purelib", "platlib":
            let target = python.sitePackages.appending(rest)
            return WheelTask(origin, at: target, isModule: PythonLayout.isModule(rest))
        case "scripts":
            // Old wheels bring what the entry point of the same name makes; the latter counts, as with pip.
            if commands.contains(rest.string) { return nil }
            return WheelTask(origin, at: rest.inside("bin"), isScript: true)
        case "headers":
            let name = String(name.map { $0 == "_" ? "-" : $0 })
            let folder = try PrefixBuild.path("include/python\(python.major).\(python.minor)/\(name)")
            return WheelTask(origin, at: folder.appending(rest))
        case "data": return WheelTask(origin, at: rest)
        default:
            throw bad(path, "expected purelib, platlib, scripts, headers or data in .data, found '\(parts[1])'")
        }
    }

    private func bad(_ member: String, _ problem: String) -> PrefixError { Self.bad(wheel, member, problem) }

    private static func bad(_ wheel: PrefixWheel, _ member: String?, _ problem: String) -> PrefixError {
        .badWheel(wheel: wheel.path, member: member, problem: problem)
    }
}
