import NIOCore

/// A file of this machine on its way to a server.
struct UploadBody: Sendable, AsyncSequence {
    typealias Element = ByteBuffer

    let file: File
    let size: Int64

    struct Iterator: AsyncIteratorProtocol {
        let body: UploadBody
        var position: Int64 = 0

        mutating func next() async throws -> ByteBuffer? {
            let count = Int(Swift.min(1 << 20, body.size - position))
            guard count > 0 else { return nil }
            let bytes = try body.file.bytes(at: UInt64(position), count: count)
            guard bytes.count == count else {
                throw TransportError(reason: "the file became shorter while it was sent", isTransient: false)
            }
            position += Int64(count)
            return ByteBuffer(bytes: bytes)
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(body: self) }
}

extension Requester {
    /// Sends one file with PUT, and again after transient failures.
    func put(_ body: UploadBody, to url: ResourceURL, headers: [String: String]) async throws(ChannelError) {
        let name = url.description.split(separator: "/").last.map(String.init) ?? ""
        let work = ChannelEvent.Work(kind: .archive, name: name, url: url.description)
        events(.started(work, total: body.size, resumed: 0))
        try await attempting(url, for: work) { place async throws(AttemptFailure) in
            try await sendOnce(body, to: place, headers: headers)
        }
        events(.finished(work, .fetched(bytes: body.size)))
    }

    private func sendOnce(
        _ body: UploadBody, to url: ResourceURL, headers: [String: String]
    ) async throws(AttemptFailure) {
        let known = credentials.authenticated(url)
        guard let target = ResourceURL(known.revealed(), takingToken: false) else {
            throw .permanent(.invalidChannel(url.description, reason: "it cannot be requested"))
        }
        var request = TransportRequest(url: Redacted(target.text), headers: headers.mapValues { Redacted($0) })
        request.headers["user-agent"] = Redacted("conda-rpm")
        request.headers["authorization"] = known.credentials.reveal().authorization.map { Redacted($0) }
        let response: TransportResponse
        do {
            response = try await transport.put(request, body)
        } catch {
            throw failure(error, url)
        }
        switch response.status {
        case 200...299: return
        case let status where RetryPolicy.isTransient(status): throw .transient(reason: "status \(status)")
        // Redirects are not followed: the place that takes uploads is asked for by its own name.
        default: throw .permanent(.refused(url: url.description, status: response.status))
        }
    }
}

extension ChannelSession {
    /// Sends a file to `folder/NAME` with HTTP PUT and the credentials of that place (its URL, or netrc).
    ///
    /// The digest goes along as `X-Checksum-Sha256`, by which Artifactory refuses what was damaged on the way.
    package func upload(_ path: String, sha256: String, to folder: ResourceURL) async throws(ChannelError) {
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        guard let file = try File.reading(path) else { throw .notFound(url: path) }
        try await requester.put(
            UploadBody(file: file, size: Int64(try file.stamp().size)), to: folder.appending(name),
            headers: ["x-checksum-sha256": sha256, "content-type": "application/x-rpm"])
    }
}
