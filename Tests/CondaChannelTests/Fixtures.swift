import CBZip2
import CZstd
import CondaModel
import FoundationEssentials
import Glibc
import HostSystem
import Synchronization

@testable import CondaChannel

/// A folder that goes away with the test.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/channel-test.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw fileError("/tmp", "creating") }
        path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }

    deinit { removeTree(path) }

    func file(_ name: String, _ text: String) throws -> String { try file(name, Array(text.utf8)) }

    @discardableResult
    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        try writeAtomically(bytes, to: "\(path)/\(name)")
        return "\(path)/\(name)"
    }

    /// Every file below, by path relative to the folder.
    func files(_ below: String = "") -> [String] {
        namesInDirectory("\(path)/\(below)").flatMap { name -> [String] in
            let relative = below.isEmpty ? name : "\(below)/\(name)"
            var status = stat()
            guard lstat("\(path)/\(relative)", &status) == 0 else { return [] }
            return status.st_mode & S_IFMT == S_IFDIR ? files(relative) : [relative]
        }
    }

    func bytes(_ name: String) throws -> [UInt8] { try contents("\(path)/\(name)") }
}

func contents(_ path: String) throws -> [UInt8] {
    guard let file = try File.reading(path) else { throw ChannelError.notFound(url: path) }
    return try file.bytes(at: 0, count: Int(try file.stamp().size))
}

private func removeTree(_ path: String) {
    for name in namesInDirectory(path) { removeTree("\(path)/\(name)") }
    if rmdir(path) != 0 { unlink(path) }
}

/// Events in the order that they came.
final class EventLog: Sendable {
    private let state = Mutex<[ChannelEvent]>([])
    var events: [ChannelEvent] { state.withLock { $0 } }
    var handler: ChannelEventHandler { { event in self.state.withLock { $0.append(event) } } }
    var warnings: [String] { events.compactMap { if case .warning(let text) = $0 { text } else { nil } } }
    var retries: Int { events.count { if case .retrying = $0 { true } else { false } } }
}

/// A transport that must not be used.
struct ForbiddenTransport: Transport {
    func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        throw TransportError(reason: "a request was sent that the test forbids", isTransient: false)
    }
    func close() async {}
}

/// A session whose retries do not wait.
func withSession<Value>(
    cache: TemporaryFolder, offline: Bool = false, log: EventLog = EventLog(),
    configure: (inout ChannelConfiguration) -> Void = { _ in }, _ body: (ChannelSession) async throws -> Value
) async throws -> Value {
    var configuration = ChannelConfiguration()
    configuration.network.retry.delay = .milliseconds(1)
    configuration.network.retry.longestDelay = .milliseconds(20)
    configuration.network.readSeconds = 2
    configure(&configuration)
    let session = try ChannelSession(
        configuration: configuration, cache: CacheDirectory(path: cache.path), offline: offline, events: log.handler)
    do {
        let value = try await body(session)
        await session.close()
        return value
    } catch {
        await session.close()
        throw error
    }
}

func sha256(_ bytes: [UInt8]) -> String { hexadecimal(Digest.sha256(bytes)) }

func zstd(_ bytes: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(bytes.count)) { buffer, count in
        count = ZSTD_compress(buffer.baseAddress, buffer.count, bytes, bytes.count, 3)
    }
}

func bzip2(_ bytes: [UInt8]) -> [UInt8] {
    var count = UInt32(bytes.count + bytes.count / 100 + 600)
    var (input, output) = (bytes.map(CChar.init(bitPattern:)), [CChar](repeating: 0, count: Int(count)))
    let code = BZ2_bzBuffToBuffCompress(&output, &count, &input, UInt32(input.count), 1, 0, 0)
    precondition(code == BZ_OK)
    return output.prefix(Int(count)).map(UInt8.init(bitPattern:))
}

/// A record as repodata writes it.
func recordText(_ name: String, _ version: String, depends: [String] = [], more: String = "") -> String {
    let list = depends.map { "\"\($0)\"" }.joined(separator: ", ")
    return """
        {"name": "\(name)", "version": "\(version)", "build": "0", "build_number": 0, "subdir": "noarch", "depends": [\(list)], \
        "size": 10, "md5": "00000000000000000000000000000000", "timestamp": 1600000000\(more)}
        """
}

/// `repodata.json` of `.conda` packages with these dependencies.
func repodataText(
    _ packages: [(name: String, version: String, depends: [String])], info: String = #"{"subdir": "noarch"}"#
) -> String {
    let records = packages.map {
        #""\#($0.name)-\#($0.version)-0.conda": "# + recordText($0.name, $0.version, depends: $0.depends)
    }
    return
        #"{"info": \#(info), "packages": {}, "packages.conda": {\#(records.joined(separator: ", "))}, "repodata_version": 1}"#
}
