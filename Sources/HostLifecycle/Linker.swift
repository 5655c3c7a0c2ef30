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

    func link() throws {
        switch bundle.release.bootstrap {
        case .builtin: try linkNatively()
        case .miniconda: try inWorkshop { try linkWithConstructor() }
        case .micromamba: try inWorkshop { try linkWithMicromamba() }
        }
    }

    private func linkNatively() throws {
        let installer = PrefixInstaller(prefix: prefix, options: PrefixOptions(bundle.release))
        _ = try installer.install(bundle.prefixPackages, wheels: bundle.prefixWheels) { event in
            if let line = event.note { events(.note(line)) }
        }
    }

    /// A constructor-made installer (Miniconda, Miniforge) brings a conda, which installs the archives.
    private func linkWithConstructor() throws {
        let base = "\(workshop)/base"
        try bootstrap(
            "the installer miniconda.sh", "/bin/sh", ["\(bundle.path)/miniconda.sh", "-b", "-f", "-p", base],
            surroundings)
        guard exists("\(base)/bin/conda") else { throw HostError.installerWithoutConda }
        // By its interpreter: in a long path the script's own first line looks for a python on PATH.
        try bootstrap(
            "conda create", "\(base)/bin/python",
            [
                "\(base)/bin/conda", "create", "-y", "-q", "--offline", "-p", prefix, "--file", try writeExplicitFile(),
            ], surroundings.merging(settings) { $1 }.merging(["CONDA_NO_PLUGINS": "true"]) { $1 })
        try complete()
    }

    private func linkWithMicromamba() throws {
        try bootstrap(
            "micromamba create", "\(bundle.path)/micromamba",
            [
                "create", "-y", "-q", "--offline", "--no-rc", "--no-env", "-r", "\(workshop)/root", "-p", prefix,
                "--file", try writeExplicitFile(),
            ], surroundings.merging(settings) { $1 })
        try complete()
    }

    /// Gives what the bootstrap has linked all that a prefix of ours has from the beginning.
    private func complete() throws {
        try PrefixState(prefix: prefix).complete(PrefixOptions(bundle.release))
    }

    private func inWorkshop(_ body: () throws -> Void) throws {
        try removeTree(workshop)
        for folder in ["home", "tmp", "pkgs"] { try makeDirectory("\(workshop)/\(folder)") }
        try body()
        try removeTree(workshop)
    }

    /// The bundle's `explicit.txt` names the default home; a relocated bundle needs its own paths.
    private func writeExplicitFile() throws -> String {
        let path = "\(workshop)/explicit.txt"
        try replaceDocument(path, with: [UInt8](bundle.release.explicitList(bundle: bundle.path).utf8))
        return path
    }

    private func bootstrap(
        _ step: String, _ executable: String, _ arguments: [String], _ environment: [String: String]
    ) throws {
        guard exists(executable) else { throw HostError.bootstrapMissing(path: executable) }
        let result = try Command(executable, arguments, environment: environment, directory: workshop).run()
        guard result.succeeded else {
            throw HostError.bootstrapFailed(step: step, status: result.status, output: result.output)
        }
    }

    /// An environment in which nothing of the user's reaches a bootstrap: conda makes `$HOME/.conda`, hence a home that
    /// goes away with the workshop.
    ///
    /// An installer gets no more than this. Its header gives its `conda.exe` the settings that it needs, and since
    /// conda-standalone 25.9 the part of that program which unpacks is itself a plug-in. `CONDA_RESTRICT_RC_SEARCH_PATH`
    /// makes it pass over the host's `/etc/conda` from 24.9 on, whatever its header says.
    private var surroundings: [String: String] {
        [
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "\(workshop)/home",
            "TMPDIR": "\(workshop)/tmp",
            "LANG": "C.UTF-8",
            "PYTHONNOUSERSITE": "1",
            "CONDA_RESTRICT_RC_SEARCH_PATH": "1",
        ]
    }

    /// What a host's configuration must not decide: conda ranks `CONDA_*` variables above every `.condarc`.
    private var settings: [String: String] {
        [
            "CONDA_PKGS_DIRS": "\(workshop)/pkgs",
            "CONDA_ENVS_DIRS": "\(workshop)/envs",
            "CONDA_OFFLINE": "true",
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

extension PrefixOptions {
    /// What a release asks of its prefix.
    init(_ release: Release) {
        self.init()
        compile = release.compile
        if release.frozen == true {
            frozen = release.reasonForConda
            externallyManaged = release.reasonForPip
        }
        variables = release.variables.reduce(into: [:]) { $0[$1.name] = $1.value }
    }
}

extension Release {
    private var ownership: String { "This environment belongs to the RPM \(name)-\(identifier)" }

    /// What conda shows instead of changing the prefix (CEP 22).
    fileprivate var reasonForConda: String {
        """
        \(ownership): what is changed here is lost with the next release. Change the dependencies in its environment.yml, \
        build the RPM again with 'conda-rpm build' and install it. ('rpm.frozen: false' in there builds an RPM that \
        allows changes.)
        """
    }

    /// What pip shows instead of installing into the prefix (PEP 668); a virtual environment may be made all the same.
    fileprivate var reasonForPip: String {
        """
        \(ownership): what pip changes here is lost with the next release.
        To add a package, name it in its environment.yml, under 'dependencies:' or 'pip:', build the RPM again with
        'conda-rpm build' and install it. ('rpm.frozen: false' in there builds an RPM that allows changes.)
        To try something out, make a virtual environment elsewhere:
        \(name)-release run python -m venv --system-site-packages DIRECTORY
        """
    }
}

extension PrefixEvent {
    /// The line for an operator; nil for what is as expected.
    var note: String? {
        switch self {
        case .clobbered(let clobber):
            "\(clobber.path) is in \(clobber.losers.joined(separator: ", ")) and \(clobber.winner); the last one's is linked"
        case .contentsDiffer(let package, let path): "\(package): \(path) is not what the package's own list says"
        case .scriptFailed(let package, let script, let status, let output):
            "\(package): the \(script.rawValue) script ended with \(status): \(output)"
        case .message(let package, let text): "\(package): \(text)"
        case .compiled(_, let failed) where failed > 0: "\(failed) Python modules could not be byte-compiled"
        case .notCompiled(let reason): "Python modules were not byte-compiled: \(reason)"
        case .planned, .linked, .runningScript, .scriptsSkipped, .compiled: nil
        }
    }
}
