import Synchronization

/// Parsers keep buffers that are worth using again; as many exist as threads parse at once.
final class RecordParserPool: Sendable {
    private struct Idle: @unchecked Sendable {
        // Safe because a parser is either here or lent to exactly one caller.
        var parsers: [RecordParser] = []
    }

    private let idle = Mutex(Idle())

    func withParser<Value>(_ body: (RecordParser) throws(ChannelError) -> Value) throws(ChannelError) -> Value {
        let lent = idle.withLock { Idle(parsers: $0.parsers.popLast().map { [$0] } ?? []) }
        guard let parser = lent.parsers.first ?? RecordParser() else {
            throw .fileSystem(path: "memory for repodata", operation: "allocating", code: 12)
        }
        let back = Idle(parsers: [parser])
        defer { idle.withLock { $0.parsers += back.parsers } }
        return try body(parser)
    }
}
