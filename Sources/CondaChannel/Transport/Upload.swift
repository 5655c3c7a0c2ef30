extension Requester {
    /// Sends one file with PUT, and again after transient failures.
    func put(_ body: UploadBody, to url: ResourceURL, headers: [String: String]) async throws(ChannelError) {
        let name = url.description.split(separator: "/").last.map(String.init) ?? ""
        let work = ChannelEvent.Work(kind: .archive, name: name, url: url.description)
        events(.started(work, total: body.size, resumed: 0))
        try await attempting(url, for: work) { place async throws(AttemptFailure) in
            let response = try await send(.put(body.reporting(work, events)), to: place, headers: headers)
            switch response.status {
            case 200...299: return
            case let status where RetryPolicy.isTransient(status): throw .transient(reason: "status \(status)")
            default: throw .permanent(.refused(url: place.description, status: response.status))
            }
        }
        events(.finished(work, .fetched(bytes: body.size)))
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
            UploadBody(file: file), to: folder.appending(name),
            headers: ["x-checksum-sha256": sha256, "content-type": "application/x-rpm"])
    }
}
