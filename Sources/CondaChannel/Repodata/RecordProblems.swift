import Synchronization

/// Records of one subdirectory that cannot be used, gathered for one warning instead of thousands.
final class RecordProblems: Sendable {
    private struct State {
        var examples: [String] = []
        var count = 0
        var reported = 0
    }

    private let state = Mutex(State())

    func add(_ fileName: String, _ reason: String) {
        state.withLock { state in
            state.count += 1
            if state.examples.count < 3 { state.examples.append("\(fileName): \(reason)") }
        }
    }

    func add(count: Int, examples: [String], _ reason: String) {
        guard count > 0 else { return }
        for example in examples.prefix(3) { add(example, reason) }
        state.withLock { $0.count += count - min(3, examples.count) }
    }

    /// What was found since the last call, as a sentence; nil when nothing was.
    func takeWarning(for label: String) -> String? {
        state.withLock { state in
            guard state.count > state.reported else { return nil }
            state.reported = state.count
            let subject = state.count == 1 ? "1 record is" : "\(state.count) records are"
            let more = state.count > state.examples.count ? "\n  ..." : ""
            return "\(label): \(subject) left out:" + state.examples.map { "\n  \($0)" }.joined() + more
        }
    }
}
