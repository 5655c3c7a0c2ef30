import Glibc
import Synchronization

/// What a program does about its three descriptors before and after its work.
package enum ProcessStreams {
    /// A bit for each descriptor that is not the caller's.
    private static let foreign = Atomic<Int32>(0)

    /// Takes the place of descriptors that the caller has closed, as in `conda-rpm lock >&-`.
    ///
    /// The next file that is opened would get the number otherwise, and what is meant for standard output would be written
    /// into it. A directory open for reading refuses every write, and there is one even in a root without /dev. What the
    /// Swift runtime itself has opened before us goes by its flag: a descriptor from the caller has never FD_CLOEXEC.
    package static func occupyClosed() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
            let flags = fcntl(descriptor, F_GETFD)
            // The lowest free number is the missing one; where it cannot be had nothing else can be opened either.
            if flags == -1 { _ = open("/", O_RDONLY | O_DIRECTORY) }
            if flags == -1 || flags & FD_CLOEXEC != 0 {
                foreign.bitwiseOr(1 << descriptor, ordering: .sequentiallyConsistent)
            }
        }
    }

    /// Whether a descriptor is what the caller has given.
    static func isOpen(_ descriptor: Int32) -> Bool {
        descriptor > STDERR_FILENO || foreign.load(ordering: .sequentiallyConsistent) & (1 << descriptor) == 0
    }

    /// Ends this process by a signal, so that whoever started it sees the usual status: 141 for SIGPIPE, 130 for SIGINT.
    package static func end(bySignal number: Int32) -> Never {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, number)
        signal(number, SIG_DFL)
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        kill(getpid(), number)
        // Only where the signal is one that does not end a process, or this is the first process of a container.
        _exit(128 + number)
    }
}
