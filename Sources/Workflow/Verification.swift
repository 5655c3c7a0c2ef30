import CondaLock
import CondaModel
import RPMFormat
import ServiceRelease

/// What an RPM is worth: a list of everything about it that is not as it should be.
package struct Verification: Codable, Sendable, Hashable {
    /// One thing that is wrong.
    package struct Finding: Codable, Sendable, Hashable {
        /// What kind of thing.
        package enum Kind: String, Codable, Sendable {
            case digest
            case signature
            case archive
            case lock
            case credentials
            case buildPath = "build path"
            case mode
            case prefix
        }

        package var kind: Kind
        /// A path in the package, or a part of it.
        package var place: String
        package var problem: String
    }

    package var rpm: String
    package var signature: RPMSignatureState
    /// Whether MD5 and SHA-1 are not needed to verify it.
    package var strongDigests: Bool
    package var files: Int
    package var packages: Int
    package var findings: [Finding]
    /// What some hosts will not like about it, though nothing is wrong.
    package var warnings: [String]

    /// Verifies a package of ours.
    ///
    /// - Parameters:
    ///   - lockfile: A lock whose packages the RPM must carry, no more and no less.
    ///   - keyFiles: Public keys of which one must have signed it; where there are none, it may be unsigned.
    /// - Throws: `RPMError` when it is no RPM, `WorkflowError.noReleaseDocument` when it is not ours.
    package static func run(_ path: String, lockfile: String?, keyFiles: [String]) throws -> Verification {
        let reader = try RPMReader(path: path)
        let state = try reader.checkSignature(keyFiles: keyFiles)
        var findings = signatureFindings(state, isDemanded: !keyFiles.isEmpty) + digestFindings(reader)
        let packages: Int
        switch try OwnPackage(reader) {
        case .service(let release):
            if release.packages.isEmpty {
                findings.append(
                    Finding(kind: .archive, place: Release.fileName, problem: "it carries no conda package"))
            }
            findings += reader.isSource ? SourceCheck(release).findings(reader) : serviceFindings(reader, release)
            if let lockfile { findings += try LockCheck.findings(release, lockfile: lockfile) }
            packages = release.packages.count
        case .package(let record):
            findings += reader.isSource ? SourceCheck(record).findings(reader) : packageFindings(reader, record)
            packages = 1
        }
        findings += ModeCheck.findings(reader.files)
        return Verification(
            rpm: path, signature: state, strongDigests: reader.hasStrongDigests, files: reader.files.count,
            packages: packages, findings: findings,
            warnings: RequiredSignature.warning(reader).map { [$0] } ?? [])
    }

    private static func serviceFindings(_ reader: RPMReader, _ release: Release) -> [Finding] {
        ContentCheck.findings(reader, release) + ArchiveCheck(release: release, entries: reader.files).findings
            + RequirementCheck.findings(reader, release) + Inspection.Program.findings(reader, release)
    }

    /// The RPM of one conda package: its files are the channel's.
    private static func packageFindings(_ reader: RPMReader, _ record: PackageRecord) -> [Finding] {
        let expected = SharedPackage(record).rpmName
        let isNamed = expected == reader.name
        let naming =
            isNamed
            ? []
            : [
                Finding(
                    kind: .archive, place: "header", problem: "it holds \(expected), and is called \(reader.name)")
            ]
        return naming + ContentCheck.headerFindings(reader) + listFindings(reader)
    }

    private static func listFindings(_ reader: RPMReader) -> [Finding] {
        var lists = FileListCheck(package: reader)
        do {
            try reader.readFiles { entry, bytes in lists.take(entry.path, bytes) }
        } catch {
            return [Finding(kind: .digest, place: "payload", problem: error.description)]
        }
        return lists.findings(reader.files)
    }

    private static func signatureFindings(_ state: RPMSignatureState, isDemanded: Bool) -> [Finding] {
        let isFine = state == .valid || !isDemanded && (state == .none || state == .unknownKey)
        guard !isFine else { return [] }
        let problem =
            state == .none ? "expected a signature, found none" : "expected a valid one, found: \(state.rawValue)"
        return [Finding(kind: .signature, place: "header", problem: problem)]
    }

    /// What conda-rpm wrote has SHA-256 digests of header and payload, which hosts in FIPS mode go by.
    private static func digestFindings(_ reader: RPMReader) -> [Finding] {
        let wanted = [
            ("signature header", reader.signature.sha256, "header"), ("header", reader.payloadDigest, "payload"),
        ]
        let missing = wanted.filter { $0.1 == nil }.map { place, _, what in
            Finding(kind: .digest, place: place, problem: "expected the SHA-256 digest of the \(what), found none")
        }
        do {
            try reader.checkDigests()
            return missing
        } catch {
            return missing + [Finding(kind: .digest, place: "package", problem: error.description)]
        }
    }
}

/// The RPMs of conda packages that a release of layout `split` is linked from.
private enum RequirementCheck {
    static func findings(_ reader: RPMReader, _ release: Release) -> [Verification.Finding] {
        let required = Set(reader.requires.filter { $0.comparison == .equal }.map(\.name))
        return release.sharedPackages.map(\.rpmName).filter { !required.contains($0) }.map {
            Verification.Finding(kind: .archive, place: "header", problem: "\($0) is not required")
        }
    }
}

extension Layout {
    /// Whether the bundle has a file of the release document.
    fileprivate func carries(_ name: String) -> Bool {
        switch self {
        case .archives: true
        case .prefix: false
        case .split: name.hasPrefix("wheels/")
        }
    }
}

/// The archives in the payload against the release document, which the host tool goes by.
private struct ArchiveCheck {
    let release: Release
    let entries: [RPMEntry]

    var findings: [Verification.Finding] {
        let bundle = "\(release.prefix)/bundle/\(release.identifier)"
        let carried = entries.filter { entry in
            entry.kind == .file && ["pkgs", "wheels"].contains { entry.path.hasPrefix("\(bundle)/\($0)/") }
        }
        var digests = Dictionary(carried.map { ($0.path, $0.digest ?? "") }, uniquingKeysWith: { first, _ in first })
        var findings: [Verification.Finding] = []
        let listed =
            release.packages.map { ($0.path, $0.sha256 ?? "none") }
            + release.wheels.map { ("wheels/\($0.fileName)", $0.sha256) }
        for (name, expected) in listed where release.layout.carries(name) {
            let path = "\(bundle)/\(name)"
            let found = digests.removeValue(forKey: path)
            if found != expected {
                findings.append(finding(path, "expected sha256 \(expected), found \(found ?? "no such file")"))
            }
        }
        findings += digests.keys.sorted().map { finding($0, "nothing in release.json is this archive") }
        if let name = release.bootstrap.fileName, let expected = release.bootstrap.sha256 {
            let path = "\(release.prefix)/bundle/\(release.identifier)/\(name)"
            let found = entries.first { $0.path == path }?.digest
            if found != expected {
                findings.append(finding(path, "expected sha256 \(expected), found \(found ?? "no such file")"))
            }
        }
        return findings
    }

    private func finding(_ path: String, _ problem: String) -> Verification.Finding {
        Verification.Finding(kind: .archive, place: path, problem: problem)
    }
}

/// The packages of the release document against those of a lock.
private enum LockCheck {
    static func findings(_ release: Release, lockfile: String) throws -> [Verification.Finding] {
        guard let subdir = Subdir(rawValue: release.target.subdir) else { return [] }
        var reading = LockReading()
        reading.platform = subdir
        let lock = try Lock.read(path: lockfile, reading)
        let wheels = try lock.wheels(for: subdir).map { name($0.fileName, $0.sha256) }
        let wanted = Set(try lock.records(for: subdir).map(name(of:)) + wheels)
        // A wheel that came as a file is named by the manifest and not by the lock.
        let carried = release.wheels.filter { $0.url != nil }.map { name($0.fileName, $0.sha256) }
        let found = Set(release.packages.map { name(of: $0.record) } + carried)
        let missing = wanted.subtracting(found).sorted().map { ($0, "the lock has it, the RPM has it not") }
        let extra = found.subtracting(wanted).sorted().map { ($0, "the RPM has it, the lock has it not") }
        return (missing + extra).map { Verification.Finding(kind: .lock, place: $0.0, problem: $0.1) }
    }

    private static func name(of record: PackageRecord) -> String {
        name(record.fileName, record.sha256 ?? record.md5)
    }

    private static func name(_ fileName: String, _ digest: String?) -> String {
        "\(fileName) \(digest ?? "without a digest")"
    }
}

/// Permissions that no file of a service needs.
private enum ModeCheck {
    static func findings(_ entries: [RPMEntry]) -> [Verification.Finding] {
        entries.compactMap { entry in
            guard let problem = problem(of: entry) else { return nil }
            return Verification.Finding(kind: .mode, place: entry.path, problem: problem)
        }
    }

    private static func problem(of entry: RPMEntry) -> String? {
        let mode = String(entry.mode, radix: 8)
        switch entry.kind {
        case .symlink: return nil
        case .special: return "it is a device, a pipe or a socket"
        case .file where entry.mode & 0o6000 != 0: return "it runs with another user's or group's rights (\(mode))"
        // As /tmp is: everybody may write, nobody may remove what others wrote.
        case .directory where entry.mode & 0o1002 == 0o1002: return nil
        case .file, .directory: return entry.mode & 0o002 != 0 ? "everybody may write it (\(mode))" : nil
        }
    }
}
