import CCurl
import CondaModel
import Glibc
import HostSystem
import Synchronization

/// The thread that drives all transfers with libcurl's multi interface, and all that libcurl may be told from elsewhere.
///
/// Whatever libcurl has belongs to that thread; others leave an errand and wake it.
final class CurlLoop: Sendable {
    private enum Errand {
        case add(CurlTransfer)
        /// Somebody has taken what a transfer waited with.
        case resume(CurlTransfer)
        case end(CurlTransfer)
        case stop
    }

    private struct State {
        var errands: [Errand] = []
        /// Why nothing more is done; nil while it is.
        var end: TransportError?
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let multi: CurlMulti
    private let network: NetworkSettings

    private init(multi: CurlMulti, network: NetworkSettings) {
        self.multi = multi
        self.network = network
    }

    /// - Throws: ``TransportError`` when libcurl or the system has no memory or thread left for it.
    static func start(network: NetworkSettings) throws(TransportError) -> CurlLoop {
        let loop = CurlLoop(multi: try CurlMulti(), network: network)
        var thread = pthread_t()
        let context = Unmanaged.passRetained(loop)
        let status = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<CurlLoop>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context.toOpaque())
        guard status == 0 else {
            context.release()
            throw TransportError(reason: "no thread could be started: \(systemMessage(status))", isTransient: false)
        }
        let detached = pthread_detach(thread)
        precondition(detached == 0, "a thread that was started cannot be detached: \(detached)")
        return loop
    }

    func add(_ transfer: CurlTransfer) {
        transfer.isAdded(to: self)
        leave(.add(transfer))
    }

    func resume(_ transfer: CurlTransfer) { leave(.resume(transfer)) }
    func end(_ transfer: CurlTransfer) { leave(.end(transfer)) }
    func stop() { leave(.stop) }

    /// Stops, and waits until the connections are closed.
    func stopped() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.end == nil { state.waiting.append(continuation) }
                return state.end != nil
            }
            if isOver { continuation.resume() } else { stop() }
        }
    }

    private func leave(_ errand: Errand) {
        // Under the lock, for what has stopped is closed.
        let end = state.withLock { state in
            if state.end == nil {
                state.errands.append(errand)
                multi.wake()
            }
            return state.end
        }
        if let end, case .add(let transfer) = errand { transfer.finish(.failure(end)) }
    }

    // MARK: On the thread

    private func run() {
        // A peer that is gone is told by an error; libcurl leaves the signal to us.
        var pipe = sigset_t()
        let isBlocked =
            sigemptyset(&pipe) == 0 && sigaddset(&pipe, SIGPIPE) == 0 && pthread_sigmask(SIG_BLOCK, &pipe, nil) == 0
        precondition(isBlocked, "a valid set of signals can be blocked")
        var handles: [ObjectIdentifier: CurlHandle] = [:]
        let failure = drive(&handles) ?? .cancelled
        for handle in handles.values { end(handle, &handles, failure) }
        let (left, waiting) = state.withLock { state in
            state.end = failure
            defer { (state.errands, state.waiting) = ([], []) }
            return (state.errands, state.waiting)
        }
        for case .add(let transfer) in left { transfer.finish(.failure(failure)) }
        multi.close()
        for continuation in waiting { continuation.resume() }
    }

    /// Runs until it is told to stop; gives what libcurl could not do.
    private func drive(_ handles: inout [ObjectIdentifier: CurlHandle]) -> TransportError? {
        do throws(TransportError) {
            while takeErrands(&handles) {
                try multi.perform { pointer, result in
                    guard let handle = handles.values.first(where: { $0.pointer == pointer }) else { return }
                    end(handle, &handles, handle.failure(result))
                }
                try multi.wait()
            }
            return nil
        } catch {
            return error
        }
    }

    private func takeErrands(_ handles: inout [ObjectIdentifier: CurlHandle]) -> Bool {
        let errands = state.withLock { state in
            defer { state.errands = [] }
            return state.errands
        }
        for errand in errands {
            switch errand {
            case .add(let transfer): begin(transfer, &handles)
            case .resume(let transfer):
                guard let handle = handles[ObjectIdentifier(transfer)] else { continue }
                let result = handle.resume()
                if result != CURLE_OK { end(handle, &handles, handle.failure(result)) }
            case .end(let transfer):
                if let handle = handles[ObjectIdentifier(transfer)] { end(handle, &handles, .cancelled) }
            case .stop: return false
            }
        }
        return true
    }

    private func begin(_ transfer: CurlTransfer, _ handles: inout [ObjectIdentifier: CurlHandle]) {
        do throws(TransportError) {
            let handle = try CurlHandle(transfer, network: network)
            try multi.add(handle)
            handles[ObjectIdentifier(transfer)] = handle
        } catch {
            transfer.finish(.failure(error))
        }
    }

    /// Takes a transfer out and says how it ended.
    private func end(
        _ handle: CurlHandle, _ handles: inout [ObjectIdentifier: CurlHandle], _ failure: TransportError?
    ) {
        handles[ObjectIdentifier(handle.transfer)] = nil
        multi.remove(handle)
        handle.transfer.finish(failure.map { .failure($0) } ?? .success(()))
    }
}

/// libcurl's multi handle.
///
/// All but ``wake()`` is for one thread.
final class CurlMulti: @unchecked Sendable {
    private let pointer: UnsafeMutableRawPointer

    /// Before any thread uses libcurl.
    private static let initialized = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    init() throws(TransportError) {
        guard CurlMulti.initialized == CURLE_OK else {
            throw TransportError(
                reason: "libcurl cannot be used: \(String(cString: ccurl_problem()))", isTransient: false)
        }
        guard let pointer = curl_multi_init() else { throw .outOfMemory }
        self.pointer = pointer
    }

    /// Ends ``wait()``, from any thread.
    func wake() {
        // It fails only where there is no pipe for it; then the wait ends by its own time limit.
        _ = curl_multi_wakeup(pointer)
    }

    /// Waits until something can be done, a second at most.
    func wait() throws(TransportError) { try check(curl_multi_poll(pointer, nil, 0, 1000, nil)) }

    /// Does what can be done, and tells which handles ended with what.
    func perform(_ ended: (UnsafeMutableRawPointer, CURLcode) -> Void) throws(TransportError) {
        var running: Int32 = 0
        try check(curl_multi_perform(pointer, &running))
        var left: Int32 = 0
        while let message = curl_multi_info_read(pointer, &left) {
            if message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle {
                ended(handle, ccurl_result(message))
            }
        }
    }

    func add(_ handle: CurlHandle) throws(TransportError) { try check(curl_multi_add_handle(pointer, handle.pointer)) }

    func remove(_ handle: CurlHandle) {
        let status = curl_multi_remove_handle(pointer, handle.pointer)
        precondition(status == CURLM_OK, "what was added can be removed")
    }

    /// Closes all connections; every handle is removed by now.
    func close() {
        let status = curl_multi_cleanup(pointer)
        precondition(status == CURLM_OK, "a handle without transfers can be closed")
    }

    private func check(_ status: CURLMcode) throws(TransportError) {
        guard status == CURLM_OK else {
            throw TransportError(reason: String(cString: curl_multi_strerror(status)), isTransient: false)
        }
    }
}
