/// Turns events into text: a pure value, so that tests compare exact strings.
package struct ProgressRenderer: Sendable {
    /// How progress is shown.
    package enum Style: Sendable, Equatable {
        /// A bar that is redrawn in place, `columns` wide, and lines for what is finished.
        case drawn(columns: Int)
        /// One line for each task that is finished.
        case plain
        /// Warnings only.
        case quiet
    }

    private struct Task {
        var name: String
        var total: Int64?
        var unit: ProgressUnit
        var done: Int64 = 0
    }

    private let style: Style
    private var running: [Task] = []

    package init(style: Style) {
        self.style = style
    }

    /// The text to write for an event: nothing, or lines and, when drawn, the redrawn bar.
    package mutating func render(_ event: ProgressEvent) -> String {
        update(event)
        let lines = lines(for: event)
        guard case .drawn(let columns) = style else { return lines }
        return "\r\u{1B}[K" + lines + bar(columns: columns)
    }

    private mutating func update(_ event: ProgressEvent) {
        switch event {
        case .started(let task, let total, let unit):
            running.removeAll { $0.name == task }
            running.append(Task(name: task, total: total, unit: unit))
        case .advanced(let task, let count):
            guard let index = running.firstIndex(where: { $0.name == task }) else { return }
            running[index].done += count
        case .finished(let task, _):
            running.removeAll { $0.name == task }
        case .note, .warning:
            break
        }
    }

    private func lines(for event: ProgressEvent) -> String {
        switch event {
        case .warning(let text): "warning: \(text)\n"
        case .note(let text): style == .quiet ? "" : "\(text)\n"
        case .finished(let task, let summary): style == .quiet ? "" : "\(task): \(summary)\n"
        case .started, .advanced: ""
        }
    }

    /// The task begun last is the one to show; the others wait for it or run beside it.
    private func bar(columns: Int) -> String {
        guard let task = running.last else { return "" }
        let counts =
            task.total.map { "\(task.unit.text(task.done)) of \(task.unit.text($0))" } ?? task.unit.text(task.done)
        let head = "\(task.name) "
        let tail = task.done == 0 && task.total == nil ? "" : " \(counts)"
        let room = columns - head.count - tail.count - 3
        guard let total = task.total, total > 0, room >= 10 else { return String((head + tail).prefix(columns - 1)) }
        let filled = Int(Int64(room) * min(task.done, total) / total)
        let drawn = String(repeating: "━", count: filled) + String(repeating: " ", count: room - filled)
        return head + "[" + drawn + "]" + tail
    }
}
