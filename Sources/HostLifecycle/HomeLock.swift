import CondaPrefix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Holds a service's home for one process at a time, until it is released.
///
/// The lock is `flock` on the home directory itself: the kernel lets go of it when the process ends,
/// however it ends, and no file is left behind.
struct HomeLock: ~Copyable {
    private let descriptor: Int32

    /// How long to wait for another process, in seconds: longer than any installation takes.
    static let patience = 1800

    /// Waits until no other process works on the home.
    ///
    /// - Throws: `HostError.busy` when the other one does not come to an end, `HostError.interrupted`.
    init(_ home: ServiceHome, patience: Int = Self.patience) throws(HostError) {
        let descriptor = open(home.root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor != -1 else { throw .system(operation: "open", path: home.root, code: errno) }
        do throws(HostError) {
            try Self.lock(descriptor, home, patience)
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
    }

    private static func lock(_ descriptor: Int32, _ home: ServiceHome, _ patience: Int) throws(HostError) {
        let end = ContinuousClock.now + .seconds(patience)
        while flock(descriptor, LOCK_EX | LOCK_NB) == -1 {
            let code = errno
            guard code == EWOULDBLOCK || code == EINTR else {
                throw .system(operation: "lock", path: home.root, code: code)
            }
            if let signal = Interruption.ofThisProcess.signal { throw .interrupted(signal: signal) }
            guard ContinuousClock.now < end else { throw .busy(root: home.root, seconds: patience) }
            Interruption.ofThisProcess.pause(milliseconds: 50)
        }
    }

    deinit { close(descriptor) }
}
