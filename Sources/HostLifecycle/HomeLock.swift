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

    /// Waits until no other process works on the home.
    init(_ home: ServiceHome) throws(HostError) {
        let descriptor = open(home.root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor != -1 else { throw .system(operation: "open", path: home.root, code: errno) }
        while flock(descriptor, LOCK_EX) == -1 {
            let code = errno
            guard code == EINTR else {
                close(descriptor)
                throw .system(operation: "lock", path: home.root, code: code)
            }
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
