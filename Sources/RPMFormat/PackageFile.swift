import CRPM
import CondaModel
import Glibc
import HostSystem

/// The outer structure of a package file: a lead of 96 bytes, the signature header padded to 8 bytes, the header, and
/// the payload up to the end.
struct PackageFile {
    /// Bytes of the lead.
    static let leadSize: Int64 = 96
    /// What every package starts with.
    static let leadMagic: [UInt8] = [0xed, 0xab, 0xee, 0xdb]
    /// What every header starts with.
    private static let headerMagic: [UInt8] = [0x8e, 0xad, 0xe8, 0x01]
    /// The largest header that rpm itself reads.
    private static let maximumHeaderSize: Int64 = 256 << 20
    /// The most tags that rpm itself reads.
    private static let maximumTagCount: Int64 = 0xffff

    let size: Int64
    let signature: RPMHeader
    let header: RPMHeader
    let headerOffset: Int64
    let payloadOffset: Int64

    /// Reads both headers of the package at `path`.
    static func open(_ path: String) throws(RPMError) -> PackageFile {
        let file = try SourceFile(path)
        let lead = try file.read(count: Int(leadSize), at: 0)
        guard lead.starts(with: leadMagic) else {
            let found = hexadecimal(lead.prefix(4))
            throw .notAnRPM(path: path, found: found.isEmpty ? "an empty file" : found)
        }
        guard lead.count == Int(leadSize) else { throw .wrongSize(path: path, expected: leadSize, found: file.size) }
        let (signature, signatureEnd) = try readHeader(
            file, at: leadSize, what: "signature header", rules: .signature)
        let start = (signatureEnd + 7) / 8 * 8
        let facts = RPMSignatureFacts(signature)
        if let size = facts.size, start + size != file.size {
            throw .wrongSize(path: path, expected: start + size, found: file.size)
        }
        let (header, end) = try readHeader(file, at: start, what: "header", rules: .package)
        return PackageFile(
            size: file.size, signature: signature, header: header, headerOffset: start, payloadOffset: end)
    }

    /// Reads one header; the sizes in its first 16 bytes are compared with the file, and its tags with what they must be,
    /// before librpm sees it.
    private static func readHeader(
        _ file: SourceFile, at offset: Int64, what: String, rules: HeaderRules
    ) throws(RPMError) -> (RPMHeader, end: Int64) {
        let intro = try file.read(count: 16, at: offset)
        guard intro.count == 16 else { throw .wrongSize(path: file.path, expected: offset + 16, found: file.size) }
        guard intro.starts(with: headerMagic) else {
            throw .corrupt(path: file.path, reason: "no \(what) where one should start (byte \(offset))")
        }
        func number(_ at: Int) -> Int64 { intro[at..<at + 4].reduce(0) { $0 << 8 | Int64($1) } }
        let length = 16 + number(8) * 16 + number(12)
        guard number(8) <= maximumTagCount, length <= maximumHeaderSize else {
            throw .corrupt(path: file.path, reason: "its \(what) claims \(number(8)) tags in \(length) bytes")
        }
        guard offset + length <= file.size else {
            throw .wrongSize(path: file.path, expected: offset + length, found: file.size)
        }
        let index = HeaderIndex(try file.read(count: Int(number(8)) * HeaderIndex.entrySize, at: offset + 16))
        if let problem = index.problem(rules) {
            throw .corrupt(path: file.path, reason: "in its \(what), \(problem)")
        }
        let stream = try RPMStream(reading: file, at: offset, compressor: nil)
        guard let header = RPMHeader.read(from: stream.descriptor) else {
            throw .corrupt(path: file.path, reason: "librpm cannot read its \(what)")
        }
        return (header, offset + length)
    }
}
