import Glibc
import Synchronization

/// The wish of somebody outside that the program ends: Ctrl-C, `kill`, a closed terminal.
///
/// A signal does not end anything by itself. It is noted, and whoever waits or begins the next piece of work finds it
/// noted, ends its child, tidies up and throws; so a step that is interrupted ends like one that has failed.
package final class Interruption: Sendable {
    /// What the process itself was asked.
    package static let ofThisProcess = Interruption()

    private let noted = Atomic<Int32>(0)

    /// Becomes readable when a signal has come, and stays it, so that all who wait notice; -1 where there is none.
    let descriptor: Int32
    private let sender: Int32

    /// One that no signal reaches, only ``note(_:)``.
    package init() {
        var ends: [Int32] = [-1, -1]
        if pipe(&ends) == 0 {
            for end in ends {
                _ = fcntl(end, F_SETFD, FD_CLOEXEC)
                _ = fcntl(end, F_SETFL, O_NONBLOCK)
            }
        }
        descriptor = ends[0]
        sender = ends[1]
    }

    deinit {
        close(descriptor)
        close(sender)
    }

    /// The signal that came; nil when none has.
    package var signal: Int32? {
        let number = noted.load(ordering: .acquiring)
        return number == 0 ? nil : number
    }

    /// Notes a signal, as a handler may: nothing is allocated.
    package func note(_ signal: Int32) {
        let code = errno
        noted.store(signal, ordering: .releasing)
        var byte: UInt8 = 1
        // A full pipe is readable already.
        _ = write(sender, &byte, 1)
        errno = code
    }

    /// Begins the next piece of work, unless a signal has come.
    package func check() throws(PrefixError) {
        if let signal { throw .interrupted(signal: signal) }
    }

    /// Waits, and less long when a signal comes.
    package func pause(milliseconds: Int32) {
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&waited, 1, milliseconds)
    }
}

extension Interruption {
    /// Takes SIGINT, SIGTERM, SIGHUP and the end of the processor time that is allowed (`ulimit -t`) as a wish to end.
    ///
    /// rpm blocks SIGINT in its scriptlets, so that a key pressed there would reach everything but the tool; it is let
    /// in. What `nohup` has switched off stays off. A reader of our output that has gone is no reason to stop halfway.
    package static func takeSignals() {
        _ = ofThisProcess
        var wanted = sigset_t()
        sigemptyset(&wanted)
        for number in [SIGINT, SIGTERM, SIGHUP, SIGXCPU] {
            sigaddset(&wanted, number)
            var action = sigaction()
            if number == SIGHUP, sigaction(number, nil, &action) == 0, isIgnored(action) { continue }
            action = sigaction()
            action.__sigaction_handler.sa_handler = { Interruption.ofThisProcess.note($0) }
            action.sa_flags = SA_RESTART
            _ = sigaction(number, &action, nil)
        }
        _ = pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
        _ = Glibc.signal(SIGPIPE, SIG_IGN)
        // A file that may grow no further (`ulimit -f`) is an error like a full disk.
        _ = Glibc.signal(SIGXFSZ, SIG_IGN)
        // Whoever started us may have switched it off; then nobody would learn how a child ended.
        _ = Glibc.signal(SIGCHLD, SIG_DFL)
    }

    /// Undoes it for a program that this one becomes; handlers do not outlive that by themselves.
    package static func leaveSignals() {
        _ = Glibc.signal(SIGPIPE, SIG_DFL)
        _ = Glibc.signal(SIGXFSZ, SIG_DFL)
    }

    private static func isIgnored(_ action: sigaction) -> Bool {
        guard let handler = action.__sigaction_handler.sa_handler else { return false }
        return unsafeBitCast(handler, to: Int.self) == 1
    }

    /// The name of a signal, as `kill -l` has it.
    package static func name(_ signal: Int32) -> String {
        switch signal {
        case SIGINT: "SIGINT"
        case SIGTERM: "SIGTERM"
        case SIGHUP: "SIGHUP"
        case SIGXCPU: "SIGXCPU, as its processor time is over (ulimit -t)"
        default: "signal \(signal)"
        }
    }
}
