import Glibc

/// Blocks that wait for their inverse transform, and the helper threads that do it.
///
/// All mutable state is guarded by `lock`, but for `own`, which only the reader's thread uses.
final class TransformQueue: @unchecked Sendable {
    /// Threads beside the reader's.
    let helpers: Int

    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var waiting: [BZip2Block] = []
    private var threads: [pthread_t] = []
    private var isStopping = false
    private lazy var own = InverseTransform()

    init(helpers: Int) {
        self.helpers = helpers
        pthread_mutex_init(lock, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(lock)
        changed.deallocate()
        lock.deallocate()
    }

    /// Queues a block; from the second one on a helper may take it.
    func submit(_ block: BZip2Block) {
        let isFirst = locked {
            block.isTransformed = false
            waiting.append(block)
            pthread_cond_broadcast(changed)
            return threads.isEmpty && waiting.count == 1
        }
        // Small archives are done before a thread would have started.
        if !isFirst, threads.count < helpers { startHelper() }
    }

    /// Returns when a block is done, doing it here if nobody has begun.
    func finish(_ block: BZip2Block) {
        let isMine = locked {
            guard let place = waiting.firstIndex(where: { $0 === block }) else { return false }
            waiting.remove(at: place)
            return true
        }
        if isMine { return own.unwind(block) }
        locked {
            while !block.isTransformed { pthread_cond_wait(changed, lock) }
        }
    }

    /// Ends the helpers and waits for them; nothing may be submitted afterwards.
    func stop() {
        locked {
            isStopping = true
            pthread_cond_broadcast(changed)
        }
        for thread in threads { pthread_join(thread, nil) }
        threads = []
    }

    /// Where no thread can be had, the reader's does all the work.
    private func startHelper() {
        var thread = pthread_t()
        let queue = Unmanaged.passRetained(self)
        let status = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<TransformQueue>.fromOpaque(context).takeRetainedValue().help()
                return nil
            }, queue.toOpaque())
        if status == 0 { threads.append(thread) } else { queue.release() }
    }

    private func help() {
        let transform = InverseTransform()
        while let block = take() {
            transform.unwind(block)
            locked {
                block.isTransformed = true
                pthread_cond_broadcast(changed)
            }
        }
    }

    /// Waits for a block; nil when there will be none.
    private func take() -> BZip2Block? {
        locked {
            while waiting.isEmpty, !isStopping { pthread_cond_wait(changed, lock) }
            return isStopping ? nil : waiting.removeFirst()
        }
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return body()
    }
}
