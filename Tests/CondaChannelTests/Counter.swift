import Synchronization

/// Numbers calls from 1.
final class Counter: Sendable {
    private let value = Mutex(0)
    func next() -> Int {
        value.withLock {
            $0 += 1
            return $0
        }
    }
}

/// A number that tasks move up and down.
final class Level: Sendable {
    private let value = Mutex(0)
    func change(by step: Int) -> Int {
        value.withLock {
            $0 += step
            return $0
        }
    }
    func raise(to floor: Int) { value.withLock { $0 = max($0, floor) } }
}
