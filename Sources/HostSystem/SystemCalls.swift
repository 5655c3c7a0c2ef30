import Glibc

/// A call of the system that has failed; targets make errors of their own of it, which say what to do next.
package struct SystemFailure: Error, Hashable, Sendable {
    /// What was tried, as in "cannot sync PATH".
    package let operation: String
    /// What it was tried with.
    package let path: String
    /// `errno`.
    package let code: Int32

    package init(operation: String, path: String, code: Int32 = errno) {
        self.operation = operation
        self.path = path
        self.code = code
    }
}

/// The system's text for an error number, by default that of the call that has just failed.
package func systemMessage(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }

/// Writes all bytes at an offset, or at the descriptor's own position where there is none.
///
/// - Returns: the system's error number, 0 where all went well. A device that takes nothing and says nothing is full (`ENOSPC`).
package func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, at offset: Int64? = nil) -> Int32 {
    var done = 0
    while done < bytes.count {
        let start = bytes.baseAddress?.advanced(by: done)
        let written =
            if let offset {
                pwrite(descriptor, start, bytes.count - done, off_t(offset) + done)
            } else {
                write(descriptor, start, bytes.count - done)
            }
        if written < 0, errno == EINTR { continue }
        if written <= 0 { return written < 0 ? errno : ENOSPC }
        done += written
    }
    return 0
}

/// Reads at an offset until the buffer is full or the file ends.
///
/// - Returns: how many bytes there were, and the system's error number, 0 where all went well.
package func readAll(
    into buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32, at offset: Int64
) -> (count: Int, code: Int32) {
    var done = 0
    while done < buffer.count {
        let got = pread(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done, off_t(offset) + done)
        if got < 0, errno == EINTR { continue }
        if got < 0 { return (done, errno) }
        if got == 0 { break }
        done += got
    }
    return (done, 0)
}
