/// Bytes of a response as they arrive, with back-pressure: libcurl waits while nobody takes what is there.
///
/// Read it once. Whoever lets go of it ends the transfer.
struct ResponseBody: AsyncSequence, Sendable {
    private let reading: Reading

    init(_ transfer: CurlTransfer) { reading = Reading(transfer) }

    func makeAsyncIterator() -> Iterator { Iterator(reading: reading) }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate let reading: Reading

        mutating func next() async throws(TransportError) -> [UInt8]? { try await reading.transfer.piece() }

        mutating func next(isolation actor: isolated (any Actor)?) async throws(TransportError) -> [UInt8]? {
            try await reading.transfer.piece()
        }
    }

    fileprivate final class Reading: Sendable {
        let transfer: CurlTransfer

        init(_ transfer: CurlTransfer) { self.transfer = transfer }

        deinit { transfer.abandon() }
    }
}
