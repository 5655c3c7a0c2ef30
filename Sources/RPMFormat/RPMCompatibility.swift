/// What the rpm of the target host can read and wants to see.
package struct RPMCompatibility: Sendable, Hashable {
    /// Whether the payload may be compressed with Zstandard.
    package var allowsZstd: Bool
    /// Whether a file may exceed 4 GiB - 1 (rpm 4.12 and later).
    package var allowsLargeFiles: Bool
    /// Whether weak and rich dependencies are understood (rpm 4.12 and later).
    package var allowsRichDependencies: Bool
    /// Whether `^` in versions is understood (rpm 4.15 and later).
    package var allowsCaret: Bool
    /// The largest header in bytes that the target reads.
    package var maximumHeaderSize: Int

    /// Makes a set of rules.
    package init(
        allowsZstd: Bool, allowsLargeFiles: Bool, allowsRichDependencies: Bool, allowsCaret: Bool,
        maximumHeaderSize: Int
    ) {
        self.allowsZstd = allowsZstd
        self.allowsLargeFiles = allowsLargeFiles
        self.allowsRichDependencies = allowsRichDependencies
        self.allowsCaret = allowsCaret
        self.maximumHeaderSize = maximumHeaderSize
    }

    /// The largest file in bytes that the target reads; 32-bit sizes end one below their largest number.
    package var maximumFileSize: Int64 { allowsLargeFiles ? .max : 0xffff_fffe }

    /// rpm 4.16 and later: EL 9 and 10, Amazon Linux 2023, Fedora.
    package static let modern = RPMCompatibility(
        allowsZstd: true, allowsLargeFiles: true, allowsRichDependencies: true, allowsCaret: true,
        maximumHeaderSize: 256 << 20)

    /// rpm 4.14: EL 8.
    package static let rpm414 = RPMCompatibility(
        allowsZstd: true, allowsLargeFiles: true, allowsRichDependencies: true, allowsCaret: false,
        maximumHeaderSize: 256 << 20)

    /// rpm 4.11: EL 7 and Amazon Linux 2.
    package static let rpm411 = RPMCompatibility(
        allowsZstd: false, allowsLargeFiles: false, allowsRichDependencies: false, allowsCaret: false,
        maximumHeaderSize: 16 << 20)
}
