import CondaPrefix
import FoundationEssentials
import Glibc

/// A program to run to its end: by absolute path, or by a name that is looked up on `PATH`.
struct Command: Sendable {
    /// How a run ended.
    struct Result: Sendable {
        /// nil for exit code 0, else `exit status 2` or `signal 9`.
        let failure: String?
        /// Standard output and error, as they came.
        let output: String

        var succeeded: Bool { failure == nil }
        var status: String { failure ?? "exit status 0" }
    }

    let executable: String
    let arguments: [String]
    let environment: [String: String]
    let directory: String
    /// Seconds that it may run; nil for as long as it does something.
    var limit: Double?
    /// Whom it runs as; nil: as this program.
    var identity: ChildIdentity?
    /// What may end it early; nil for what has to be finished once it was begun.
    var interruption: Interruption? = .ofThisProcess

    init(
        _ executable: String, _ arguments: [String],
        environment: [String: String] = ["PATH": Command.searchPath, "LANG": "C.UTF-8"], directory: String = "/"
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
    }

    /// rpm gives scriptlets a `PATH`; without one the usual folders count.
    static var searchPath: String {
        ProcessInfo.processInfo.environment["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin"
    }

    func run() throws -> Result {
        var process = ChildProcess(
            executable: try resolved(), arguments: arguments, environment: environment, directory: directory)
        process.limit = limit
        process.identity = identity
        process.interruption = interruption
        let outcome = try process.run()
        return Result(failure: outcome.failure, output: String(decoding: outcome.output, as: UTF8.self))
    }

    /// Whether there is such a program at all.
    var isThere: Bool { (try? resolved()) != nil }

    private func resolved() throws(HostError) -> String {
        if executable.contains("/") { return executable }
        guard let found = Self.find(executable, on: Self.searchPath) else {
            throw .system(operation: "find on PATH", path: executable, code: ENOENT)
        }
        return found
    }
}

extension Command {
    /// Finds a program as a shell does: in the folders of a search path, or at its own path where that has a slash.
    static func find(_ program: String, on searchPath: String) -> String? {
        if program.contains("/") { return exists(program) ? program : nil }
        // An empty entry is the working directory (XBD 8.3 of POSIX).
        let folders = searchPath.split(separator: ":", omittingEmptySubsequences: false).map { $0.isEmpty ? "." : $0 }
        return program.isEmpty ? nil : folders.map { "\($0)/\(program)" }.first(where: isProgram)
    }

    static func isProgram(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }

    /// Becomes another program; a script without `#!` is the shell's, as with `execvp`.
    ///
    /// The program keeps the signal mask of the thread that becomes it, and the runtime blocks nearly every signal on its
    /// threads: nobody could end the program then.
    /// - Throws: `HostError.system` when the program does not start.
    static func replaceProcess(
        _ path: String, _ arguments: [String], _ environment: [String]
    ) throws(HostError) -> Never {
        Interruption.leaveSignals()
        var none = sigset_t()
        guard sigemptyset(&none) == 0, pthread_sigmask(SIG_SETMASK, &none, nil) == 0 else {
            throw .system(operation: "run", path: path, code: errno)
        }
        execute(path, arguments, environment)
        if errno == ENOEXEC { execute("/bin/sh", ["/bin/sh", path] + arguments.dropFirst(), environment) }
        throw .system(operation: "run", path: path, code: errno)
    }

    /// `execve`, which returns only when it fails.
    private static func execute(_ path: String, _ arguments: [String], _ environment: [String]) {
        let argv = arguments.map { strdup($0) } + [nil]
        let envp = environment.map { strdup($0) } + [nil]
        execve(path, argv, envp)
        let code = errno
        for pointer in argv + envp { free(pointer) }
        errno = code
    }
}
