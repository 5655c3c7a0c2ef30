import Glibc

/// The one owner of a file descriptor, which it closes when it goes.
package final class Descriptor: Sendable {
    /// The number for system calls; valid as long as this object lives.
    package let number: Int32

    /// Takes over an open descriptor.
    init(owning number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }
}

/// Repeats a system call that a signal interrupted; returns its result, or the `errno` it failed with.
func uninterrupted<Result: SignedInteger>(_ call: () -> Result) -> (result: Result, code: Int32) {
    while true {
        let result = call()
        if result >= 0 { return (result, 0) }
        let code = errno
        if code != EINTR { return (result, code) }
    }
}

/// Lends bytes as a C string; they must not contain NUL.
func withCString<Result>(_ bytes: some Collection<UInt8>, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { buffer in
        var end = 0
        for byte in bytes {
            buffer[end] = CChar(bitPattern: byte)
            end += 1
        }
        buffer[end] = 0
        return body(UnsafePointer(buffer.baseAddress.unsafelyUnwrapped))
    }
}
