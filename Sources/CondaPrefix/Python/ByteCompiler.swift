import CondaArchive
import CondaModel

/// Compiles the modules of `noarch: python` packages with the environment's own Python, as conda does.
///
/// conda's compiled files carry the time of their source, so they differ from run to run. Ours carry a digest of it
/// (`checked-hash`, PEP 552): they depend on the source alone, and a hot fix in a `.py` takes effect as with conda.
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
    func compile(_ modules: [Module], threads: Int) throws -> ChildProcess.Outcome? {
        let sorted = modules.map(\.source).sorted()
        let parts = max(1, min(threads, sorted.count / Self.worthAProcess))
        let slices = (0..<parts).map { part in
            (part, stride(from: part, to: sorted.count, by: parts).map { sorted[$0] })
        }
        let outcomes = try concurrently(slices, limit: parts) { part, sources in
            try compile(sources, list: try PrefixBuild.path("conda-meta/.compile-\(part)"))
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
        let process = ChildProcess(
            executable: "/bin/sh", arguments: ["-c", Self.withUsualMask] + arguments(list: list.string),
            environment: environment, directory: root)
        let outcome = try process.run()
        try PrefixError.writing { () throws(DirectoryError) in _ = try directory.removeFile(list) }
        return outcome
    }

    /// Compiled files must be readable whatever the caller's umask is.
    private static let withUsualMask = "umask 022; exec \"$0\" \"$@\""

    /// Paths in the list are relative, so that the prefix does not get into the compiled files.
    private func arguments(list: String) -> [String] {
        var arguments = ["\(root)/\(python.executable.string)", "-Wi", "-m", "compileall", "-q", "-l", "-i", list]
        if (python.major, python.minor) >= (3, 7) { arguments += ["--invalidation-mode", "checked-hash"] }
        return arguments
    }

    /// The hash seed orders sets in compiled files; the run itself must leave no compiled files of its own.
    private var environment: [String: String] {
        ShellEnvironment.base(prefix: root).merging(["PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"]) { $1 }
    }
}
