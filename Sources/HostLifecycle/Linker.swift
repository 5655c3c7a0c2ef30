import CondaModel
import CondaPrefix
import FoundationEssentials
import ServiceRelease

/// Makes the prefix of one release with the bootstrap that its bundle carries.
///
/// Only this step differs between bootstraps; staging, checks, flip, keep and removal are the same code.
struct Linker: Sendable {
    let bundle: Bundle
    let prefix: String
    /// Where a bootstrap may leave its own files; removed afterwards.
    let workshop: String
    let events: @Sendable (HostEvent) -> Void

    func link() async throws {
        switch bundle.release.bootstrap {
        case .builtin: try await linkNatively()
        case .miniconda: try await inWorkshop { try await linkWithConstructor() }
        case .micromamba: try await inWorkshop { try await linkWithMicromamba() }
        }
    }

    private func linkNatively() async throws {
        let installer = PrefixInstaller(prefix: prefix, options: PrefixOptions(release: bundle.release))
        let report = try await installer.install(bundle.prefixPackages) { event in
            if let line = event.note { events(.note(line)) }
        }
        for clobber in report.clobbers { events(.note("\(clobber)")) }
    }

    /// A constructor-made installer (Miniconda, Miniforge) brings a conda, which installs the archives.
    private func linkWithConstructor() async throws {
        let base = "\(workshop)/base"
        try await bootstrap(
            "the installer miniconda.sh", "/bin/sh", ["\(bundle.path)/miniconda.sh", "-b", "-f", "-p", base])
        try await bootstrap(
            "conda create", "\(base)/bin/conda",
            ["create", "-y", "-q", "--offline", "-p", prefix, "--file", try writeExplicitFile()])
        try await recordVariables()
    }

    private func linkWithMicromamba() async throws {
        try await bootstrap(
            "micromamba create", "\(bundle.path)/micromamba",
            [
                "create", "-y", "-q", "--offline", "--no-rc", "--no-env", "-r", "\(workshop)/root", "-p", prefix,
                "--file", try writeExplicitFile(),
            ])
        try await recordVariables()
    }

    /// conda keeps an environment's own variables in `conda-meta/state`; `conda create` has no flag for them.
    private func recordVariables() async throws {
        try PrefixState.writeVariables(
            bundle.release.variables.map { ($0.name, $0.value) }, prefix: prefix)
    }

    private func inWorkshop(_ body: () async throws -> Void) async throws {
        try removeTree(workshop)
        for folder in ["home", "tmp", "pkgs"] { try makeDirectory("\(workshop)/\(folder)") }
        try await body()
        try removeTree(workshop)
    }

    /// The bundle's `explicit.txt` names the default home; a relocated bundle needs its own paths.
    private func writeExplicitFile() throws -> String {
        let lines = bundle.release.packages.map { package in
            let digest = package.record.md5 ?? package.record.sha256.map { "sha256:\($0)" } ?? ""
            return "file://\(bundle.archive(package))#\(digest)\n"
        }
        let path = "\(workshop)/explicit.txt"
        try replaceFile(path, with: [UInt8](("@EXPLICIT\n" + lines.joined()).utf8))
        return path
    }

    private func bootstrap(_ step: String, _ executable: String, _ arguments: [String]) async throws {
        guard exists(executable) else { throw HostError.bootstrapMissing(path: executable) }
        let result = try await Command(executable, arguments, environment: environment, directory: workshop).run()
        guard result.succeeded else {
            throw HostError.bootstrapFailed(step: step, status: result.status, output: result.output)
        }
    }

    /// An environment in which neither the host's configuration nor the user's reaches a bootstrap.
    ///
    /// conda ranks `CONDA_*` variables above every `.condarc`, and makes `$HOME/.conda`: hence a home that goes
    /// away with the workshop.
    private var environment: [String: String] {
        [
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "\(workshop)/home",
            "TMPDIR": "\(workshop)/tmp",
            "LANG": "C.UTF-8",
            "CONDA_PKGS_DIRS": "\(workshop)/pkgs",
            "CONDA_ENVS_DIRS": "\(workshop)/envs",
            "CONDA_OFFLINE": "true",
            "CONDA_NO_PLUGINS": "true",
            "CONDA_REPORT_ERRORS": "false",
            "CONDA_REGISTER_ENVS": "false",
            "CONDA_CREATE_DEFAULT_PACKAGES": "",
            "CONDA_ALWAYS_COPY": "false",
            "CONDA_ALWAYS_SOFTLINK": "false",
            "CONDA_ROLLBACK_ENABLED": "false",
            "CONDA_NUMBER_CHANNEL_NOTICES": "0",
        ]
    }
}
