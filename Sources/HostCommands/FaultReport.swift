import Glibc

/// The last words of a program that cannot go on: where memory is refused, Swift stops it without a reason.
enum FaultReport {
    /// Made beforehand: when it is needed nothing can be allocated.
    nonisolated(unsafe) private static var text = UnsafeBufferPointer<UInt8>(start: nil, count: 0)

    /// Has the signals of a fault say what probably was wrong, before they do what they always do.
    static func prepare() {
        let bytes = Array("error: conda-rpm-host had to stop in the middle of its work\nhint: \(hint)\n".utf8)
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        _ = copy.initialize(from: bytes)
        text = UnsafeBufferPointer(copy)
        for number in [SIGABRT, SIGBUS, SIGILL, SIGSEGV, SIGTRAP] {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { _ in
                _ = write(STDERR_FILENO, FaultReport.text.baseAddress, FaultReport.text.count)
            }
            // Once: when the handler returns, the fault happens again and ends the program.
            action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
            _ = sigaction(number, &action, nil)
        }
    }

    private static var hint: String {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < 1 << 40 else {
            return "see whether memory ran out: dmesg | tail"
        }
        return "its memory is limited to \(limit.rlim_cur >> 20) MiB (ulimit -v); try again with more"
    }
}
