import CondaPrefix
import Glibc

/// Holds a service's home for one process at a time, until it is released.
///
/// The lock is `flock`: the kernel lets go of it when the process ends, however it ends. Whoever can read a file or a
/// directory can lock it, for as long as he likes; so it is on a file that nobody but its owner can open.
struct HomeLock: ~Copyable {
    private let descriptor: Int32
    private let path: String

    /// How long to wait for another process, in seconds: longer than any installation takes.
    static let patience = 1800

    /// Waits until no other process works on the home.
    ///
    /// - Throws: `HostError.busy` when the other one does not come to an end, `HostError.interrupted`.
    init(_ home: ServiceHome, patience: Int = Self.patience) throws(HostError) {
        path = home.lockFile
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
            guard descriptor != -1 else { throw .system(operation: "open", path: path, code: errno) }
            do throws(HostError) {
                try Self.lock(descriptor, home, patience)
            } catch {
                close(descriptor)
                throw error
            }
            if Self.isFile(descriptor, at: path) {
                self.descriptor = descriptor
                return
            }
            // Whoever held it has removed the home meanwhile.
            close(descriptor)
        }
    }

    /// Removes the file with the home that it belongs to, while the lock is held.
    func removeFile() throws(HostError) {
        try check("remove", path) { unlink(path) == -1 && errno != ENOENT ? -1 : 0 }
    }

    private static func isFile(_ descriptor: Int32, at path: String) -> Bool {
        var opened = stat()
        guard fstat(descriptor, &opened) == 0, let named = status(path) else { return false }
        return opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
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
