import Glibc
import HostSystem
import StrictYAML

extension Lock {
    /// Writes the lock so that its name holds the old file or the whole new one, never a part.
    ///
    /// A symbolic link stays one: the file that it leads to is replaced. Permissions stay, too.
    ///
    /// - Returns: whether the file was written; a file that holds the same text already is left alone.
    /// - Throws: that the file is read-only or cannot be written, with the system's reason.
    @discardableResult
    package func write(to name: String) throws(LockError) -> Bool {
        let bytes = Array(text.utf8)
        if (try? DocumentFile.read(name, advice: "")) == bytes { return false }
        let path = Self.place(of: name)
        let mode = try Self.mode(of: path)
        do { try replaceFile(path, with: bytes, permissions: 0o666, mode: mode) } catch {
            throw LockError(
                file: path, problem: "the lock cannot be written: \(systemMessage(error.code))",
                advice: "check that its folder exists, can be written, and has room")
        }
        return true
    }

    /// The file that a path leads to, which need not exist.
    private static func place(of path: String) -> String {
        var place = path
        // As many links as the kernel follows.
        for _ in 0..<40 {
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink(place, &buffer, buffer.count)
            guard count > 0 else { break }
            let target = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
            let folder = place.lastIndex(of: "/").map { String(place[...$0]) } ?? ""
            place = target.hasPrefix("/") ? target : folder + target
        }
        return place
    }

    /// The permissions of the file that is there; nil where there is none.
    ///
    /// Renaming asks for no right on the file itself, so who took that away is asked here, root included.
    private static func mode(of path: String) throws(LockError) -> mode_t? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        guard status.st_mode & 0o222 != 0, access(path, W_OK) == 0 else {
            throw LockError(
                file: path, problem: "the lock has to be written, and is read-only",
                advice: "make it writable (chmod u+w \(path)), or name another file with --lockfile")
        }
        return status.st_mode & 0o7777
    }
}
