import Glibc
import Testing

@testable import HostSystem

@Suite struct StandardOutputTests {
    @Test func aFullDiskIsAnError() throws {
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        try #require(full != -1)
        defer { close(full) }
        #expect(throws: OutputError(code: ENOSPC)) { try StandardOutput.write(Array("data\n".utf8), to: full) }
    }

    @Test func aDescriptorThatIsNotOpenIsAnError() {
        #expect(throws: OutputError(code: EBADF)) { try StandardOutput.write([1], to: 1 << 20) }
    }

    @Test func aReaderThatHasGoneIsTold() throws {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        close(ends[0])
        defer { close(ends[1]) }
        #expect { try StandardOutput.write([1], to: ends[1]) } throws: { ($0 as? OutputError)?.isClosedPipe == true }
    }

    /// As a pipe to a slow program that another one has made non-blocking.
    @Test func aSlowReaderGetsEveryByte() async throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        try #require(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0)
        let (reader, writer) = (ends[0], ends[1])
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
        async let read = Self.all(of: reader)
        try StandardOutput.write(bytes, to: writer)
        close(writer)
        #expect(await read == bytes)
        close(reader)
    }

    private static func all(of descriptor: Int32) async -> [UInt8] {
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 5000)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return result }
            result += buffer[..<count]
        }
    }
}
