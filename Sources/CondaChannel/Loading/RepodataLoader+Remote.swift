import CondaModel
import Glibc

/// Channels over the network, with conditional requests and a cache that stays consistent when a process is killed.
extension RepodataLoader {
    func remoteSource(_ channel: Channel, _ subdir: String) async throws(ChannelError) -> (any RecordSource)? {
        let location = channel.subdirectory(subdir)
        let folder = RepodataFolder(cache: cache, subdirectory: location)
        let work = ChannelEvent.Work(kind: .repodata, name: "\(channel.name)/\(subdir)", url: location.description)
        if let known = try folder.open(), offline || known.state.isFresh(at: now()) {
            events(.finished(work, .cached))
            return try source(channel, subdir, known, folder)
        }
        if offline { throw .offline(missing: [location.appending(RepodataVariant.plain.fileName).description]) }
        let lock = try await lockedFile(folder.lockPath)
        defer { withExtendedLifetime(lock) {} }
        guard let known = try await refresh(location, folder, work) else { return nil }
        return try source(channel, subdir, known, folder)
    }

    private func source(
        _ channel: Channel, _ subdir: String, _ known: (state: RepodataState, body: File), _ folder: RepodataFolder
    ) throws(ChannelError) -> any RecordSource {
        let url = channel.subdirectory(subdir).appending(known.state.variant.fileName)
        do throws(ChannelError) {
            if known.state.variant == .shards {
                let bytes = try known.body.bytes(at: 0, count: Int(known.state.bodyStamp.size))
                return try ShardedSubdir(channel: channel, subdir: subdir, url: url, index: bytes, loader: self)
            }
            let index = try index(
                of: known.body, cachedAt: folder.file("\(known.state.body).index"), url: url.description)
            return try indexed(channel, subdir, url: url, file: known.body, index: index, folder: folder)
        } catch {
            if case .corrupt = error { folder.discard() }
            throw error
        }
    }

    /// Asks the server for the best variant that it has; nil when it has none.
    ///
    /// Hold the lock.
    private func refresh(
        _ location: ResourceURL, _ folder: RepodataFolder, _ work: ChannelEvent.Work
    ) async throws(ChannelError) -> (state: RepodataState, body: File)? {
        let known = try folder.open()
        // Another process may have done it while this one waited for the lock.
        if let known, known.state.isFresh(at: now()) {
            events(.finished(work, .cached))
            return known
        }
        var absent = known?.state.absent ?? [:]
        for variant in RepodataVariant.allCases {
            if variant != .plain, known?.state.isAbsent(variant, at: now()) == true { continue }
            switch try await ask(for: variant, at: location, folder, known: known, work) {
            case .absent: absent[variant.rawValue] = now()
            case .unchanged(var state, let body):
                state.absent = absent
                try folder.commit(state)
                events(.finished(work, .cached))
                return (state, body)
            case .new(var state, let document, let received):
                state.absent = absent
                if let index = document.index {
                    save(index, stamp: document.stamp, to: folder.file("\(document.name).index"))
                }
                try folder.commit(state)
                events(.finished(work, .fetched(bytes: received)))
                return (state, document.file)
            }
        }
        return nil
    }

    private enum Answer {
        case absent
        case unchanged(RepodataState, File)
        case new(RepodataState, RepodataReceiver.Document, bytes: Int64)
    }

    private func ask(
        for variant: RepodataVariant, at location: ResourceURL, _ folder: RepodataFolder,
        known: (state: RepodataState, body: File)?, _ work: ChannelEvent.Work
    ) async throws(ChannelError) -> Answer {
        let url = location.appending(variant.fileName)
        let current = known?.state.variant == variant ? known : nil
        do throws(ChannelError) {
            return try await requester.attempting(url, for: work) { (place) async throws(AttemptFailure) in
                let response = try await requester.get(
                    place, headers: current?.state.conditions ?? [:], compressed: variant == .plain)
                switch response.status {
                case 304:
                    guard let current else { throw .permanent(.refused(url: url.description, status: 304)) }
                    var state = current.state
                    state.take(response.headers, at: now())
                    return .unchanged(state, current.body)
                case 404, 410, 416: return .absent
                default: return try await receive(response, variant, from: location, place, folder, work)
                }
            }
        } catch .refused(let refused, let status) {
            // Object stores answer 403 for what does not exist when listing is not allowed.
            if status == 403 && variant != .plain { return .absent }
            throw .refused(url: refused, status: status)
        }
    }

    private func receive(
        _ response: TransportResponse, _ variant: RepodataVariant, from location: ResourceURL, _ place: ResourceURL,
        _ folder: RepodataFolder, _ work: ChannelEvent.Work
    ) async throws(AttemptFailure) -> Answer {
        var received: Int64 = 0
        do {
            let total = response.headers["content-length"].flatMap { Int64($0) }
            events(.started(work, total: total, resumed: 0))
            let receiver = try RepodataReceiver(variant: variant, folder: folder, url: place.description)
            var progress = ProgressMeter(work: work, events: events)
            for try await piece in response.body {
                received += Int64(piece.count)
                try piece.withUnsafeBytes { try receiver.take($0) }
                progress.report(received)
            }
            if let total, total != received {
                throw AttemptFailure.transient(reason: "\(received) of \(total) bytes arrived")
            }
            let document = try receiver.finish()
            var state = document.state(url: location, variant: variant)
            state.take(response.headers, at: now())
            return .new(state, document, bytes: received)
        } catch {
            throw requester.failure(error, place)
        }
    }

    func now() -> Int64 { Int64(time(nil)) }
}
