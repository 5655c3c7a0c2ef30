import CondaModel
import RPMFormat
import ServiceRelease

/// What a source RPM of ours must hold: the archives of what rpmbuild is to make of it, and nothing that must not leave the
/// build machine.
struct SourceCheck {
    typealias Finding = Verification.Finding

    /// Names and digests of the archives, wheels and programs that rpmbuild puts together, lower-case hexadecimal.
    private let sealed: [(name: String, sha256: String)]
    /// What is wrong with the variables of the environment.
    private let variables: [Finding]

    /// For the source of a service; packages of layout `split` come from source RPMs of their own.
    init(_ release: Release) {
        let archives =
            release.layout == .split ? [] : release.packages.map { ($0.fileName, $0.sha256 ?? "no digest") }
        let wheels = release.wheels.map { ($0.fileName, $0.sha256) }
        let tool = release.hostTool.isEmpty ? [] : [("conda-rpm-host", release.hostTool)]
        let bootstrap = release.bootstrap.fileName.flatMap { name in release.bootstrap.sha256.map { [(name, $0)] } }
        sealed = archives + wheels + tool + (bootstrap ?? [])
        variables = SecretScan.findings(release, place: Release.fileName)
    }

    /// For the source of one conda package, whose name holds the archive's digest.
    init(_ record: PackageRecord) {
        sealed = [(record.fileName, record.sha256 ?? "no digest")]
        variables = []
    }

    /// Everything that is wrong, after every file was read and compared with its digest in the header.
    func findings(_ reader: RPMReader) -> [Finding] {
        ContentCheck.headerFindings(reader) + variables + archiveFindings(reader.files) + leakFindings(reader)
            + (reader.files.contains { $0.path.hasSuffix(".spec") } ? [] : [finding("package", "it has no spec file")])
    }

    private func archiveFindings(_ files: [RPMEntry]) -> [Finding] {
        let found = Set(files.compactMap(\.digest))
        let known = Set(sealed.map(\.sha256))
        let missing = sealed.filter { !found.contains($0.sha256) }
            .map { finding($0.name, "expected sha256 \($0.sha256), found no such file") }
        let extra = files.filter { file in
            (ArchiveName(file.path) != nil || file.path.hasSuffix(".whl")) && !known.contains(file.digest ?? "")
        }
        return missing + extra.map { finding($0.path, "nothing in release.json is this archive") }
    }

    /// As in a finished RPM: archives and programs stay as they came, everything else is looked through.
    private func leakFindings(_ reader: RPMReader) -> [Finding] {
        let known = Set(sealed.map(\.sha256))
        var findings: Set<Finding> = []
        var (current, tail): (String, [UInt8]) = ("", [])
        do {
            try reader.readFiles { entry, bytes in
                guard !known.contains(entry.digest ?? ""), entry.path != "conda-rpm-host" else { return }
                if entry.path != current { (current, tail) = (entry.path, []) }
                let piece = tail + bytes
                let leaks = LeakScan.leaks(in: piece, as: Self.kind(of: entry.path))
                findings.formUnion(leaks.map { Finding(kind: $0.kind, place: entry.path, problem: $0.problem) })
                let problems = SecretScan.problems(of: entry.path, in: piece)
                findings.formUnion(problems.map { Finding(kind: .credentials, place: entry.path, problem: $0) })
                tail = Array(piece.suffix(1024))
            }
        } catch {
            findings.insert(Finding(kind: .digest, place: "payload", problem: error.description))
        }
        return findings.sorted { ($0.place, $0.problem) < ($1.place, $1.problem) }
    }

    /// Our own documents may name no folder of the build machine; the spec file and the user's files may speak of `/tmp`.
    private static func kind(of path: String) -> LeakScan.Kind {
        [Release.fileName, "sbom.cdx.json", "explicit.txt"].contains { path == $0 || path.hasSuffix("-\($0)") }
            ? .document : .text
    }

    private func finding(_ place: String, _ problem: String) -> Finding {
        Finding(kind: .archive, place: place, problem: problem)
    }
}
