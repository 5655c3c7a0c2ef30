import Glibc

/// The one way in which our programs write data: to standard output, to the last byte, or with an error.
///
/// `print` writes into a buffer of the C library and never says whether the bytes arrived; a full disk then looks like
/// success to whoever reads the file. So nothing of ours calls it (scripts/check-house looks).
package enum StandardOutput {
    /// Writes text and the end of its line.
    ///
    /// - Throws: `OutputError`.
    package static func write(line: String) throws(OutputError) {
        try write(Array((line + "\n").utf8))
    }

    /// Writes bytes; the descriptor is another one in tests only.
    static func write(_ bytes: [UInt8], to descriptor: Int32 = STDOUT_FILENO) throws(OutputError) {
        guard ProcessStreams.isOpen(descriptor) else { throw OutputError(code: EBADF) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count == -1, errno == EAGAIN {
                try wait(for: descriptor)
            } else if count == 0 || errno != EINTR {
                throw OutputError(code: count == 0 ? EIO : errno)
            }
        }
        try settle(descriptor)
    }

    /// A descriptor that somebody has made non-blocking is waited for.
    private static func wait(for descriptor: Int32) throws(OutputError) {
        var descriptors = [pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)]
        guard poll(&descriptors, 1, -1) != -1 || errno == EINTR else { throw OutputError(code: errno) }
    }

    /// File systems of a network report a full disk when a descriptor is closed: so a copy of it is.
    private static func settle(_ descriptor: Int32) throws(OutputError) {
        let copy = dup(descriptor)
        guard copy != -1, close(copy) == 0 else { throw OutputError(code: errno) }
    }
}

/// Why data did not reach standard output.
package struct OutputError: ActionableError, Hashable {
    /// `errno`.
    package var code: Int32

    /// Whether whoever read the data has gone, as `head` does when it has enough.
    package var isClosedPipe: Bool { code == EPIPE }

    package var description: String { "cannot write to standard output: \(systemMessage(code))" }

    package var hint: String? { "what was printed is not complete; make room, or send it elsewhere, and run it again" }
}

/// What is told beside the data.
package enum StandardError {
    /// Writes text as it is; when standard error cannot be written there is no one left to tell.
    package static func write(_ text: String) {
        guard ProcessStreams.isOpen(STDERR_FILENO) else { return }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count == -1, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
