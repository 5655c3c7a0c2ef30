import Glibc

/// A `.conda` file that is being written: a ZIP file of stored members (CEP 35).
///
/// Sizes and checksums are filled in once a member is complete, so nothing has to be held in memory.
///
/// Written by hand, and not by libarchive, whose bytes are its version's: three small members of known size become 607 bytes
/// with 3.5.3 and 3.6.2, and 487 with 3.8.9. Where a size is not known yet, each member asks for ZIP64 and its header has
/// no size; all versions write the time of the local time zone (2026-12-01).
struct CondaFile: ~Copyable {
    private static let largest = Int64(UInt32.max)
    /// The first day that ZIP knows, 1980-01-01: equal packages give equal files.
    private static let date: UInt16 = 0x21

    private let descriptor: Int32
    private var position: Int64 = 0
    private var members: [Member] = []

    private struct Member {
        let name: String
        let start: Int64
        var size: Int64 = 0
        var checksum = CRC32()
    }

    /// - Parameter path: a file that is made, or emptied.
    init(path: String) throws(ArchiveFault) {
        let (number, code) = uninterrupted { open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644) }
        guard number >= 0 else { throw .unreadable(operation: "create", code: code) }
        descriptor = number
    }

    deinit {
        close(descriptor)
    }

    /// Starts a member; what is written next belongs to it.
    mutating func begin(_ name: String) throws(ArchiveFault) {
        members.append(Member(name: name, start: position))
        try put(localHeader(members[members.count - 1]))
    }

    /// Appends to the current member.
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveFault) {
        members[members.count - 1].size += Int64(bytes.count)
        members[members.count - 1].checksum.update(bytes)
        try put(bytes, at: position)
        position += Int64(bytes.count)
    }

    /// Appends to the current member.
    mutating func write(_ bytes: [UInt8]) throws(ArchiveFault) {
        members[members.count - 1].size += Int64(bytes.count)
        bytes.withUnsafeBytes { members[members.count - 1].checksum.update($0) }
        try put(bytes)
    }

    /// Completes the headers, writes the directory, and waits until all is on disk.
    mutating func finish() throws(ArchiveFault) {
        guard position < Self.largest else {
            throw .unsupported(.zip, "more than 4 GB, for which no .conda file is written")
        }
        let start = position
        for member in members {
            try Self.withBytes(localHeader(member)) { (bytes) throws(ArchiveFault) in try put(bytes, at: member.start) }
        }
        for member in members { try put(directoryEntry(member)) }
        let count = UInt16(members.count)
        try put(
            Self.signature(5, 6) + Self.le(UInt16(0)) + Self.le(UInt16(0)) + Self.le(count) + Self.le(count)
                + Self.le(UInt32(position - start)) + Self.le(UInt32(start)) + Self.le(UInt16(0)))
        let (done, code) = uninterrupted { fsync(descriptor) }
        guard done == 0 else { throw .unreadable(operation: "fsync", code: code) }
    }

    private func localHeader(_ member: Member) -> [UInt8] {
        Self.signature(3, 4) + Self.le(UInt16(20)) + common(member) + Array(member.name.utf8)
    }

    private func directoryEntry(_ member: Member) -> [UInt8] {
        // Made on Unix, by version 2.0; a file with mode 0644.
        var entry = Self.signature(1, 2) + Self.le(UInt16(0x314)) + Self.le(UInt16(20)) + common(member)
        entry += Self.le(UInt16(0)) + Self.le(UInt16(0)) + Self.le(UInt16(0)) + Self.le(UInt32(0o100644) << 16)
        return entry + Self.le(UInt32(member.start)) + Array(member.name.utf8)
    }

    /// What both headers have: no flags, stored, time, checksum, sizes, lengths of the name and of nothing more.
    private func common(_ member: Member) -> [UInt8] {
        let size = Self.le(UInt32(truncatingIfNeeded: member.size))
        let head = Self.le(UInt16(0)) + Self.le(UInt16(0)) + Self.le(UInt16(0)) + Self.le(Self.date)
        let lengths = Self.le(UInt16(member.name.utf8.count)) + Self.le(UInt16(0))
        return head + Self.le(member.checksum.value) + size + size + lengths
    }

    private static func signature(_ third: UInt8, _ fourth: UInt8) -> [UInt8] { [0x50, 0x4B, third, fourth] }

    private static func le<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        (0..<(Value.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> Value($0 * 8)) }
    }

    private mutating func put(_ bytes: [UInt8]) throws(ArchiveFault) {
        let place = position
        try Self.withBytes(bytes) { (bytes) throws(ArchiveFault) in try put(bytes, at: place) }
        position += Int64(bytes.count)
    }

    private static func withBytes(
        _ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(ArchiveFault) -> Void
    ) throws(ArchiveFault) {
        let result: Result<Void, ArchiveFault> = bytes.withUnsafeBytes { buffer in
            do throws(ArchiveFault) { return .success(try body(buffer)) } catch { return .failure(error) }
        }
        try result.get()
    }

    private borrowing func put(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws(ArchiveFault) {
        var written = 0
        while written < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
            let (count, code) = uninterrupted {
                pwrite(descriptor, rest.baseAddress, rest.count, Int(offset) + written)
            }
            guard count >= 0 else { throw .unreadable(operation: "write", code: code) }
            written += count
        }
    }
}
