import CRPM
import Glibc
import HostSystem

/// librpm's stream over a descriptor, with a compressor where one is asked for; closed with this object.
final class RPMStream {
    /// What librpm's calls take.
    let descriptor: FD_t
    private var isOpen = true

    /// Reads `file` from `offset`, through a decompressor named as in a header (`gzip`, `xz`, `zstd`, ...).
    ///
    /// Moves the file's position, so a file serves one stream at a time.
    init(reading file: SourceFile, at offset: Int64, compressor: String?) throws(RPMError) {
        guard lseek(file.descriptor, off_t(offset), SEEK_SET) == off_t(offset) else {
            throw .unreadable(path: file.path, reason: systemMessage())
        }
        let name = compressor ?? "ufdio"
        descriptor = try Self.stream(over: file.descriptor, mode: "r.\(name)", name: name)
    }

    /// Writes to `target`, through librpm's compressor `mode` (`w3.zstdio`, `w.ufdio`, ...).
    init(writing target: Int32, mode: String) throws(RPMError) {
        descriptor = try Self.stream(over: target, mode: mode, name: mode)
    }

    deinit { if isOpen { Fclose(descriptor) } }

    private static func stream(over number: Int32, mode: String, name: String) throws(RPMError) -> FD_t {
        guard let plain = duplicate(number) else { throw .compressorUnavailable(name: name, reason: systemMessage()) }
        guard let stream = Fdopen(plain, mode) else {
            Fclose(plain)
            throw .compressorUnavailable(name: name, reason: "librpm was built without it")
        }
        return stream
    }

    /// Duplicates a descriptor to a number above 2: librpm never closes the standard ones, which this could become in a
    /// process that was started without them, and a pipe that is never closed has no end.
    private static func duplicate(_ number: Int32) -> FD_t? {
        var standard: [FD_t] = []
        defer { for descriptor in standard { Fclose(descriptor) } }
        while let copy = fdDup(number) {
            if Fileno(copy) > 2 { return copy }
            standard.append(copy)
        }
        return nil
    }

    /// Writes all bytes; false where librpm reports an error.
    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.isEmpty || Fwrite(bytes.baseAddress, 1, bytes.count, descriptor) == bytes.count
    }

    /// Ends the stream; the error text where librpm reports one.
    func finish() -> String? {
        isOpen = false
        return Fclose(descriptor) == 0 ? nil : "it could not finish the stream"
    }
}
