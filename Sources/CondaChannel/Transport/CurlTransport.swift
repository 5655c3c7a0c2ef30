import Synchronization

/// The real transport: libcurl, which dnf and mamba use too.
///
/// The system's trust store and its rules for cryptography, HTTP/2,
/// proxies, netrc and `Content-Encoding` are its part.
///
/// One thread drives every transfer; it is started by the first request, so that `file://` costs none.
final class CurlTransport: Transport {
    private let network: NetworkSettings
    private let loop = Mutex<CurlLoop?>(nil)

    init(network: NetworkSettings) { self.network = network }

    deinit { loop.withLock { $0?.stop() } }

    func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        let first = CurlTransfer(request)
        let answer = await answer(to: first)
        // What the file is anyway (`repodata.json.zst`) some servers call its encoding: that is nothing to undo.
        guard request.isNamed(asCompressedBy: first.encoding) else { return try answer.get() }
        first.abandon()
        return try await self.answer(to: CurlTransfer(request, decodes: false)).get()
    }

    private func answer(to transfer: CurlTransfer) async -> Result<TransportResponse, TransportError> {
        do throws(TransportError) {
            try start(transfer)
            return .success(try await transfer.response())
        } catch {
            return .failure(error)
        }
    }

    private func start(_ transfer: CurlTransfer) throws(TransportError) {
        let running = loop.withLock { loop -> Result<CurlLoop, TransportError> in
            if let loop { return .success(loop) }
            do throws(TransportError) {
                let started = try CurlLoop.start(network: network)
                loop = started
                return .success(started)
            } catch {
                return .failure(error)
            }
        }
        try running.get().add(transfer)
    }

    func close() async {
        let running = loop.withLock { loop in
            defer { loop = nil }
            return loop
        }
        await running?.stopped()
    }
}

extension TransportRequest {
    /// Whether the name of what is asked for ends as a file of that `Content-Encoding` does.
    fileprivate func isNamed(asCompressedBy encoding: String?) -> Bool {
        let suffixes = [
            "zstd": ".zst", "bzip2": ".bz2", "x-bzip2": ".bz2", "gzip": ".gz", "x-gzip": ".gz", "xz": ".xz",
        ]
        guard let encoding, let suffix = suffixes[encoding.lowercased()] else { return false }
        return url.reveal().prefix { $0 != "?" }.hasSuffix(suffix)
    }
}
