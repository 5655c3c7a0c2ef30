import CCurl
import CondaModel

/// libcurl's easy handle for one transfer; owns it and all that it points to.
///
/// For the loop's thread alone.
final class CurlHandle {
    let pointer: UnsafeMutableRawPointer
    let transfer: CurlTransfer
    let network: NetworkSettings
    /// Where libcurl writes what was wrong.
    let problem = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private var headers: UnsafeMutablePointer<curl_slist>?
    private var form: OpaquePointer?
    private var sources: [CurlSource] = []

    /// Prepares everything that the request says.
    init(_ transfer: CurlTransfer, network: NetworkSettings) throws(TransportError) {
        guard let pointer = curl_easy_init() else { throw .outOfMemory }
        (self.pointer, self.transfer, self.network) = (pointer, transfer, network)
        problem.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        try set(CURLOPT_ERRORBUFFER, pointer: problem)
        try setAddress()
        try setReception()
        try setContent()
        try setHeaders()
        try setLogin()
        try setPatience()
        try setTrust()
        try setProxy()
    }

    deinit {
        curl_easy_cleanup(pointer)
        if let form { curl_mime_free(form) }
        curl_slist_free_all(headers)
        problem.deallocate()
    }

    /// Goes on after a pause; gives what was wrong with the bytes that had to wait.
    func resume() -> CURLcode { curl_easy_pause(pointer, CURLPAUSE_CONT) }

    // MARK: What is asked for

    private func setAddress() throws(TransportError) {
        try check(ccurl_allow_http(pointer))
        try set(CURLOPT_URL, transfer.request.url.reveal())
        try set(CURLOPT_PATH_AS_IS, 1)
        // Redirects are followed above, where it is known what may go along.
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
        // Rather a stream of the connection that is being made than another connection.
        try set(CURLOPT_PIPEWAIT, transfer.request.url.reveal().hasPrefix("https:") ? 1 : 0)
        try set(CURLOPT_BUFFERSIZE, 256 << 10)
    }

    private func setReception() throws(TransportError) {
        let context = Unmanaged.passUnretained(transfer).toOpaque()
        let body: curl_write_callback = { bytes, size, count, context in
            guard let context else { return 0 }
            let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
            switch transfer.receive(UnsafeRawBufferPointer(start: bytes, count: size * count)) {
            case .taken: return size * count
            case .paused: return Int(CURL_WRITEFUNC_PAUSE)
            // Fewer bytes than there are end the transfer.
            case .unwanted: return 0
            }
        }
        let header: curl_write_callback = { bytes, size, count, context in
            guard let context else { return 0 }
            let line = String(decoding: UnsafeRawBufferPointer(start: bytes, count: size * count), as: UTF8.self)
            Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue().receive(header: line)
            return size * count
        }
        try check(ccurl_set_transfer(pointer, CURLOPT_WRITEFUNCTION, body))
        try set(CURLOPT_WRITEDATA, pointer: context)
        try check(ccurl_set_transfer(pointer, CURLOPT_HEADERFUNCTION, header))
        try set(CURLOPT_HEADERDATA, pointer: context)
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        guard transfer.decodes else { return }
        // The empty text stands for everything that libcurl can undo.
        try set(CURLOPT_ACCEPT_ENCODING, transfer.request.allowsCompression ? "" : "identity")
    }

    private func setContent() throws(TransportError) {
        switch transfer.request.content {
        case .none: break
        case .put(let body):
            try set(CURLOPT_UPLOAD, 1)
            try check(ccurl_set_size(pointer, CURLOPT_INFILESIZE_LARGE, curl_off_t(body.size)))
            try setSource(body)
        case .post(let body):
            try set(CURLOPT_POST, 1)
            try check(ccurl_set_size(pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.size)))
            try setSource(body)
        case .form(let parts): try setForm(parts)
        }
    }

    private func setSource(_ body: UploadBody) throws(TransportError) {
        let source = CurlSource(body)
        sources.append(source)
        try check(ccurl_set_transfer(pointer, CURLOPT_READFUNCTION, CurlSource.read))
        try set(CURLOPT_READDATA, pointer: source.context)
        try check(ccurl_set_seek(pointer, CurlSource.seek))
        try set(CURLOPT_SEEKDATA, pointer: source.context)
    }

    private func setForm(_ parts: [FormPart]) throws(TransportError) {
        guard let form = curl_mime_init(pointer) else { throw .outOfMemory }
        self.form = form
        for part in parts {
            guard let field = curl_mime_addpart(form) else { throw .outOfMemory }
            let source = CurlSource(part.body)
            sources.append(source)
            try check(curl_mime_name(field, part.name))
            if let fileName = part.fileName { try check(curl_mime_filename(field, fileName)) }
            if let type = part.type { try check(curl_mime_type(field, type)) }
            try check(
                curl_mime_data_cb(
                    field, curl_off_t(part.body.size), CurlSource.read, CurlSource.seek, nil, source.context))
        }
        try check(ccurl_set_pointer(pointer, CURLOPT_MIMEPOST, UnsafeMutableRawPointer(form)))
    }

    private func setHeaders() throws(TransportError) {
        // Who sends a body does not wait for a server's leave, which many never give.
        for (name, value) in [("expect", Redacted(""))] + transfer.request.headers.sorted(by: { $0.key < $1.key }) {
            let text = value.reveal()
            guard let longer = curl_slist_append(headers, text.isEmpty ? "\(name):" : "\(name): \(text)") else {
                throw .outOfMemory
            }
            headers = longer
        }
        try set(CURLOPT_HTTPHEADER, pointer: headers)
    }

    // MARK: libcurl's answers

    func set(_ option: CURLoption, _ value: Int) throws(TransportError) {
        try check(ccurl_set_number(pointer, option, value))
    }

    func set(_ option: CURLoption, _ text: String?) throws(TransportError) {
        try check(ccurl_set_text(pointer, option, text))
    }

    func set(_ option: CURLoption, pointer value: UnsafeMutableRawPointer?) throws(TransportError) {
        try check(ccurl_set_pointer(pointer, option, value))
    }

    func check(_ status: CURLcode) throws(TransportError) {
        guard status == CURLE_OK else {
            throw TransportError(
                reason: "libcurl does not take the request: \(String(cString: curl_easy_strerror(status)))",
                isTransient: false)
        }
    }
}

/// A body that libcurl reads, with the place where it is.
private final class CurlSource {
    private let body: UploadBody
    private var position: Int64 = 0

    init(_ body: UploadBody) { self.body = body }

    /// For the callbacks; good as long as the source lives.
    var context: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    static let read: curl_read_callback = { buffer, size, count, context in
        guard let buffer, let context else { return Int(CURL_READFUNC_ABORT) }
        let source = Unmanaged<CurlSource>.fromOpaque(context).takeUnretainedValue()
        return source.read(UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
    }

    static let seek: curl_seek_callback = { context, offset, origin in
        guard let context, origin == SEEK_SET else { return CURL_SEEKFUNC_FAIL }
        Unmanaged<CurlSource>.fromOpaque(context).takeUnretainedValue().position = Int64(offset)
        return CURL_SEEKFUNC_OK
    }

    private func read(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = Int(min(Int64(buffer.count), body.size - position))
        guard count > 0 else { return 0 }
        let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
        // A file that became shorter, or cannot be read, ends the transfer: half a body is none.
        guard let read = try? body.read(position, piece), read == count else { return Int(CURL_READFUNC_ABORT) }
        position += Int64(read)
        return read
    }
}

extension TransportError {
    static let outOfMemory = TransportError(reason: "libcurl has no memory left", isTransient: false)
}
