import CLinux
import Glibc
import HostSystem

/// `MFD_CLOEXEC`, which the C library declares under _GNU_SOURCE only.
private let closeOnExec: UInt32 = 1

/// A file without a name, for a program's output; its descriptor is 4 or more, out of the way of a child's own.
final class ScratchFile: Sendable {
    let number: Int32

    /// In the folder for temporary files, else in memory: a root that is being made may have no such folder.
    convenience init(for program: String) throws(PrefixError) {
        if let stream = tmpfile() {
            defer { fclose(stream) }
            try self.init(copying: fileno(stream), for: program)
        } else {
            let code = errno
            let inMemory = memfd_create("conda-rpm", closeOnExec)
            guard inMemory != -1 else {
                throw .cannotRun(program, problem: "no temporary file: \(systemMessage(code))")
            }
            defer { close(inMemory) }
            try self.init(copying: inMemory, for: program)
        }
    }

    /// Nothing to read: `/dev/null`, or an empty file in a root that has none.
    static func empty(for program: String) throws(PrefixError) -> ScratchFile {
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard null != -1 else { return try ScratchFile(for: program) }
        defer { close(null) }
        return try ScratchFile(copying: null, for: program)
    }

    private init(copying descriptor: Int32, for program: String) throws(PrefixError) {
        number = fcntl(descriptor, F_DUPFD_CLOEXEC, 4)
        guard number >= 0 else { throw .cannotRun(program, problem: systemMessage()) }
    }

    deinit {
        close(number)
    }

    /// Makes it another user's, where that may be: what has been opened already works all the same.
    func give(to identity: ChildIdentity, for program: String) throws(PrefixError) {
        guard fchown(number, identity.user, identity.group) != 0, errno != EINVAL, errno != EPERM else { return }
        throw .cannotRun(program, problem: "its output cannot be given to it: \(systemMessage())")
    }

    /// Reads the last bytes.
    func tail(_ limit: Int, of program: String) throws(PrefixError) -> [UInt8] {
        var offset = max(0, Int(lseek(number, 0, SEEK_END)) - limit)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count < limit {
            let count = chunk.withUnsafeMutableBytes { pread(number, $0.baseAddress, $0.count, offset) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw .cannotRun(program, problem: "its output is lost: \(systemMessage())")
            }
            if count == 0 { break }
            bytes.append(contentsOf: chunk[..<count])
            offset += count
        }
        return bytes
    }
}
