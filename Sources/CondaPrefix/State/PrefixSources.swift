import CondaArchive
import CondaModel

/// The archives that a prefix was made of, by which it is verified: what the prefix says of itself could have been changed
/// together with its files.
///
/// The packages' own lists tell the digests. Archives are unpacked only for files that neither these nor undoing the
/// prefix replacement tell.
package struct PrefixSources: Sendable {
    /// Where the files were linked for.
    let prefix: String
    let plan: LinkPlan
    /// The documents of the prefix that nobody has changed; nil: nobody knows, and all are believed.
    let trusted: Set<String>?
    /// Whether another program has linked the prefix, in its own words where these may differ from ours.
    let isLinkedByAnother: Bool

    /// Reads the metadata of the archives.
    ///
    /// - Parameters:
    ///   - prefix: the path that the files were linked for.
    ///   - trusted: the documents of the prefix that are known to be as they were made, by path; nil believes all.
    ///     They tell what link scripts and other programs have made of files.
    /// - Throws: ``PrefixError``.
    package init(
        prefix: String, packages: [PrefixPackage], wheels: [PrefixWheel], trusted: Set<String>?,
        isLinkedByAnother: Bool = false, threads: Int = PrefixOptions().threads
    ) throws {
        self.init(
            prefix: prefix, plan: try LinkPlanner(prefix: prefix, threads: threads).plan(packages, wheels: wheels),
            trusted: trusted, isLinkedByAnother: isLinkedByAnother)
    }

    init(prefix: String, plan: LinkPlan, trusted: Set<String>? = nil, isLinkedByAnother: Bool = false) {
        self.isLinkedByAnother = isLinkedByAnother
        self.prefix = prefix
        self.plan = plan
        self.trusted = trusted
    }

    /// What the archives say should be there, and what only records tell: byte code, and packages that were added.
    func expectations(recorded: [PrefixState.Expectation]) throws(PrefixError) -> [PrefixState.Expectation] {
        let known = Dictionary(recorded.map { ($0.location, $0) }) { $1 }
        let planned = Set(plan.packages.map(\.record.distribution) + plan.wheels.map(\.label))
        var expected = known.filter { $1.path.kind == .compiledModule || !planned.contains($1.package) }
        func add(_ target: RelativePath, _ path: InstalledPath, _ package: String, _ basis: PrefixState.Basis) {
            expected[target] = PrefixState.Expectation(location: target, path: path, package: package, basis: basis)
        }
        for (number, package) in plan.packages.enumerated() {
            let label = package.record.distribution
            let isTrusted = trusted?.contains(InstalledPackage.documentPath(of: package.record)) ?? true
            func recorded(_ target: RelativePath) -> InstalledPath? {
                isTrusted && known[target]?.package == label ? known[target]?.path : nil
            }
            for (index, task) in package.tasks.enumerated() where task.isWritten {
                let path = task.expected(recorded(task.target), mayBeCopied: isLinkedByAnother)
                add(task.target, path, label, .task(package: number, index: index))
            }
            for task in package.entryPoints where task.isWritten {
                var path = InstalledPath(path: task.target, kind: .entryPoint)
                path.digestInPrefix = recorded(task.target)?.digestInPrefix
                add(task.target, path, label, .entryPoint(digest: digest(of: task.entryPoint)))
            }
        }
        for (number, wheel) in plan.wheels.enumerated() {
            for (index, task) in wheel.tasks.enumerated() where task.isWritten {
                let path = InstalledPath(path: task.target, kind: .hardlink)
                add(task.target, path, wheel.label, .wheel(number, index: index))
            }
        }
        return Array(expected.values)
    }

    private var interpreterLine: String {
        plan.python.map { Shebang.line(forPython: "\(prefix)/\($0.executable.string)") } ?? ""
    }

    private func digest(of command: EntryPoint) -> String {
        FileLinker.digest(of: Array(command.script(interpreterLine: interpreterLine).utf8))
    }
}

extension LinkTask {
    /// What should be at the task's place by the package's list; the text of a link, which that does not tell, and what
    /// link scripts made of the file, as it was recorded.
    ///
    /// - Parameter mayBeCopied: conda puts a copy of what an absolute link leads to in the link's place.
    fileprivate func expected(_ recorded: InstalledPath?, mayBeCopied: Bool) -> InstalledPath {
        let kind: InstalledPath.Kind =
            switch listed.type {
            case .hardlink: .hardlink
            case .softlink: mayBeCopied && recorded?.kind == .hardlink ? .hardlink : .softlink
            case .directory: .directory
            }
        var path = InstalledPath(path: target, kind: kind)
        path.digest = listed.sha256
        path.digestInPrefix = recorded?.digestInPrefix
        path.linkTarget = recorded?.linkTarget
        return path
    }
}

// MARK: - Comparing

extension PrefixSources {
    /// Compares a path with what the archives say, as far as their lists tell.
    func finding(
        _ expectation: PrefixState.Expectation, in state: PrefixState
    ) throws(PrefixError) -> PrefixState.Finding? {
        let status = try PrefixError.writing { () throws(DirectoryError) in
            try state.directory.status(expectation.location)
        }
        guard let status else {
            return PrefixState.Finding(expectation: expectation, difference: expectation.difference(.missing))
        }
        let isAsExpected: Bool
        switch (expectation.basis, status.kind) {
        case (.task(let package, let index), .file):
            isAsExpected = try matches(plan.packages[package].tasks[index], expectation, state)
        case (.task, .symbolicLink):
            let target = try state.linkText(expectation.location)
            isAsExpected = expectation.path.kind == .softlink && expectation.path.linkTarget == target
        case (.task, .directory): isAsExpected = expectation.path.kind == .directory
        case (.wheel(let wheel, let index), .file):
            isAsExpected = try matches(plan.wheels[wheel].tasks[index], expectation, state)
        case (.entryPoint(let digest), .file):
            let found = try FileDigest.sha256(of: expectation.location, in: state.directory).digest
            isAsExpected = found == digest || found == expectation.path.digestInPrefix
        default: isAsExpected = false
        }
        guard !isAsExpected else { return nil }
        guard case .entryPoint(let digest) = expectation.basis else {
            return PrefixState.Finding(expectation: expectation)
        }
        return PrefixState.Finding(
            expectation: expectation, difference: expectation.difference(.changed, expected: digest, found: "another"))
    }

    private func matches(
        _ task: LinkTask, _ expectation: PrefixState.Expectation, _ state: PrefixState
    ) throws(PrefixError) -> Bool {
        guard expectation.path.kind == .hardlink else { return false }
        if task.listed.type == .softlink {
            let copy = try FileDigest.sha256(of: expectation.location, in: state.directory).digest
            return copy == expectation.path.digestInPrefix
        }
        guard let listed = task.listed.sha256 else { return false }
        let found: String
        if let replacement = task.replacement {
            let bytes = try PrefixError.writing { () throws(DirectoryError) in
                try state.directory.read(expectation.location, limit: Int.max)
            }
            if replacement.makes(bytes, from: listed) { return true }
            found = FileLinker.digest(of: bytes)
        } else {
            found = try FileDigest.sha256(of: expectation.location, in: state.directory).digest
            if found == listed { return true }
        }
        return (plan.hasLinkScripts || isLinkedByAnother) && found == expectation.path.digestInPrefix
    }

    private func matches(
        _ task: WheelTask, _ expectation: PrefixState.Expectation, _ state: PrefixState
    ) throws(PrefixError) -> Bool {
        let expected: String?
        switch task.origin {
        case .member(_, let listed): expected = task.isScript ? nil : WheelRecord.Row(path: "", digest: listed).sha256
        case .command(let command): expected = digest(of: command)
        case .text(let text): expected = FileLinker.digest(of: Array(text.utf8))
        // It lists what was made on this host, too.
        case .record: return true
        }
        guard let expected else { return false }
        return try expected == FileDigest.sha256(of: expectation.location, in: state.directory).digest
    }

    /// Asks the archives about what their lists did not tell.
    func settled(_ findings: [PrefixState.Finding], in state: PrefixState, threads: Int) throws -> [PrefixDifference] {
        var ofPackages: [Int: [(index: Int, expectation: PrefixState.Expectation)]] = [:]
        var ofWheels: [Int: [(index: Int, expectation: PrefixState.Expectation)]] = [:]
        for finding in findings where finding.difference == nil {
            switch finding.expectation.basis {
            case .task(let package, let index): ofPackages[package, default: []].append((index, finding.expectation))
            case .wheel(let wheel, let index): ofWheels[wheel, default: []].append((index, finding.expectation))
            case .record, .entryPoint: break
            }
        }
        let packages = ofPackages.sorted { $0.key < $1.key }
        let asked = try concurrently(packages, limit: threads) { number, doubts in
            try compare(doubts, with: try contents(ofPackage: number, Set(doubts.map(\.index)), state), state)
        }
        let wheels = try concurrently(ofWheels.sorted { $0.key < $1.key }, limit: threads) { number, doubts in
            try compare(doubts, with: try contents(ofWheel: number, Set(doubts.map(\.index)), state), state)
        }
        return findings.compactMap(\.difference) + asked.joined() + wheels.joined()
    }

    private func compare(
        _ doubts: [(index: Int, expectation: PrefixState.Expectation)], with contents: [InstalledPath?],
        _ state: PrefixState
    ) throws(PrefixError) -> [PrefixDifference] {
        var differences: [PrefixDifference] = []
        for (index, expectation) in doubts {
            var known = expectation
            if let path = contents[index] { known.path = path }
            if let difference = try state.difference(known) { differences.append(difference) }
        }
        return differences
    }

    /// What a package's archive makes of some paths, without writing anything.
    private func contents(
        ofPackage number: Int, _ selection: Set<Int>, _ state: PrefixState
    ) throws(PrefixError) -> [InstalledPath?] {
        var package = plan.packages[number]
        for index in package.tasks.indices { package.tasks[index].isWritten = false }
        let files = FileLinker(
            package: package.record.distribution, directory: state.directory, latestTime: nil, checksContents: true,
            sharesFiles: false)
        var linker = PackageLinker(plan: package, files: files, selection: selection) { _ in }
        return try linker.link()
    }

    private func contents(
        ofWheel number: Int, _ selection: Set<Int>, _ state: PrefixState
    ) throws(PrefixError) -> [InstalledPath?] {
        var wheel = plan.wheels[number]
        for index in wheel.tasks.indices { wheel.tasks[index].isWritten = false }
        let build = PrefixBuild(
            prefix: prefix, destination: prefix, directory: state.directory, plan: plan, options: PrefixOptions()
        ) { _ in }
        return try WheelLinker(plan: wheel, build: build, interpreterLine: interpreterLine).link(selection: selection)
    }
}
