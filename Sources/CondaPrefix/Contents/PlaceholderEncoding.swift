/// The placeholder and its replacement in one of the encodings that packages hold paths in.
///
/// Most are UTF-8, but .NET and Java programs keep UTF-16 and some interpreters UTF-32. conda tries all five in this
/// order on every file, so we do.
struct PlaceholderEncoding: Sendable {
    /// The placeholder's bytes.
    let search: BytePattern

    /// The bytes that take its place.
    let replacement: [UInt8]

    /// One NUL character, which ends a string in a binary file.
    let terminator: BytePattern

    private init(search: [UInt8], replacement: [UInt8], terminatorLength: Int) {
        self.search = BytePattern(search)
        self.replacement = replacement
        terminator = BytePattern([UInt8](repeating: 0, count: terminatorLength))
    }

    /// The five encodings of a pair in the order in which they are tried.
    static func all(placeholder: String, prefix: String) -> [PlaceholderEncoding] {
        [
            PlaceholderEncoding(search: Array(placeholder.utf8), replacement: Array(prefix.utf8), terminatorLength: 1),
            wide(placeholder.utf16, prefix.utf16, terminatorLength: 2, littleEndian: true),
            wide(placeholder.utf16, prefix.utf16, terminatorLength: 2, littleEndian: false),
            wide(
                placeholder.unicodeScalars.map(\.value), prefix.unicodeScalars.map(\.value), terminatorLength: 4,
                littleEndian: true),
            wide(
                placeholder.unicodeScalars.map(\.value), prefix.unicodeScalars.map(\.value), terminatorLength: 4,
                littleEndian: false),
        ]
    }

    private static func wide<Unit: FixedWidthInteger>(
        _ placeholder: some Sequence<Unit>, _ prefix: some Sequence<Unit>, terminatorLength: Int, littleEndian: Bool
    ) -> PlaceholderEncoding {
        func encode(_ units: some Sequence<Unit>) -> [UInt8] {
            units.flatMap { unit in
                withUnsafeBytes(of: littleEndian ? unit.littleEndian : unit.bigEndian) { Array($0) }
            }
        }
        return PlaceholderEncoding(
            search: encode(placeholder), replacement: encode(prefix), terminatorLength: terminatorLength)
    }
}
