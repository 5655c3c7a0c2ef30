import CondaArchive
import CondaChannel
import CondaLock
import CondaModel
import CondaPrefix
import FoundationEssentials
import Glibc
import HostLifecycle
import HostSystem
import ServiceManifest
import ServicePackaging
import ServiceRelease
import TerminalProgress

/// Brings a manifest, a lock's archives and what those say of themselves together into one package.
struct ReleaseAssembly: Sendable {
    let project: Project
    let inputs: BuildInputs
    let fetched: [FetchedPackage]
    /// In the order of `fetched`.
    let summaries: [ArchiveSummary]
    /// The licence texts of each package by their paths, in the order of `fetched`.
    let licenseTexts: [[String: Data]]
    let wheels: [(file: ResolvedWheel, summary: WheelSummary)]
    /// The licence texts of each wheel, in the order of `wheels`.
    let wheelLicenses: [[LicenseText]]
    /// What a rehearsal has found in archives and wheels, by their digests.
    private(set) var payloads: [String: [String]] = [:]

    /// Brings packages into link order, where the lock could not say it.
    ///
    /// - Throws: `PrefixError` for a wheel that is none.
    init(
        project: Project, inputs: BuildInputs, fetched: [FetchedPackage], summaries: [ArchiveSummary],
        licenseTexts: [[String: Data]], wheels: [ResolvedWheel]
    ) throws {
        self.project = project
        self.inputs = inputs
        self.wheels = try wheels.sorted { $0.name < $1.name }.map { ($0, try WheelSummary(path: $0.path)) }
        wheelLicenses = try self.wheels.map { try WheelLicense.texts(path: $0.file.path) }
        guard !inputs.locked.tellsDependencies else {
            (self.fetched, self.summaries, self.licenseTexts) = (fetched, summaries, licenseTexts)
            return
        }
        let places = Dictionary(summaries.enumerated().map { ($1.record.name, $0) }) { first, _ in first }
        let order = PackageRecord.topologicallySorted(summaries.map(\.record)).compactMap { places[$0.name] }
        (self.fetched, self.summaries) = (order.map { fetched[$0] }, order.map { summaries[$0] })
        self.licenseTexts = order.map { licenseTexts[$0] }
    }

    func package(release: String, tool: String) throws -> ServicePackage {
        let document = try self.document(release: release, tool: tool)
        let section = project.manifest.rpm
        let programs = try self.programs()
        // Packages in RPMs of their own state their licences there.
        let inside = document.layout == .split ? [] : document.packages.map { ($0.record.name, $0.record.license) }
        var package = ServicePackage(
            manifest: project.manifest, release: document, archives: fetched.map(\.bundledPath),
            wheels: wheels.map(\.file.path), hostTool: inputs.hostTool.path,
            bootstrap: inputs.bootstrap?.path, files: inputs.files, scripts: inputs.scripts,
            license: LicenseExpression.joined(
                own: section.license,
                bundled: inside + document.wheels.map { ($0.name, $0.license) } + programs.flatMap(\.licenses)),
            licenses: document.layout == .split ? licensesOfWheels : licenses, buildTime: buildTime(document))
        package.overhead = overhead(document)
        package.workspace = workspace(document)
        package.programs = programs
        package.verifiedArchives = Set(fetched.filter { $0.isVerified && $0.transmuted == nil }.map(\.path))
        // A link script may write into any file, so then none is shared.
        package.copiedSize =
            summaries.contains(where: \.hasLinkScripts)
            ? document.installedSize
            : summaries.reduce(0) { $0 + $1.copiedSize } + wheels.reduce(0) { $0 + $1.summary.installedSize }
        return package
    }

    /// Bytes that a bootstrap other than the builtin one needs on a host until the release is linked: its own base, and a
    /// cache with a copy of each archive and of each file that it cannot share with the release.
    private func workspace(_ release: Release) -> Int64 {
        guard let bootstrap = inputs.bootstrap else { return 0 }
        let archives = release.packages.reduce(0) { $0 + ($1.transmuted?.size ?? $1.record.size ?? 0) }
        return bootstrap.workspace + archives + overhead(release) + summaries.reduce(0) { $0 + $1.copiedSize }
    }

    /// Bytes that a linked prefix takes beside what its files hold: a block for each file, of which the last one is not full
    /// and whose path is in a document of `conda-meta`, and byte code, which is about as large as its source.
    private func overhead(_ release: Release) -> Int64 {
        let block: Int64 = 4096
        return summaries.reduce(Int64(0)) { total, summary in
            let byteCode = release.compile && summary.record.noarch == .python ? summary.installedSize : 0
            return total + Int64(summary.fileCount) * block + byteCode
        }
    }

    /// What root runs on a host beside the packages: the host tool, and what the bootstrap brings.
    func programs() throws -> [CarriedProgram] {
        let tool = try inputs.hostTool.described()
        guard let file = inputs.bootstrap else { return [tool] }
        let bootstrap = project.manifest.rpm.bootstrap
        // A query may hold a token.
        let address = bootstrap.isRemote ? bootstrap.source.map(ChannelName.withoutCredentials) : nil
        let url = address.map { String($0.prefix { !"?#".contains($0) }) }
        switch bootstrap.kind {
        case .builtin: return [tool]
        case .miniconda:
            let installer = try CarriedProgram(
                installer: file.path, sha256: file.sha256, license: bootstrap.license, url: url)
            return [tool, installer]
        case .micromamba:
            return [tool, CarriedProgram(micromamba: file.sha256, license: bootstrap.license, url: url)]
        }
    }

    /// The archives of a release document, as they are linked.
    func linkable(_ release: Release, _ verified: VerifiedArchives) -> [PrefixPackage] {
        zip(release.packages, fetched).map { bundled, fetched in
            var package = PrefixPackage(
                record: bundled.record, archivePath: fetched.path, requestedSpecs: bundled.requested)
            package.hasTrueList = verified.hasTrueList(bundled.record.sha256)
            return package
        }
    }

    /// Links the prefix of layout `prefix` as a host would.
    ///
    /// - Returns: the tree, which lives until it is released, and nothing in layout `archives`.
    func linkTree(_ package: ServicePackage, cache: CacheDirectory, events: @escaping EventHandler) async throws
        -> LinkedTree?
    {
        guard package.release.layout == .prefix else { return nil }
        var tree = try LinkedTree(cache: cache, release: package.release, buildTime: package.buildTime)
        let verified = VerifiedArchives(cache)
        try await tree.link(
            linkable(package.release, verified), linkableWheels(package), verified, events: events)
        return tree
    }

    private func linkableWheels(_ package: ServicePackage) -> [PrefixWheel] {
        zip(package.release.wheels, package.wheels).map { wheel, path in
            PrefixWheel(name: wheel.name, version: wheel.version, path: path, isRequested: wheel.isRequested)
        }
    }

    /// Finds what would keep every host from linking, by the code that links there; layout `prefix` is linked here.
    ///
    /// - Throws: `PrefixError`, as a host would say it.
    mutating func rehearse(release: String, tool: String, _ verified: VerifiedArchives) throws {
        let package = try self.package(release: release, tool: tool)
        guard package.release.layout != .prefix else { return }
        var packages = linkable(package.release, verified)
        for index in packages.indices { packages[index].archivePath = fetched[index].bundledPath }
        let wheels = linkableWheels(package)
        let paths = packages.map(\.archivePath) + wheels.map(\.path)
        let digests = fetched.map(\.record.sha256) + self.wheels.map(\.file.sha256)
        let digestOf = Dictionary(zip(paths, digests)) { first, _ in first }
        let known = digestOf.compactMapValues { verified.payload($0) }
        let staged = StagedPrefix(package.release, buildTime: Int64(package.buildTime))
        for (path, mistaken) in try staged.rehearse(packages, wheels, known: known) {
            if case .some(.some(let digest)) = digestOf[path] { payloads[digest] = mistaken }
        }
    }

    /// The licence texts among the archives' metadata, and those of the wheels.
    var licenses: [BundledLicense] {
        let texts = zip(zip(fetched, summaries), licenseTexts).flatMap { package, texts in
            package.1.licenseFiles.compactMap { path -> BundledLicense? in
                guard let text = texts[path] else { return nil }
                let name = path.replacing("info/licenses/", with: "").replacing("info/", with: "")
                return BundledLicense(package: package.0.record.name, path: Self.plain(name), text: Array(text))
            }
        }
        return texts + licensesOfWheels
    }

    /// A wheel may have the name of a package that is something else: `xxhash` is a library, and its Python module.
    private var licensesOfWheels: [BundledLicense] {
        let packages = Set(fetched.map(\.record.name))
        return zip(wheels, wheelLicenses).flatMap { wheel, texts in
            let name = DistributionName.canonical(wheel.summary.name)
            let folder = packages.contains(name) ? "\(name).dist-info" : name
            return texts.map { BundledLicense(package: folder, path: Self.plain($0.path), text: $0.text) }
        }
    }

    /// A path that RPM holds without quoting.
    private static func plain(_ path: String) -> String {
        String(path.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-+/".contains($0)) ? $0 : "_" })
    }

    private func document(release: String, tool: String) throws -> Release {
        let manifest = project.manifest
        let section = manifest.rpm
        let specs = try manifest.specs()
        return Release(
            name: inputs.name, version: inputs.version, release: release,
            summary: manifest.summary(of: inputs.name), inputs: inputs.digest,
            manifest: try InputsDigest.manifest(project), hostTool: inputs.hostTool.sha256, tool: tool,
            target: TargetHost(
                name: section.target.name, glibc: section.target.glibc, architecture: inputs.architecture,
                subdir: project.subdir.rawValue),
            layout: section.layout.released, bootstrap: bootstrap,
            prefix: try manifest.prefix(),
            requested: manifest.dependencies.map { ChannelName.withoutFolders(ChannelName.withoutCredentials($0)) },
            channels: Array(Set(inputs.locked.records.map { ChannelName.withoutFolders($0.channel) })).sorted(),
            packages: zip(fetched, summaries).map { bundled($0, $1, specs) }, wheels: try wheels.map(bundled),
            variables: manifest.variables.map { .init(name: $0.name, value: $0.value) }, commands: section.commands,
            services: section.services.flatMap(UnitFile.services), timers: UnitFile.timers(section, of: inputs.name),
            checks: section.checks.map(Self.check),
            checkUser: section.checkUser(package: inputs.name), health: section.health,
            healthSeconds: section.healthSeconds,
            rollsBack: section.rollback == .auto, keep: section.keep,
            keepArchives: section.keepArchives, compile: section.compile, frozen: section.frozen,
            installedSize: summaries.reduce(0) { $0 + $1.installedSize }
                + wheels.reduce(0) { $0 + $1.summary.installedSize })
    }

    private var bootstrap: ServiceRelease.Bootstrap {
        guard let sha256 = inputs.bootstrap?.sha256 else { return .builtin }
        return switch project.manifest.rpm.bootstrap.kind {
        case .builtin: .builtin
        case .miniconda: .miniconda(sha256: sha256)
        case .micromamba: .micromamba(sha256: sha256)
        }
    }

    /// The packages with the dependencies that count.
    var records: [PackageRecord] { zip(fetched, summaries).map { bundled($0, $1, []).record } }

    /// The archive's own record, corrected by what the lock says: channels mend dependencies after publication.
    private func bundled(
        _ package: FetchedPackage, _ summary: ArchiveSummary, _ specs: [MatchSpec]
    ) -> BundledPackage {
        let locked = package.record
        var record = summary.record
        if inputs.locked.tellsDependencies { record.depends = locked.depends }
        record.fileName = locked.fileName
        (record.url, record.channel) = (locked.url, locked.channel)
        record.sha256 = locked.sha256
        record.md5 = locked.md5
        record.size = locked.size ?? package.size
        let requested = zip(specs, project.manifest.dependencies).filter { $0.0.matches(record) }.map {
            ChannelName.withoutFolders(ChannelName.withoutCredentials($0.1))
        }
        record.url = ChannelName.withoutFolders(locked.url)
        record.channel = ChannelName.withoutFolders(locked.channel)
        return BundledPackage(
            record: record, requested: requested, transmuted: package.transmuted?.archive,
            distributions: summary.distributions)
    }

    private func bundled(_ wheel: (file: ResolvedWheel, summary: WheelSummary)) throws -> BundledWheel {
        let (file, summary) = wheel
        var status = stat()
        guard stat(file.path, &status) == 0 else {
            throw WorkflowError.unreadable(path: file.path, reason: systemMessage())
        }
        let name = DistributionName.canonical(summary.name)
        let isNamed = project.manifest.pip.contains { DistributionName.canonical(Self.distribution($0)) == name }
        return BundledWheel(
            name: summary.name, version: summary.version, fileName: file.fileName, sha256: file.sha256,
            size: Int64(status.st_size), url: file.url.map(ChannelName.withoutFolders), license: summary.license,
            isRequested: isNamed || file.url == nil)
    }

    /// The name in a requirement of PEP 508.
    private static func distribution(_ requirement: String) -> String {
        String(requirement.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) })
    }

    private static func check(_ check: ServiceManifest.Check) -> ServiceRelease.Check {
        switch check {
        case .imports(let module): .importModule(module)
        case .runs(let command): .run(command)
        }
    }

    /// Finds what would go wrong on every host, before anything is written.
    ///
    /// - Throws: `PackagingError`, `ManifestError`, `PrefixError.wrongPackage`.
    func check(release: String) throws {
        try checkNames()
        try checkPlaceholders("\(project.manifest.prefix())/releases/\(inputs.version)-\(release)")
        try checkPrograms()
    }

    /// An archive that calls itself something else would stand under that name in every document.
    private func checkNames() throws(PrefixError) {
        for (package, summary) in zip(fetched, summaries) {
            let (expected, found) = (package.record.distribution, summary.record.distribution)
            guard expected == found else {
                throw .wrongPackage(archive: package.record.fileName, expected: expected, found: found)
            }
        }
    }

    /// A prefix that does not fit into a binary would only be found out by the host.
    private func checkPlaceholders(_ prefix: String) throws(PackagingError) {
        for (package, summary) in zip(fetched, summaries) {
            guard let shortest = summary.shortestBinaryPlaceholder, shortest.length < prefix.utf8.count else {
                continue
            }
            throw .prefixTooLong(
                prefix: prefix, package: package.record.name, file: shortest.file, placeholder: shortest.length)
        }
    }

    /// A link to a program that no package brings would dangle on every host.
    ///
    /// Link scripts make files that no archive lists; beside them nothing can be said.
    private func checkPrograms() throws(PackagingError) {
        guard !summaries.contains(where: \.hasLinkScripts) else { return }
        let section = project.manifest.rpm
        let programs = Set(summaries.flatMap(\.allPrograms) + wheels.flatMap(\.summary.commands))
        let wanted =
            section.commands.map { ("rpm.commands", $0) }
            + section.services.map { ("rpm.services.\($0.name)", String($0.command.prefix { $0 != " " })) }
        for (key, program) in wanted where !program.contains("/") && !programs.contains(program) {
            throw .noSuchProgram(key: key, program: program, nearest: nearest(to: program, in: programs))
        }
    }

    /// `SOURCE_DATE_EPOCH`, or the time of the newest package: never the clock.
    private func buildTime(_ document: Release) -> UInt32 {
        if let epoch = inputs.sourceDateEpoch { return epoch }
        let newest = document.packages.compactMap(\.record.timestamp).max() ?? 0
        return UInt32(clamping: newest / 1000)
    }
}

extension ServiceManifest.Layout {
    /// The layout as the release document names it; a new one has to be given its name here.
    var released: ServiceRelease.Layout {
        switch self {
        case .archives: .archives
        case .prefix: .prefix
        case .split: .split
        }
    }
}
