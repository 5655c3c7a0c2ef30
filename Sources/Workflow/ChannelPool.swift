import CondaChannel
import CondaModel

/// Channels that several services of one run ask for, each loaded once.
///
/// One session serves them all, so that credentials, connections and the cache are shared, too.
package actor ChannelPool {
    private struct Key: Hashable {
        let channels: [Channel]
        let subdirs: [Subdir]
    }

    nonisolated let session: ChannelSession
    private var loading: [Key: Task<Repodata, any Error>] = [:]

    /// Opens a session of its own; only warnings and retries are told, because bytes belong to no single service.
    package init(_ connection: Connection, events: @escaping EventHandler) throws {
        session = try ChannelSession(
            configuration: .load(environment: connection.environment), cache: connection.cache,
            offline: connection.offline
        ) { event in
            switch event {
            case .retrying(let work, let attempt, let reason):
                events(.warning("\(work.name): \(reason); trying again (attempt \(attempt))"))
            case .warning(let text): events(.warning(text))
            default: break
            }
        }
    }

    /// The repodata of channels; who asks second waits for who asked first.
    func repodata(_ channels: [Channel], _ subdirs: [Subdir]) async throws -> Repodata {
        let key = Key(channels: channels, subdirs: subdirs)
        if let task = loading[key] { return try await task.value }
        let loader = session.loader
        let task = Task { try await Self.load(loader, key) }
        loading[key] = task
        return try await task.value
    }

    // A function of its own: Swift 6.3 miscompiles a typed error that is caught inside a task's closure.
    private static func load(_ loader: RepodataLoader, _ key: Key) async throws -> Repodata {
        try await loader.load(channels: key.channels, subdirs: key.subdirs)
    }

    /// Closes connections; nothing may be asked for afterwards.
    package func close() async { await session.close() }
}
