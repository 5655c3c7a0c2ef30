import CLinux
import Glibc

/// A child that leads a session of its own, until it has been waited for.
///
/// As long as it has not, its number and that of its process group mean nothing else.
struct RunningChild: ~Copyable {
    /// How a child came to its end.
    enum Ending: Equatable {
        case exited(Int32)
        case signaled(Int32)
        case stuck(seconds: Double)
        case late(seconds: Double)
        case interrupted(signal: Int32)
    }

    /// How long a child has for tidying up when it is asked to end, in milliseconds.
    private static let grace: Int32 = 5000

    let process: pid_t
    /// Readable when the child has ended; -1 where the kernel is older than Linux 5.3.
    private let descriptor: Int32

    init(_ process: pid_t) {
        self.process = process
        descriptor = open_process(process)
    }

    deinit { if descriptor != -1 { close(descriptor) } }

    /// Waits for the end, or makes one.
    ///
    /// What is left of the process group is ended too, unless the child was content: then a daemon may have been meant.
    consuming func wait(watch: consuming ProgressWatch, limit: Double?, interruption: Interruption?) -> Ending {
        let begun = Self.now
        let longest = min(watch.interval, limit.map { Int32(max(1, $0 * 50)) } ?? .max)
        var pause: Int32 = 1
        var forced: Ending?
        while !hasEnded() {
            if let signal = interruption?.signal {
                forced = .interrupted(signal: signal)
            } else if let limit, Self.now - begun >= limit {
                forced = .late(seconds: limit)
            } else if let seconds = watch.secondsStuck(at: Self.now) {
                forced = .stuck(seconds: seconds)
            }
            if forced != nil { break }
            sleep(min(pause, longest), interruption)
            pause = min(pause * 2, descriptor == -1 ? 20 : 60_000)
        }
        // One that waits for a disk or a server may not even heed SIGKILL; nobody waits for it then.
        if let forced, !end() { return forced }
        let ending = reap(endingGroup: forced != nil)
        return forced ?? ending
    }

    /// Whether the child has ended; it stays to be waited for.
    private func hasEnded() -> Bool {
        var info = siginfo_t()
        guard waitid(P_PID, id_t(process), &info, WEXITED | WNOHANG | WNOWAIT) == 0 else { return errno != EINTR }
        return info.si_signo != 0
    }

    /// Sleeps until the child ends, a signal comes, or the time is over.
    private func sleep(_ milliseconds: Int32, _ interruption: Interruption?) {
        var waited = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: interruption?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
        ]
        // Negative descriptors are skipped. Whatever it says, the caller looks.
        _ = poll(&waited, 2, milliseconds)
    }

    /// Asks the group to end, and after some time does not ask any more; whether the child has ended.
    private func end() -> Bool {
        _ = kill(-process, SIGTERM)
        _ = kill(-process, SIGCONT)
        if waitBriefly() { return true }
        _ = kill(-process, SIGKILL)
        return waitBriefly()
    }

    private func waitBriefly() -> Bool {
        let begun = Self.now
        while !hasEnded(), (Self.now - begun) * 1000 < Double(Self.grace) { sleep(20, nil) }
        return hasEnded()
    }

    private func reap(endingGroup: Bool) -> Ending {
        // Still there to be waited for, it holds the group's number.
        var info = siginfo_t()
        let known = waitid(P_PID, id_t(process), &info, WEXITED | WNOHANG | WNOWAIT)
        let failed = known != 0 || !(info.si_code == Int32(CLD_EXITED) && info._sifields._sigchld.si_status == 0)
        if endingGroup || failed { _ = kill(-process, SIGKILL) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1 {
            // Somebody else has waited for it: then nobody knows how it ended.
            guard errno == EINTR else { return .exited(-1) }
        }
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .signaled(signal)
    }

    /// Seconds of a clock that nobody sets.
    static var now: Double {
        var time = timespec()
        // It cannot fail with this clock.
        _ = clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
