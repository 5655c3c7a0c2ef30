/// A member of a ZIP file, as the central directory describes it.
struct ZipEntry: Equatable {
    /// The name; ZIP does not promise an encoding.
    let name: String

    /// CRC-32 of the contents.
    let checksum: UInt32

    /// Bytes of contents, which are stored as they are.
    let size: Int64

    /// Where the local header starts in the file.
    let headerOffset: Int64
}
