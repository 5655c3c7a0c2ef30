import CArchive

/// A document in memory that gzip, bzip2, xz or Zstandard has compressed, or nothing has.
///
/// libarchive tells by its first bytes, and unpacks it. It does not compare gzip's checksum (no version up to 3.8.9 does),
/// so whoever takes a document from elsewhere compares its digest first.
enum CompressedDocument {
    /// Why a document cannot be read, in libarchive's words.
    struct Failure: Error, Hashable {
        let reason: String
    }

    /// Unpacks a document.
    ///
    /// - Parameter limit: the most bytes that the caller is willing to hold.
    /// - Throws: ``Failure`` for what is damaged, cut off or longer.
    static func unpacked(_ bytes: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
        guard let reader = archive_read_new() else { throw Failure(reason: "there is no memory to read it") }
        let answer = Result { () throws(Failure) in try unpack(bytes, with: reader, limit: limit) }
        let code = archive_read_free(reader)
        let document = try answer.get()
        guard code == ARCHIVE_OK else { throw Failure(reason: "libarchive cannot close it") }
        return document
    }

    private static func unpack(_ bytes: [UInt8], with reader: OpaquePointer, limit: Int) throws(Failure) -> [UInt8] {
        // Built in, each of them; a warning would mean that it runs a program instead.
        try check(archive_read_support_filter_gzip(reader), reader)
        try check(archive_read_support_filter_bzip2(reader), reader)
        try check(archive_read_support_filter_xz(reader), reader)
        try check(archive_read_support_filter_zstd(reader), reader)
        try check(archive_read_support_format_raw(reader), reader)
        try check(archive_read_support_format_empty(reader), reader)
        return try bytes.withUnsafeBufferPointer { (bytes) throws(Failure) in
            try check(archive_read_open_memory(reader, bytes.baseAddress, bytes.count), reader)
            return try contents(reader, limit: limit)
        }
    }

    /// The bytes of the one entry that a raw archive has; none where the document is empty.
    private static func contents(_ reader: OpaquePointer, limit: Int) throws(Failure) -> [UInt8] {
        var entry: OpaquePointer?
        let code = archive_read_next_header(reader, &entry)
        if code == ARCHIVE_EOF { return [] }
        try check(code, reader)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = archive_read_data(reader, &buffer, buffer.count)
            guard count >= 0 else { throw failure(reader) }
            guard count > 0 else { return bytes }
            guard count <= limit - bytes.count else {
                throw Failure(reason: "it unpacks to more than \(limit) bytes")
            }
            bytes += buffer[..<count]
        }
    }

    private static func check(_ code: Int32, _ reader: OpaquePointer) throws(Failure) {
        guard code == ARCHIVE_OK else { throw failure(reader) }
    }

    private static func failure(_ reader: OpaquePointer) -> Failure {
        let text = archive_error_string(reader).map { String(cString: $0) } ?? "no reason given"
        return Failure(reason: "libarchive cannot read it: \(text)")
    }
}
