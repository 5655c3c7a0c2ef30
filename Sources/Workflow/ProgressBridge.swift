import CondaChannel
import Synchronization
import TerminalProgress

/// Receives what a long piece of work tells; called from any thread.
package typealias EventHandler = @Sendable (ProgressEvent) -> Void

/// Turns what channels tell of single files into one task for all of them.
///
/// Channels count each file from zero; a task is told what came since. The difference is kept here.
final class ProgressBridge: Sendable {
    private let task: String
    private let events: EventHandler
    private let received = Mutex<[String: Int64]>([:])

    init(task: String, total: Int64?, events: @escaping EventHandler) {
        self.task = task
        self.events = events
        events(.started(task: task, total: total, unit: .bytes))
    }

    func handle(_ event: ChannelEvent) {
        switch event {
        case .started(let work, _, let resumed): advance(work.url, to: resumed)
        case .progress(let work, let count): advance(work.url, to: count)
        case .finished(let work, .fetched(let bytes)): advance(work.url, to: bytes)
        case .retrying(let work, let attempt, let reason):
            events(.warning("\(work.name): \(reason); trying again (attempt \(attempt))"))
        case .warning(let text): events(.warning(text))
        case .finished(_, .cached): break
        }
    }

    func finish(_ summary: String) {
        events(.finished(task: task, summary: summary))
    }

    /// Bytes that came over the network or were newly read.
    var total: Int64 { received.withLock { $0.values.reduce(0, +) } }

    private func advance(_ url: String, to count: Int64) {
        let difference = received.withLock { received in
            let before = received[url] ?? 0
            received[url] = max(before, count)
            return count - before
        }
        if difference > 0 { events(.advanced(task: task, by: difference)) }
    }
}
