import CLinux
import CondaModel
import Dispatch
import FoundationEssentials
import Glibc
import HostSystem

/// A program of this machine that does a part of the work: git, uv, gpg, rpmsign, createrepo_c.
struct Program: Sendable {
    /// What a run said: its exit status, or the number of the signal that has ended it, and what it wrote.
    struct Answer: Sendable {
        let status: Int32
        /// Standard output, without the blanks around it.
        let text: String
        /// Standard error; nothing where it went the same way as standard output.
        let errors: String
    }

    let path: String

    /// The first of these names that stands on PATH.
    static func find(_ names: String..., environment: [String: String]) -> Program? {
        let folders = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        for name in names {
            for folder in folders where FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)") {
                return Program(path: "\(folder)/\(name)")
            }
        }
        return nil
    }

    /// Runs it to its end.
    ///
    /// - Parameters:
    ///   - withErrors: whether standard error goes the same way as standard output.
    ///   - input: another standard input than ours; who has one is alone in a process group, so that nothing but its input tells
    ///     it to end.
    func run(
        _ arguments: [String], environment: [String: String], withErrors: Bool = true, input: Int32? = nil
    ) throws(WorkflowError) -> Answer {
        let (output, end) = try openPipe()
        defer { close(output) }
        // No pipe: what nobody reads would stop the program. The flag is `MFD_CLOEXEC` of `linux/memfd.h`.
        let errors = memfd_create("errors", 1)
        defer { close(errors) }
        let child: pid_t
        do {
            defer { close(end) }
            try check(errors == -1 ? errno : 0)
            child = try start(
                arguments, environment, input: input, output: end, errors: withErrors ? end : errors)
        }
        // To its end first: a program that writes much never waits for us.
        let said: [UInt8]
        do { said = try read(output) } catch {
            // Nobody takes what it writes any more.
            try check(kill(child, SIGKILL) == -1 ? errno : 0)
            _ = try wait(for: child)
            throw error
        }
        let status = try wait(for: child)
        try check(lseek(errors, 0, SEEK_SET) == -1 ? errno : 0)
        return Answer(
            status: status, text: String(decoding: said, as: UTF8.self).trimmingBlanks,
            errors: String(decoding: try read(errors), as: UTF8.self).trimmingBlanks)
    }

    /// Runs it to its end with standard error apart, while the caller's thread does other work.
    func runAside(_ arguments: [String], environment: [String: String]) async throws(WorkflowError) -> Answer {
        let answer = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    returning: Result { () throws(WorkflowError) in
                        try run(arguments, environment: environment, withErrors: false)
                    })
            }
        }
        return try answer.get()
    }

    private func openPipe() throws(WorkflowError) -> (output: Int32, end: Int32) {
        var ends: [Int32] = [-1, -1]
        try check(pipe2(&ends, O_CLOEXEC) == -1 ? errno : 0)
        return (ends[0], ends[1])
    }

    /// Starts it with these descriptors and no other.
    private func start(
        _ arguments: [String], _ environment: [String: String], input: Int32?, output: Int32, errors: Int32
    ) throws(WorkflowError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        try check(posix_spawn_file_actions_init(&actions))
        defer { posix_spawn_file_actions_destroy(&actions) }
        try check(posix_spawnattr_init(&attributes))
        defer { posix_spawnattr_destroy(&attributes) }
        try useUsualSignals(&attributes)
        var flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        if let input {
            try check(posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO))
            flags |= POSIX_SPAWN_SETPGROUP
        }
        try check(posix_spawnattr_setflags(&attributes, Int16(flags)))
        try check(posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO))
        try check(posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO))
        for descriptor in Self.inherited { try check(posix_spawn_file_actions_addclose(&actions, descriptor)) }

        let argv = ([path] + arguments).map { strdup($0) } + [nil]
        let envp = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in argv + envp { free(text) } }
        var child: pid_t = 0
        try check(posix_spawn(&child, path, &actions, &attributes, argv, envp))
        return child
    }

    /// What we ignore or hold back, such as SIGPIPE, is our affair: a program counts on being ended by it.
    private func useUsualSignals(_ attributes: inout posix_spawnattr_t) throws(WorkflowError) {
        var all = sigset_t()
        var none = sigset_t()
        try check(sigfillset(&all) == 0 && sigemptyset(&none) == 0 ? 0 : errno)
        try check(posix_spawnattr_setsigdefault(&attributes, &all))
        try check(posix_spawnattr_setsigmask(&attributes, &none))
    }

    /// What others have left open without close-on-exec, beside the three descriptors that a program has.
    private static var inherited: [Int32] {
        let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return open.compactMap { Int32($0) }.filter { $0 > STDERR_FILENO && fcntl($0, F_GETFD) == 0 }
    }

    private func check(_ code: Int32) throws(WorkflowError) {
        guard code == 0 else { throw .unreadable(path: path, reason: systemMessage(code)) }
    }

    private func read(_ output: Int32) throws(WorkflowError) -> [UInt8] {
        var said: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(output, &piece, piece.count)
            if count == -1, errno == EINTR { continue }
            guard count != -1 else { throw .unreadable(path: path, reason: systemMessage()) }
            guard count > 0 else { return said }
            said += piece[..<count]
        }
    }

    private func wait(for child: pid_t) throws(WorkflowError) -> Int32 {
        var status: Int32 = 0
        while waitpid(child, &status, 0) == -1 {
            guard errno == EINTR else { throw .unreadable(path: path, reason: systemMessage()) }
        }
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : signal
    }
}
