import CondaModel

/// The state of one download over its attempts: how much is there, its digest so far, and what the server called
/// that version.
final class PartialDownload {
    private let task: ArchiveTask
    private let file: File
    private var digest: ArchiveDigest
    private var offset: Int64 = 0
    /// Bytes that came over the network in all attempts.
    private(set) var received: Int64 = 0
    /// `ETag` or `Last-Modified` of the bytes that are there; nil when an earlier process left them.
    private var validator: String?
    private var resumesEarlierProcess = false
    /// Bound for an item whose size nobody promised.
    private static let limit: Int64 = 64 << 30

    /// Takes over what an earlier attempt left in `file`, which is locked.
    ///
    /// Without a digest that could not be verified, so it is dropped.
    init(task: ArchiveTask, file: File) throws(ChannelError) {
        (self.task, self.file) = (task, file)
        digest = ArchiveDigest(task.item)
        if task.item.sha256 == nil && task.item.md5 == nil {
            try file.truncate(to: 0)
            return
        }
        offset = try digest.update(from: file)
        resumesEarlierProcess = offset > 0
        if let size = task.item.size, offset > size { try restart() }
        try file.seek(to: offset)
    }

    /// Runs until the archive is complete and verified.
    ///
    /// - Throws: ``ChannelError``. After a wrong digest or size, and on a full disk, nothing is left; after a cut what
    /// is there stays for the next time.
    func run() async throws(ChannelError) -> ArchiveDigest.Values {
        do throws(ChannelError) {
            return try await task.downloader.requester.attempting(task.location, for: task.work) {
                (place) async throws(AttemptFailure) in
                try await self.attempt(place)
            }
        } catch {
            switch error {
            case .digestMismatch, .sizeMismatch, .notFound, .diskFull: removeFile(file.path)
            default: break
            }
            throw error
        }
    }

    private func restart() throws(ChannelError) {
        try file.truncate(to: 0)
        digest = ArchiveDigest(task.item)
        (offset, validator, resumesEarlierProcess) = (0, nil, false)
    }

    private func attempt(_ place: ResourceURL) async throws(AttemptFailure) -> ArchiveDigest.Values {
        let before = offset
        let requester = task.downloader.requester
        do {
            if offset == 0 || task.item.size != offset {
                try await receive(requester.get(place, headers: headers), place)
            }
            return try verified()
        } catch {
            throw requester.failure(error, place, progressed: offset > before)
        }
    }

    private var headers: [String: String] {
        guard offset > 0 else { return [:] }
        var headers = ["range": "bytes=\(offset)-"]
        // A weak tag does not promise equal bytes (RFC 9110, section 13.1.5).
        if let validator, !validator.hasPrefix("W/") { headers["if-range"] = validator }
        return headers
    }

    private func receive(_ response: TransportResponse, _ place: ResourceURL) async throws {
        let total = try begin(response, place)
        task.downloader.events(.started(task.work, total: total ?? task.item.size, resumed: offset))
        var progress = ProgressMeter(work: task.work, events: task.downloader.events)
        for try await piece in response.body {
            let bound = task.item.size ?? PartialDownload.limit
            if offset + Int64(piece.count) > bound { try refuse(size: offset + Int64(piece.count), bound) }
            try piece.withUnsafeBytes { bytes in
                digest.update(bytes)
                try file.write(bytes)
            }
            offset += Int64(piece.count)
            received += Int64(piece.count)
            progress.report(offset)
        }
        if let total, offset < total {
            throw AttemptFailure.transient(reason: "\(offset) of \(total) bytes arrived", progressed: true)
        }
    }

    /// Looks at status and headers and places the file at where the body belongs.
    ///
    /// Gives the total size, when the server says it.
    private func begin(_ response: TransportResponse, _ place: ResourceURL) throws -> Int64? {
        let length = response.headers["content-length"].flatMap { Int64($0) }
        var total = length
        switch response.status {
        case 206 where response.isDecoded:
            try restart()
            throw AttemptFailure.transient(reason: "the server sent a part of something compressed")
        case 206:
            let range = response.headers["content-range"].flatMap(ContentRange.init)
            guard let range, range.start == offset else {
                try restart()
                throw AttemptFailure.transient(reason: "the server sent another range than asked for")
            }
            total = range.total ?? length.map { $0 + offset }
        case 416:
            try restart()
            throw AttemptFailure.transient(reason: "the server has no more bytes than there are already")
        case 404, 410: throw ChannelError.notFound(url: place.description)
        case 200: if offset > 0 { try restart() }
        default: throw ChannelError.refused(url: place.description, status: response.status)
        }
        if let total, let size = task.item.size, total != size { try refuse(size: total, size) }
        validator = response.isDecoded ? nil : response.headers["etag"] ?? response.headers["last-modified"]
        return total
    }

    private func refuse(size found: Int64, _ expected: Int64) throws {
        throw ChannelError.sizeMismatch(url: task.location.description, expected: expected, found: found)
    }

    private func verified() throws -> ArchiveDigest.Values {
        let found = digest.finish()
        do throws(ChannelError) {
            try task.check(size: offset)
            try task.check(found)
            return found
        } catch {
            guard resumesEarlierProcess else { throw error }
            // What an earlier process left may have been another version: once more from the beginning.
            try restart()
            throw AttemptFailure.transient(reason: "the resumed bytes do not belong together", progressed: true)
        }
    }
}

/// `bytes 5-9/10` of a partial response.
struct ContentRange: Hashable {
    let start: Int64
    /// nil when the server does not know it.
    let total: Int64?

    init?(_ text: String) {
        guard text.lowercased().hasPrefix("bytes ") else { return nil }
        let parts = text.dropFirst(6).split(separator: "/")
        guard parts.count == 2, let dash = parts[0].firstIndex(of: "-"), let start = Int64(parts[0][..<dash]) else {
            return nil
        }
        self.start = start
        total = Int64(parts[1])
    }
}
