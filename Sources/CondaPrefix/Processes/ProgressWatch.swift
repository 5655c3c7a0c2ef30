import Glibc

/// Tells whether a child and what it has started still do something: use the processor, or print.
///
/// Where nothing tells (no `/proc`), everything counts as doing something.
struct ProgressWatch {
    private let session: pid_t
    private let files: [Int32]
    private let patience: Double
    private var last: Sign?
    private var lastChange = RunningChild.now
    private var nextLook: Double

    /// What changes as long as something is done.
    private struct Sign: Equatable {
        let ticks: UInt64
        let sizes: [off_t]
    }

    init(session: pid_t, files: [Int32], patience: Double) {
        self.session = session
        self.files = files
        self.patience = patience
        nextLook = lastChange + patience / 20
    }

    /// How long to sleep between two looks at most, in milliseconds.
    var interval: Int32 { Int32(max(1, min(patience / 20 * 1000, 60_000))) }

    /// For how long nothing was done; nil while that is within the patience.
    mutating func secondsStuck(at now: Double) -> Double? {
        guard now >= nextLook else { return nil }
        nextLook = now + patience / 20
        guard let found = look() else { return nil }
        if found != last {
            last = found
            lastChange = now
        }
        return now - lastChange >= patience ? patience : nil
    }

    private func look() -> Sign? {
        guard let table = ProcessTable() else { return nil }
        let sizes = files.map { file -> off_t in
            var status = stat()
            return fstat(file, &status) == 0 ? status.st_size : 0
        }
        return Sign(ticks: table.ticks(session: session), sizes: sizes)
    }
}
