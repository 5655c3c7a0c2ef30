/// A member of a ZIP file, as the central directory describes it.
struct ZipEntry: Equatable {
    /// How the contents are kept.
    enum Method: UInt16 {
        case stored = 0
        case deflated = 8
    }

    /// The name; ZIP does not promise an encoding.
    let name: String

    /// How the contents are kept.
    let method: Method

    /// CRC-32 of the contents.
    let checksum: UInt32

    /// Bytes of contents.
    let size: Int64

    /// Bytes of contents as they are kept.
    let packedSize: Int64

    /// Where the local header starts in the file.
    let headerOffset: Int64

    /// Type and permission bits as in `stat`; 0 when another system than Unix wrote the file.
    let mode: UInt16

    /// Date and time as MS-DOS has them, in the time zone of whoever wrote the file.
    let modified: (date: UInt16, time: UInt16)

    /// Where the next member, or the directory, starts: the contents must end before.
    var bound: Int64 = 0

    static func == (left: ZipEntry, right: ZipEntry) -> Bool { left.headerOffset == right.headerOffset }
}
