import Synchronization

/// Lets so many tasks through at once; others wait in order.
final class AsyncLimiter: Sendable {
    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
        var next = 0
    }

    private let state: Mutex<State>

    init(_ limit: Int) { state = Mutex(State(free: max(1, limit))) }

    func run<Value: Sendable>(_ body: () async throws(ChannelError) -> Value) async throws(ChannelError) -> Value {
        await withCheckedContinuation { continuation in
            let goes = state.withLock { state in
                if state.free > 0 {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if goes { continuation.resume() }
        }
        defer { leave() }
        return try await body()
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.next < state.waiting.count {
                state.next += 1
                return state.waiting[state.next - 1]
            }
            state.waiting = []
            state.next = 0
            state.free += 1
            return nil
        }
        next?.resume()
    }
}
