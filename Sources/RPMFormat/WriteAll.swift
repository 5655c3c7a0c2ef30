import Glibc

/// Writes all bytes at an offset, or at the descriptor's own position where there is none.
///
/// - Returns: the system's error number, 0 where all went well.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, at offset: Int64? = nil) -> Int32 {
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
