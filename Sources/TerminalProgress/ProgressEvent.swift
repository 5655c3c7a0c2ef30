/// What a long piece of work tells while it goes on.
///
/// Work is told as tasks with a name; the name is the task's identity. A renderer turns the events into
/// plain lines or a drawn bar, and knows nothing of the work.
package enum ProgressEvent: Sendable, Equatable {
    /// A task begins; `total` in `unit`s where it is known.
    case started(task: String, total: Int64?, unit: ProgressUnit)
    /// More of a task is done.
    case advanced(task: String, by: Int64)
    /// A task is done; `summary` is what to remember of it.
    case finished(task: String, summary: String)
    /// A line to show and keep.
    case note(String)
    case warning(String)
}

/// What a task counts.
package enum ProgressUnit: Sendable, Equatable {
    case bytes
    case items

    func text(_ count: Int64) -> String {
        switch self {
        case .items: "\(count)"
        case .bytes: ByteText.string(count)
        }
    }
}

/// Bytes as people read them: powers of 1000, one decimal below 10.
package enum ByteText {
    package static func string(_ bytes: Int64) -> String {
        var value = Double(bytes)
        for unit in ["B", "kB", "MB", "GB"] {
            if value < 999.5 || unit == "GB" {
                return unit == "B" || value >= 9.95 ? "\(Int(value.rounded())) \(unit)" : "\(oneDecimal(value)) \(unit)"
            }
            value /= 1000
        }
        return "\(bytes) B"
    }

    private static func oneDecimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
