import Dispatch
import Glibc
import HostSystem
import Synchronization

/// A file that gets its final name only when it is complete and on disk; whatever happens before leaves nothing.
struct TemporaryOutput: ~Copyable {
    /// Open for reading and writing.
    let descriptor: Int32
    private let path: String
    /// The name that the file has until it is complete; nil while it has none (`O_TMPFILE`).
    private var temporaryPath: String?
    private var isCommitted = false
    /// `O_TMPFILE`, which the C library shows to GNU programs only: a file in a directory, but without a name.
    private static let withoutName = O_DIRECTORY | 0o20_000_000

    /// Starts a file that will stand at `path`, without a name until then where the file system can do that.
    init(for path: String, isNameless: Bool = true) throws(RPMError) {
        self.path = path
        // A file without a name vanishes even when the process is killed; not every file system has them.
        let nameless = isNameless ? open(directory(of: path), Self.withoutName | O_RDWR | O_CLOEXEC, 0o600) : -1
        if nameless >= 0 {
            descriptor = nameless
            temporaryPath = nil
        } else {
            let name = temporaryName(for: path)
            descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            temporaryPath = name
        }
        guard descriptor >= 0 else {
            let reason = systemMessage()
            isCommitted = true
            throw .unwritable(path: path, reason: reason)
        }
    }

    deinit {
        if !isCommitted, let temporaryPath { unlink(temporaryPath) }
        if descriptor >= 0 { close(descriptor) }
    }

    /// Writes bytes at an offset.
    func write(_ bytes: [UInt8], at offset: Int64) throws(RPMError) {
        try check(bytes.withUnsafeBytes { writeAll($0, to: descriptor, at: offset) })
    }

    /// Brings the file to disk while `body` reads it.
    func sync<Result>(while body: () throws(RPMError) -> Result) throws(RPMError) -> Result {
        // Not what the umask says: a package is for everybody.
        try check(fchmod(descriptor, 0o644) == 0 ? 0 : errno)
        let syncing = Syncing(descriptor)
        let result = Swift.Result { () throws(RPMError) in try body() }
        try check(syncing.wait())
        return try result.get()
    }

    /// Gives the file, which must be on disk, its name, replacing what had it.
    consuming func commit() throws(RPMError) {
        let name = temporaryPath ?? temporaryName(for: path)
        if temporaryPath == nil {
            let linked = linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, name, AT_SYMLINK_FOLLOW)
            try check(linked == 0 ? 0 : errno)
            temporaryPath = name
        }
        try check(rename(name, path) == 0 ? 0 : errno)
        isCommitted = true
        do { try syncDirectory(of: path) } catch { try check(error.code) }
    }

    private func check(_ failure: Int32) throws(RPMError) {
        if failure != 0 { throw .unwritable(path: path, reason: systemMessage(failure)) }
    }
}

/// `fsync` on a thread of its own.
private final class Syncing: Sendable {
    private let queue = DispatchQueue(label: "RPMFormat.Syncing")
    private let failure = Mutex<Int32>(0)

    /// Starts.
    init(_ descriptor: Int32) {
        queue.async { [self] in
            let code = fsync(descriptor) == 0 ? 0 : errno
            failure.withLock { $0 = code }
        }
    }

    /// Waits for its end; the system's error number, 0 where all went well.
    func wait() -> Int32 { queue.sync { failure.withLock { $0 } } }
}
