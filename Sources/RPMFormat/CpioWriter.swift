import CondaModel
import HostSystem

/// Writes the payload's archive: cpio in the form `newc`, or rpm's stripped form where a file is too large for that.
///
/// Written by hand, and not by librpm's archive writer, because that one looks up every owner in this machine's user
/// database and writes the numbers into the archive, so that the bytes would depend on where the package is built. Nor by
/// libarchive, which does not know the stripped form (3.6.2; 2026-12-01).
struct CpioWriter {
    /// What is still to be padded to a multiple of four.
    private var position: Int64 = 0
    private let isStripped: Bool
    private let isSource: Bool

    /// Starts an archive; `isStripped` where a file has 4 GiB - 1 or more, `isSource` where names have no directory.
    init(isStripped: Bool, isSource: Bool) {
        self.isStripped = isStripped
        self.isSource = isSource
    }

    /// Bytes of the archive so far.
    var size: Int64 { position }

    /// The bytes before a file's contents.
    mutating func header(of file: RPMFile, index: Int, time: UInt32) -> [UInt8] {
        var bytes = padding()
        if isStripped {
            bytes += Array("07070X".utf8) + Self.field(UInt32(index))
        } else {
            let name = isSource ? String(file.path.dropFirst()) : ".\(file.path)"
            let fields: [UInt32] = [
                UInt32(index + 1), UInt32(file.headerMode), 0, 0, 1, time, UInt32(file.size), 0, 0, 0, 0,
                UInt32(name.utf8.count + 1), 0,
            ]
            bytes += Array("070701".utf8) + fields.flatMap(Self.field) + Array("\(name)\0".utf8)
        }
        position += Int64(bytes.count)
        let end = padding()
        position += Int64(end.count)
        return bytes + end
    }

    /// Counts bytes of contents.
    mutating func advance(by count: Int) { position += Int64(count) }

    /// The bytes that end the archive.
    mutating func trailer() -> [UInt8] {
        let fields: [UInt32] = [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 11, 0]
        var bytes = padding() + Array("070701".utf8) + fields.flatMap(Self.field) + Array("TRAILER!!!\0".utf8)
        position += Int64(bytes.count)
        let end = padding()
        position += Int64(end.count)
        bytes += end
        return bytes
    }

    private func padding() -> [UInt8] { [UInt8](repeating: 0, count: Int((4 - position % 4) % 4)) }

    /// A number as eight hexadecimal digits.
    private static func field(_ number: UInt32) -> [UInt8] {
        Array(hexadecimal(stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }).utf8)
    }
}
