import Glibc

/// Runs tasks on threads of its own.
///
/// Those that Swift brings come from libdispatch, which reads `/proc/THREAD/stat` once a second while work waits for a
/// thread, and ends the program where that file is not there (`_dispatch_workq_count_runnable_workers` in its
/// `workqueue.c`): any long installation into a root without /proc.
///
/// All mutable state is guarded by `lock`.
final class WorkerPool: TaskExecutor, @unchecked Sendable {
    private let helpers: Int
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let arrived = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var jobs: [UnownedJob] = []

    /// - Parameter threads: with the one that calls ``main(_:)``; where fewer can be had, these do all the work.
    init(threads: Int) {
        helpers = max(1, threads) - 1
        pthread_mutex_init(lock, nil)
        pthread_cond_init(arrived, nil)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        pthread_mutex_lock(lock)
        jobs.append(job)
        pthread_cond_signal(arrived)
        pthread_mutex_unlock(lock)
    }

    /// Runs the body as a task, and ends the program with its answer.
    func main(_ body: @escaping @Sendable () -> Int32) -> Never {
        Task(executorPreference: self) { exit(body()) }
        for _ in 0..<helpers { startHelper() }
        work()
    }

    private func startHelper() {
        var thread = pthread_t()
        let pool = Unmanaged.passRetained(self)
        let status = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<WorkerPool>.fromOpaque(context).takeUnretainedValue().work()
            }, pool.toOpaque())
        if status == 0 { pthread_detach(thread) } else { pool.release() }
    }

    private func work() -> Never {
        while true { next().runSynchronously(on: asUnownedTaskExecutor()) }
    }

    private func next() -> UnownedJob {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        while jobs.isEmpty { pthread_cond_wait(arrived, lock) }
        return jobs.removeFirst()
    }
}
