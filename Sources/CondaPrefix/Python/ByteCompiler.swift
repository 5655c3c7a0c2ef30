import CondaArchive
import CondaModel

/// Compiles the modules of `noarch: python` packages with the environment's own Python, as conda does.
///
/// conda's compiled files carry the time of their source, so they differ from run to run. Ours carry a digest of it
/// (`checked-hash`, PEP 552): they depend on the source alone, and a hot fix in a `.py` takes effect as with conda.
///
/// It runs as root on hosts, and on the build machine as whoever may hold the signing key, so Python gets to see its standard
/// library and nothing else: no `.pth` file, `sitecustomize` or `usercustomize` (`-S`), no `~/.local` (`-s`), no variable of
/// the caller's (the environment is ours alone), and no module beside what is compiled. That is `-I -S` where there is
/// `-I`, which Python 2 lacks, but for one variable that it would ignore: `PYTHONHASHSEED`, on which the bytes of a set in
/// compiled code depend. What still runs is the package `python` itself, whose files nothing may replace
/// (``PythonStartup``).
struct ByteCompiler {
    /// The directory that holds the prefix now, as an absolute path.
    let root: String

    /// The same directory, opened.
    let directory: SafeDirectory

    /// The Python of the environment.
    let python: PythonLayout

    /// One module and where its compiled form goes.
    struct Module: Sendable, Hashable {
        let source: RelativePath
        let compiled: RelativePath
    }

    /// Modules for which another Python is worth its start.
    private static let worthAProcess = 100

    /// Compiles modules; those that do not compile are left out, as packages bring modules for other Pythons.
    ///
    /// `compileall` compiles listed files one after the other whatever its `-j` says, so several of it run side by side.
    /// - Parameter threads: the most of them.
    /// - Returns: what Python printed, and how it ended when it did not end well.
    /// - Throws: ``PrefixError/notCompiled(status:output:)`` when Python did not get through the modules.
    func compile(_ modules: [Module], threads: Int) throws -> ChildProcess.Outcome? {
        let sorted = modules.sorted { $0.source < $1.source }
        let parts = max(1, min(threads, sorted.count / Self.worthAProcess))
        let slices = (0..<parts).map { part in
            (part, stride(from: part, to: sorted.count, by: parts).map { sorted[$0] })
        }
        let outcomes = try concurrently(slices, limit: parts) { part, modules in
            let outcome = try compile(
                modules.map(\.source), list: try PrefixBuild.path("conda-meta/.compile-\(part)"))
            try check(outcome, modules)
            return outcome
        }
        return outcomes.first { $0.failure != nil } ?? outcomes.first
    }

    private func compile(_ sources: [RelativePath], list: RelativePath) throws(PrefixError)
        -> ChildProcess.Outcome
    {
        let lines = sources.flatMap { $0.bytes + [UInt8(ascii: "\n")] }
        try PrefixError.writing { () throws(DirectoryError) in
            try directory.removeFile(list)
            try directory.createFile(list).write(lines)
        }
        var process = ChildProcess(
            executable: "/bin/sh", arguments: ["-c", Self.withUsualMask] + arguments(list: list.string),
            environment: environment, directory: root)
        process.outputLimit = 16 << 20
        let outcome = try process.run()
        try PrefixError.writing { () throws(DirectoryError) in _ = try directory.removeFile(list) }
        return outcome
    }

    /// Tells modules that cannot be compiled from a compiler that could not work.
    ///
    /// `compileall` names each module that is at fault, and ends with 1. Whatever else is missing, after a signal or for want
    /// of memory or room, was never tried, and a release without it would be slow for ever and look whole. A Python that
    /// cannot even be loaded (126, 127) is the caller's business.
    private func check(_ outcome: ChildProcess.Outcome, _ modules: [Module]) throws(PrefixError) {
        guard let failure = outcome.failure, !["exit status 126", "exit status 127"].contains(failure) else { return }
        var missing = 0
        for module in modules {
            let found = try PrefixError.writing { () throws(DirectoryError) in try directory.status(module.compiled) }
            if found?.kind != .file { missing += 1 }
        }
        let lines = String(decoding: outcome.output, as: UTF8.self).split(separator: "\n")
        let named = lines.count { line in Self.namingModules.contains { line.hasPrefix($0) } }
        let isHosts = lines.contains { line in Self.ofTheHost.contains { line.hasPrefix($0) } }
        guard outcome.wasEnded || missing > named || isHosts else { return }
        let end = lines.suffix(20).joined(separator: "\n")
        throw .notCompiled(status: failure, output: end)
    }

    /// How `compileall` begins the line that names a module it could not compile: Python 3, Python 2.
    private static let namingModules = ["*** Error compiling ", "Compiling "]

    /// How it begins the reason when that is not the module's fault.
    private static let ofTheHost = [
        "MemoryError", "Sorry: MemoryError", "OSError", "PermissionError", "FileNotFoundError", "[Errno ",
    ]

    /// As `-m compileall`, but without the working directory, which is full of packages' files, among Python's modules.
    private static let program = """
        import sys
        sys.path[:] = [path for path in sys.path if path]
        import compileall
        sys.exit(not compileall.main())
        """

    /// Compiled files must be readable whatever the caller's umask is.
    private static let withUsualMask = "umask 022; exec \"$0\" \"$@\""

    /// Paths in the list are relative, so that the prefix does not get into the compiled files.
    private func arguments(list: String) -> [String] {
        var arguments = ["\(root)/\(python.executable.string)", "-s", "-S", "-Wi", "-c", Self.program]
        arguments += ["-q", "-l", "-i", list]
        if (python.major, python.minor) >= (3, 7) { arguments += ["--invalidation-mode", "checked-hash"] }
        return arguments
    }

    /// The hash seed orders sets in compiled files; the run itself must leave no compiled files of its own.
    private var environment: [String: String] {
        ShellEnvironment.base(prefix: root).merging(["PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"]) { $1 }
    }
}
