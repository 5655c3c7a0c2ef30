/// Bounds on what an archive may make its reader do, so that a hostile one costs little before it is refused.
///
/// Every bound is checked against what a header declares and again against what really arrives.
package struct ArchiveLimits: Sendable, Equatable {
    /// Headers of one tar file, those of directories and extended ones included.
    package var memberCount = 500_000

    /// Bytes of one member's path or link target, as `PATH_MAX` of Linux.
    package var pathLength = 4_096

    /// Bytes of one member when written out, holes of sparse files included.
    package var memberSize: Int64 = 64 << 30

    /// Bytes of all members together when written out.
    package var totalSize: Int64 = 256 << 30

    /// Bytes that any archive may unpack to, however small it is; beyond them `expansionRatio` decides.
    package var freeExpansion: Int64 = 1 << 30

    /// Unpacked bytes per byte of archive once `freeExpansion` is passed.
    ///
    /// Packages reach about 20; bzip2 can be made to reach 45,000 and Zstandard 30,000.
    package var expansionRatio: Int64 = 500

    /// Bytes of one member of `info/` that is held in memory.
    package var infoMemberSize = 128 << 20

    /// Bytes of all members of `info/` that are held in memory together.
    package var infoTotalSize = 192 << 20

    /// Bytes of one extended tar header (pax records, GNU long names, sparse maps).
    package var extendedHeaderSize = 1 << 20

    /// Data regions of one sparse member.
    package var sparseRegionCount = 65_536

    /// Entries in the central directory of a `.conda` file; the format needs three.
    package var zipEntryCount = 64

    /// Base-two logarithm of the largest Zstandard window in bytes: it bounds the decoder's memory.
    package var zstandardWindowLog: Int32 = 27

    /// Levels of nested arrays and objects in a JSON document.
    package var documentDepth = 64

    /// Bounds that every known package is far below.
    package static let standard = ArchiveLimits()

    /// Bytes that an archive of `archiveSize` bytes may unpack to.
    func expansion(ofArchiveSize archiveSize: Int64) -> Int64 {
        let (scaled, overflow) = archiveSize.multipliedReportingOverflow(by: expansionRatio)
        return min(totalSize, max(freeExpansion, overflow ? Int64.max : scaled))
    }
}
