import Glibc
import HostSystem

/// /dev/null, in a root that has none (`dnf --installroot`), for as long as this value lives.
///
/// Link scripts, activation scripts and checks send output there, as every program does. Without the device a file of
/// that name would come to be, and stay in the image; where no device can be made that file goes afterwards.
struct NullDevice: ~Copyable {
    private static let path = "/dev/null"
    /// Device 1:3, as mem(4) numbers it.
    private static let number: dev_t = 0x103

    private let isOwn: Bool
    private let events: @Sendable (HostEvent) -> Void

    init(events: @escaping @Sendable (HostEvent) -> Void) {
        self.events = events
        isOwn = !exists(Self.path)
        guard isOwn, mknod(Self.path, S_IFCHR | 0o666, Self.number) == 0 else { return }
        // Whatever the umask. On a file system that is mounted nodev it cannot be opened, and is worse than none.
        if chmod(Self.path, 0o666) == 0, Self.opens { return }
        remove()
    }

    deinit {
        if isOwn, exists(Self.path) { remove() }
    }

    private static var opens: Bool {
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        return descriptor != -1 && close(descriptor) == 0
    }

    private borrowing func remove() {
        if unlink(Self.path) == -1 {
            events(.warning("cannot remove \(Self.path): \(systemMessage())"))
        }
    }
}
