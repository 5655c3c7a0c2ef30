import Glibc
import Synchronization

/// A pipe that tells a child how long its work matters: the child reads, nobody writes, and the end of the data means that
/// this process has no more use for it or is no more.
///
/// That holds for every way in which a process can end, kill -9 among them, and for children of another process group,
/// which Ctrl-C in a terminal does not reach. A parent-death signal would not do: Linux sends it when the thread ends that
/// has started the child.
enum Lifeline {
    /// The end that this process holds; -1 where there is none.
    private static let held = Atomic<Int32>(-1)
    /// The signal that asked this process to end; 0 where none did.
    private static let signal = Atomic<Int32>(0)

    /// Runs work with a pipe for its child, and lets go of that when a signal asks this process to end.
    ///
    /// The work waits for its child, so that nothing of it is left when this returns.
    ///
    /// - Throws: `HostTestError.interrupted`, and what the work throws.
    static func hold<Result>(_ work: (_ input: Int32) throws -> Result) throws -> Result {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw WorkflowError.unwritable(path: "a pipe", code: errno) }
        for end in ends where fcntl(end, F_SETFD, FD_CLOEXEC) == -1 {
            throw WorkflowError.unwritable(path: "a pipe", code: errno)
        }
        signal.store(0, ordering: .sequentiallyConsistent)
        held.store(ends[1], ordering: .sequentiallyConsistent)
        let handlers = [SIGINT, SIGTERM, SIGHUP].map { ($0, Self.handle($0)) }
        defer {
            letGo()
            close(ends[0])
            for case (let number, var before?) in handlers { sigaction(number, &before, nil) }
        }
        let result = try work(ends[0])
        let number = signal.load(ordering: .sequentiallyConsistent)
        guard number == 0 else { throw HostTestError.interrupted(signal: number) }
        return result
    }

    /// Takes a signal over; one that the caller has chosen to ignore (nohup) stays ignored.
    ///
    /// - Returns: what was done about it before; nil where nothing is changed.
    private static func handle(_ number: Int32) -> sigaction? {
        var before = sigaction()
        guard sigaction(number, nil, &before) == 0,
            unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self) != unsafeBitCast(SIG_IGN, to: Int.self)
        else { return nil }
        var own = sigaction()
        own.sa_flags = SA_RESTART
        own.__sigaction_handler.sa_handler = { number in
            Lifeline.signal.store(number, ordering: .sequentiallyConsistent)
            Lifeline.letGo()
        }
        return sigaction(number, &own, nil) == 0 ? before : nil
    }

    /// Closes the held end, once; callable from a signal handler.
    private static func letGo() {
        let end = held.exchange(-1, ordering: .sequentiallyConsistent)
        if end != -1 { close(end) }
    }
}
