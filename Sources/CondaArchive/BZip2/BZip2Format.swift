/// The numbers of the bzip2 format.
enum BZip2Format {
    /// What a block starts with: the digits of pi.
    static let blockMagic: UInt64 = 0x3141_5926_5359

    /// What ends a stream: the digits of the square root of pi.
    static let endMagic: UInt64 = 0x1772_4538_5090

    /// Bytes per block for each level.
    static let blockSizeStep = 100_000

    /// Bytes of the largest block.
    static let maximumBlockSize = 900_000

    /// Two run symbols, 255 places of the move-to-front list and the end of the block.
    static let maximumSymbols = 258

    /// Codes that are read with one table before the next selector.
    static let groupSize = 50

    /// Selectors that a full block can use; what a stream has beyond them is read and ignored.
    static let usefulSelectors = 18_002
}
