import Glibc
import Synchronization

/// Runs `body` on every element, at most `limit` at a time, on the caller's thread and as many others as can be had.
///
/// Plain threads, started one by one and looked after: where a host allows none (`pids.max`, `ulimit -v`) the caller's
/// thread does all the work. A pool that counts on its threads, as that of Swift's own concurrency does, waits there
/// for ever.
/// - Returns: the results in the order of the elements.
/// - Throws: the error of the first element in that order that failed, so that the same input gives the same error;
///   after a failure nothing new is started, nor when a signal asks the program to end.
package func concurrently<Element: Sendable, Result: Sendable>(
    _ elements: [Element], limit: Int, _ body: @escaping @Sendable (Element) throws -> Result
) throws -> [Result] {
    let queue = WorkQueue(count: elements.count) { index in
        try Interruption.ofThisProcess.check()
        return try body(elements[index])
    }
    let helpers = (1..<max(1, min(limit, elements.count))).compactMap { _ in HelperThread { queue.work() } }
    queue.work()
    for helper in helpers { helper.join() }
    return try queue.results()
}

/// Pieces of work that threads take one after the other.
private final class WorkQueue<Result: Sendable>: Sendable {
    private struct State {
        var next = 0
        var hasFailed = false
        var results: [Swift.Result<Result, any Error>?]
    }

    private let state: Mutex<State>
    private let body: @Sendable (Int) throws -> Result

    init(count: Int, body: @escaping @Sendable (Int) throws -> Result) {
        state = Mutex(State(results: [Swift.Result<Result, any Error>?](repeating: nil, count: count)))
        self.body = body
    }

    /// Works until there is nothing left to begin.
    func work() {
        while let index = take() {
            let result = Swift.Result { try body(index) }
            state.withLock {
                $0.results[index] = result
                if case .failure = result { $0.hasFailed = true }
            }
        }
    }

    private func take() -> Int? {
        state.withLock { state in
            guard !state.hasFailed, state.next < state.results.count else { return nil }
            state.next += 1
            return state.next - 1
        }
    }

    func results() throws -> [Result] {
        try state.withLock { $0.results }.compactMap { try $0?.get() }
    }
}

/// A thread that has been started, to be waited for.
private struct HelperThread {
    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private let thread: pthread_t

    /// Starts a thread; nil where none can be had.
    init?(_ body: @escaping @Sendable () -> Void) {
        let work = Unmanaged.passRetained(Work(body))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        guard status == 0 else {
            work.release()
            return nil
        }
        self.thread = thread
    }

    /// It fails only for what is no such thread.
    func join() {
        let status = pthread_join(thread, nil)
        precondition(status == 0, "a thread that was started cannot be waited for: \(status)")
    }
}
