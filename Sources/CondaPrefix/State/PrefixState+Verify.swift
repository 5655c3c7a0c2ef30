import CondaArchive
import CondaModel

extension PrefixState {
    /// Compares what is there with the archives that it came from where these are given, else with what was recorded.
    ///
    /// Where several packages or wheels have one path, the one that is linked last is meant. Of a path whose digest nobody
    /// recorded the size is compared, where that is known; else it need only exist.
    /// - Parameters:
    ///   - sources: the archives that the prefix was made of.
    ///   - records: the packages that should be installed; their documents in `conda-meta` are looked for.
    ///   - wheels: the wheels that should be installed; the `RECORD` of each is looked for.
    ///   - isGuarded: the files that keep conda and pip from changing the prefix are looked for.
    ///   - includingAdded: also reports files that no package has, outside `conda-meta`.
    ///   - threads: files read at the same time.
    /// - Returns: the differences in the order of paths; none for a prefix as it was made.
    /// - Throws: ``PrefixError`` when a file cannot be read.
    package func verify(
        against sources: PrefixSources? = nil, expecting records: [PackageRecord] = [],
        wheels expectedWheels: [PrefixWheel] = [], isGuarded: Bool = false,
        includingAdded: Bool = false, threads: Int = PrefixOptions().threads
    ) throws -> [PrefixDifference] {
        let expected = try expectations(sources)
        let slices = stride(from: 0, to: expected.count, by: 64).map { expected[$0..<min($0 + 64, expected.count)] }
        let found = try concurrently(slices, limit: threads) { slice in
            try slice.compactMap { try difference($0, sources) }
        }
        let settled = try sources?.settled(found.flatMap(\.self), in: self, threads: threads)
        var differences = settled ?? found.joined().compactMap(\.difference)
        differences += try documentDifferences(records)
        differences += missing(expectedWheels)
        let guards = isGuarded ? try PrefixGuard.paths(python: python(among: records)) : []
        differences += try guards.compactMap { try missing($0) }
        if includingAdded { differences += try added(to: Set(expected.map(\.location) + guards)) }
        // A wheel's `RECORD` that is gone is missed by its archive, too.
        var seen: Set<String> = []
        return differences.sorted { $0.path < $1.path }.filter { seen.insert($0.path).inserted }
    }

    /// Documents in `conda-meta` that are damaged or missing.
    private func documentDifferences(_ records: [PackageRecord]) throws(PrefixError) -> [PrefixDifference] {
        var differences = damagedDocuments.map { path, problem in
            PrefixDifference(path: path, kind: .changed, package: nil, expected: "a document", found: problem)
        }
        let present = Set(packages.map(\.documentPath)).union(damagedDocuments.keys)
        for record in records {
            let path = InstalledPackage.documentPath(of: record)
            if present.contains(path) { continue }
            differences.append(
                PrefixDifference(path: path, kind: .missing, package: record.distribution))
        }
        if let difference = try missing(PrefixBuild.path(History.path)) { differences.append(difference) }
        return differences
    }

    /// The difference where no file has a path that no package brings.
    private func missing(_ path: RelativePath) throws(PrefixError) -> PrefixDifference? {
        let status = try PrefixError.writing { () throws(DirectoryError) in try directory.status(path) }
        return status?.kind == .file ? nil : PrefixDifference(path: path.string, kind: .missing, package: nil)
    }

    /// Wheels without a `RECORD` that tells what they have installed.
    private func missing(_ expected: [PrefixWheel]) -> [PrefixDifference] {
        guard let python = packages.first(where: { $0.record.name == "python" }),
            let sitePackages = try? PythonLayout(python: python.record).sitePackages
        else { return [] }
        let present = Set(wheels.map(\.canonicalName))
        return expected.compactMap { wheel in
            if present.contains(DistributionName.canonical(wheel.name)) { return nil }
            let path = "\(sitePackages.string)/\(wheel.conventionalStem).dist-info/RECORD"
            guard damagedDocuments[path] == nil else { return nil }
            return PrefixDifference(path: path, kind: .missing, package: "\(wheel.name)-\(wheel.version)")
        }
    }

    /// What should be at a path.
    struct Expectation: Sendable {
        let location: RelativePath
        var path: InstalledPath
        let package: String
        /// Who knows what should be there.
        var basis = Basis.record
    }

    /// Who knows what should be at a path.
    enum Basis: Sendable {
        /// What was recorded when the file was made.
        case record
        /// A file of a package's archive.
        case task(package: Int, index: Int)
        /// A file of a wheel.
        case wheel(Int, index: Int)
        /// A script that is made here; another program that has linked the prefix has made it in its own words.
        case entryPoint(digest: String)
    }

    /// What does not match: a difference, or what only a look into the archive can tell.
    struct Finding: Sendable {
        let expectation: Expectation
        /// nil: the archive has to be asked.
        var difference: PrefixDifference?
    }

    /// What should be at each path, in bytewise order.
    private func expectations(_ sources: PrefixSources?) throws(PrefixError) -> [Expectation] {
        let recorded = try expectations()
        guard let sources else { return recorded }
        return try sources.expectations(recorded: recorded).sorted { $0.location < $1.location }
    }

    /// The paths that belong to something that was installed.
    package func expectedPaths(_ sources: PrefixSources?) throws -> Set<String> {
        Set(try expectations(sources).map(\.path.path))
    }

    /// The recorded paths in bytewise order, each as the package that is linked last has it.
    func expectations() throws(PrefixError) -> [Expectation] {
        var byLocation: [RelativePath: Expectation] = [:]
        for laterKinds in [false, true] {
            for package in packages {
                for path in package.paths where path.isMadeHere == laterKinds {
                    let location = try path.location(in: package.record.distribution)
                    byLocation[location] = Expectation(
                        location: location, path: path, package: package.record.distribution)
                }
            }
        }
        for wheel in wheels {
            for path in wheel.paths {
                let location = try path.location(in: wheel.label)
                byLocation[location] = Expectation(location: location, path: path, package: wheel.label)
            }
        }
        return byLocation.values.sorted { $0.location < $1.location }
    }

    /// - Returns: nil where all is well.
    private func difference(_ expectation: Expectation, _ sources: PrefixSources?) throws -> Finding? {
        if let sources, !expectation.isRecord { return try sources.finding(expectation, in: self) }
        return try difference(expectation).map { Finding(expectation: expectation, difference: $0) }
    }

    /// Compares a path with what is known about it.
    func difference(_ expectation: Expectation) throws(PrefixError) -> PrefixDifference? {
        let status = try PrefixError.writing { () throws(DirectoryError) in
            try directory.status(expectation.location)
        }
        guard let status else { return expectation.path.isPresumed ? nil : expectation.difference(.missing) }
        switch expectation.path.kind {
        case .directory:
            return expectation.compare("directory", with: status.kind == .directory ? "directory" : "\(status.kind)")
        case .softlink:
            guard status.kind == .symbolicLink else {
                return expectation.compare("symbolicLink", with: "\(status.kind)")
            }
            guard let target = expectation.path.linkTarget else { return nil }
            return expectation.compare(target, with: try linkText(expectation.location))
        case .hardlink, .entryPoint, .compiledModule:
            guard status.kind == .file else { return expectation.compare("file", with: "\(status.kind)") }
            guard let digest = expectation.path.digestInPrefix ?? expectation.path.digest else {
                return try sizeDifference(expectation)
            }
            return expectation.compare(
                digest, with: try FileDigest.sha256(of: expectation.location, in: directory).digest)
        }
    }

    /// All that conda records of byte code and entry points is their size.
    private func sizeDifference(_ expectation: Expectation) throws(PrefixError) -> PrefixDifference? {
        guard expectation.path.isMadeHere, let size = expectation.path.size else { return nil }
        let found = try FileDigest.sha256(of: expectation.location, in: directory).size
        return expectation.compare("\(size) bytes", with: "\(found) bytes")
    }

    func linkText(_ location: RelativePath) throws(PrefixError) -> String {
        let target = try PrefixError.writing { () throws(DirectoryError) in
            try directory.symbolicLinkTarget(location)
        }
        return String(decoding: target, as: UTF8.self)
    }

    /// Walks the prefix for files that are in no package.
    private func added(to known: Set<RelativePath>) throws(PrefixError) -> [PrefixDifference] {
        var added: [(path: RelativePath, inode: UInt64)] = []
        var elsewhere = known
        var folders: [RelativePath?] = [nil]
        while let folder = folders.popLast() {
            let names = try PrefixError.writing { () throws(DirectoryError) in try directory.names(in: folder) }
            for name in names {
                let path = folder?.appending(name) ?? name
                if elsewhere.remove(path) != nil || path.isInside("conda-meta") { continue }
                let status = try PrefixError.writing { () throws(DirectoryError) in try directory.status(path) }
                guard status?.kind != .directory else {
                    folders.append(path)
                    continue
                }
                added.append((path, status?.inode ?? 0))
            }
        }
        if added.isEmpty { return [] }
        let linked = try inodes(of: elsewhere)
        return added.filter { !linked.contains($0.inode) }
            .map { PrefixDifference(path: $0.path.string, kind: .added, package: nil) }
    }

    /// The files that packages know by a path through a directory which is a link.
    private func inodes(of paths: Set<RelativePath>) throws(PrefixError) -> Set<UInt64> {
        var inodes: Set<UInt64> = []
        for path in paths {
            let status = try PrefixError.writing { () throws(DirectoryError) in try directory.status(path) }
            if let status, status.kind != .directory { inodes.insert(status.inode) }
        }
        return inodes
    }
}

extension PrefixState.Expectation {
    var isRecord: Bool { if case .record = basis { true } else { false } }

    func difference(_ kind: PrefixDifference.Kind, expected: String? = nil, found: String? = nil) -> PrefixDifference {
        PrefixDifference(path: path.path, kind: kind, package: package, expected: expected, found: found)
    }

    func compare(_ expected: String, with found: String) -> PrefixDifference? {
        expected == found ? nil : difference(.changed, expected: expected, found: found)
    }
}

extension InstalledPath {
    /// Whether the file is made by the installer after all packages' files, over any that has its path.
    var isMadeHere: Bool { kind == .entryPoint || kind == .compiledModule }

    /// Whether two records of a path ask for the same file.
    func tellsTheSame(as other: InstalledPath) -> Bool {
        kind == other.kind && digestInPrefix ?? digest == other.digestInPrefix ?? other.digest
            && linkTarget ?? other.linkTarget == other.linkTarget
    }

    /// Whether nobody knows if the file ever was there: conda lists byte code also of modules that do not compile.
    var isPresumed: Bool { kind == .compiledModule && digestInPrefix == nil && size == nil }
}
