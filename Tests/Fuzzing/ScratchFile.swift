import Glibc

/// A file for readers that want a path; it has no name and goes with the last reference.
package final class ScratchFile {
    /// Where it can be opened, by this process alone.
    package let path: String
    private let descriptor: CInt

    /// Makes a file of some bytes, in memory where the system has a place for that.
    package init(_ contents: [UInt8]) throws(BrokenPromise) {
        let folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        var template = Array("\(folder)/conda-rpm-fuzz.XXXXXX".utf8CString)
        descriptor = mkstemp(&template)
        try promise(descriptor >= 0, "no file could be made in \(folder): error \(errno)")
        unlink(template)
        path = "/proc/self/fd/\(descriptor)"
        let written = contents.isEmpty ? 0 : write(descriptor, contents, contents.count)
        try promise(written == contents.count, "only \(written) of \(contents.count) bytes fit into a file")
    }

    deinit { close(descriptor) }
}
