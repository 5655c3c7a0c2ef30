extension ChannelSession {
    /// Reads a small document that is asked for anew each time, such as a repository's index; nil when there is none.
    ///
    /// - Parameter limit: the most bytes that the caller is willing to hold; a longer document is refused.
    /// - Throws: ``ChannelError``; offline, that the document is missing.
    package func document(_ url: ResourceURL, limit: Int) async throws(ChannelError) -> [UInt8]? {
        if offline { throw .offline(missing: [url.description]) }
        let work = ChannelEvent.Work(kind: .repodata, name: url.fileName, url: url.description)
        return try await requester.attempting(url, for: work) { place throws(AttemptFailure) in
            let response = try await requester.get(place, compressed: true)
            guard response.status != 404 else { return nil }
            return try await body(of: response, from: place, limit: limit)
        }
    }

    private func body(
        of response: TransportResponse, from url: ResourceURL, limit: Int
    ) async throws(AttemptFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            for try await piece in response.body {
                guard bytes.count + piece.count <= limit else {
                    throw ChannelError.unreachable(
                        url: url.description, attempts: 1, reason: "the document is longer than \(limit) bytes")
                }
                bytes += piece
            }
        } catch {
            throw requester.failure(error, url)
        }
        return bytes
    }
}
