/// One of the two formats that conda packages are distributed in (CEP 35).
package enum ArchiveFormat: String, Sendable, Codable, CaseIterable {
    /// Version 2: a ZIP with stored members, two of them Zstandard-compressed tar files.
    case conda
    /// Version 1: one tar file compressed by bzip2.
    case tarBzip2

    /// The suffix of a file name in this format, with its dot.
    package var suffix: String {
        switch self {
        case .conda: ".conda"
        case .tarBzip2: ".tar.bz2"
        }
    }

    /// Tells the format by the first bytes of the file, never by its name, which may be a digest.
    init?(magic: some Collection<UInt8>) {
        if magic.starts(with: [0x50, 0x4B, 0x03, 0x04]) || magic.starts(with: [0x50, 0x4B, 0x05, 0x06]) {
            self = .conda
        } else if magic.starts(with: [0x42, 0x5A, 0x68]) {
            self = .tarBzip2
        } else {
            return nil
        }
    }
}
