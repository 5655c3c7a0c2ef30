import CLinux
import Glibc

/// Starts a program by `posix_spawn`.
///
/// swift-subprocess would do, were it not for the sleeping task that it keeps beside each program: that wakes up through
/// libdispatch, which ends a process that has no /proc to look its own threads up in.
struct Spawn {
    let executable: String
    let arguments: [String]
    let environment: [String: String]
    let directory: String

    /// - Throws: ``PrefixError`` when the program does not start.
    func start(input: Int32, output: Int32, errors: Int32) throws(PrefixError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        try check(posix_spawn_file_actions_init(&actions))
        defer { posix_spawn_file_actions_destroy(&actions) }
        // Descriptors of the tool close on exec; a copy under a standard number does not.
        for (descriptor, number) in [(input, STDIN_FILENO), (output, STDOUT_FILENO), (errors, STDERR_FILENO)] {
            try check(posix_spawn_file_actions_adddup2(&actions, descriptor, number))
        }
        try check(posix_spawn_file_actions_addchdir_np(&actions, directory))
        var attributes = posix_spawnattr_t()
        try check(posix_spawnattr_init(&attributes))
        defer { posix_spawnattr_destroy(&attributes) }
        try resetSignals(&attributes)
        return try start(&actions, &attributes)
    }

    /// The program finds signals as a login gives them, whatever the caller of the tool ignores or blocks.
    private func resetSignals(_ attributes: inout posix_spawnattr_t) throws(PrefixError) {
        var (all, none) = (sigset_t(), sigset_t())
        guard sigfillset(&all) == 0, sigemptyset(&none) == 0 else { throw failure(errno) }
        try check(posix_spawnattr_setsigdefault(&attributes, &all))
        try check(posix_spawnattr_setsigmask(&attributes, &none))
        try check(posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)))
    }

    private func start(
        _ actions: inout posix_spawn_file_actions_t, _ attributes: inout posix_spawnattr_t
    ) throws(PrefixError) -> pid_t {
        let words = Self.copies([executable] + arguments)
        let variables = Self.copies(environment.map { "\($0.key)=\($0.value)" }.sorted())
        defer { for word in words + variables { free(word) } }
        var process = pid_t()
        try check(posix_spawn(&process, executable, &actions, &attributes, words, variables))
        return process
    }

    /// As C has it: with nil at the end.
    private static func copies(_ words: [String]) -> [UnsafeMutablePointer<CChar>?] {
        words.map { strdup($0) } + [nil]
    }

    /// These calls return what others leave in errno.
    private func check(_ code: Int32) throws(PrefixError) {
        guard code == 0 else { throw failure(code) }
    }

    private func failure(_ code: Int32) -> PrefixError {
        .cannotRun(executable, problem: String(cString: strerror(code)))
    }
}
