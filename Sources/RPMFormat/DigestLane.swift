import CondaModel
import Dispatch
import HostSystem
import Synchronization

/// Computes SHA-256 digests beside the thread that has the bytes, in the order in which they are added.
///
/// Holds at most eight pieces; who adds a ninth waits.
final class DigestLane: Sendable {
    private struct State {
        var hasher = Digest(.sha256)
        var digests: [Int: String] = [:]
    }

    private let queue = DispatchQueue(label: "RPMFormat.DigestLane")
    private let places = DispatchSemaphore(value: 8)
    private let state = Mutex(State())

    /// Adds bytes to the current digest.
    func add(_ bytes: [UInt8]) {
        places.wait()
        queue.async { [self] in
            state.withLock { $0.hasher.update(bytes) }
            places.signal()
        }
    }

    /// Ends the current digest, which is kept under `key`, and starts another.
    func cut(_ key: Int) {
        queue.async { [self] in
            state.withLock {
                $0.digests[key] = hexadecimal($0.hasher.finalize())
                $0.hasher = Digest(.sha256)
            }
        }
    }

    /// Waits for all that was added; the digests under their keys, lower-case hexadecimal.
    func finish() -> [Int: String] {
        queue.sync { state.withLock { $0.digests } }
    }
}
