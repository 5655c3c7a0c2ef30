import CondaArchive
import Glibc

/// The variables of programs that belong to a prefix, made from nothing so that the caller's do not leak in.
enum ShellEnvironment {
    /// Where programs of the host are found.
    static let hostPath = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"

    /// Variables of the caller that a program may need and that say nothing about an environment.
    private static let inherited = ["HOME", "TMPDIR", "USER", "LOGNAME"]

    /// What every program of the prefix sees, activated or not; Python's modules in `~/.local` are no part of it.
    static func base(prefix: String) -> [String: String] {
        var variables = ["HOME": "/", "PATH": "\(prefix)/bin:\(hostPath)", "PYTHONNOUSERSITE": "1"]
        for name in inherited {
            if let value = getenv(name) { variables[name] = String(cString: value) }
        }
        return variables.merging(ProgramOrigin.variables(prefix: prefix)) { $1 }
    }

    /// What `conda activate` exports besides the packages' own variables.
    static func activated(prefix: String) -> [String: String] {
        let conda = ["CONDA_PREFIX": prefix, "CONDA_DEFAULT_ENV": prefix, "CONDA_SHLVL": "1"]
        return base(prefix: prefix).merging(conda) { $1 }
    }

    /// The shell for scripts of packages, which are written for bash; a host may have only `/bin/sh`.
    static var shell: String {
        for bash in ["/bin/bash", "/usr/bin/bash"] where access(bash, X_OK) == 0 { return bash }
        return "/bin/sh"
    }

    /// The activation scripts of a prefix in the order in which conda sources them: by name, bytewise.
    static func activationScripts(in directory: SafeDirectory) throws(PrefixError) -> [String] {
        try scripts(in: "etc/conda/activate.d", of: directory, suffix: ".sh")
    }

    /// The files of a directory with a suffix, as paths below the prefix; none when there is no such directory.
    static func scripts(
        in folder: String, of directory: SafeDirectory, suffix: String
    ) throws(PrefixError) -> [String] {
        guard let path = try? RelativePath(folder) else { return [] }
        return try PrefixError.writing { () throws(DirectoryError) -> [String] in
            guard try directory.status(path)?.kind == .directory else { return [] }
            return try directory.names(in: path).map(\.string).filter { $0.hasSuffix(suffix) }
                .map { "\(folder)/\($0)" }
        }
    }
}
