/// Makes the headers of a POSIX tar stream: ustar, with pax records for what its fields cannot hold.
///
/// Owners are left out, so that equal members give equal bytes.
///
/// Written by hand, as ``CondaFile`` is: the bytes of a package must not depend on libarchive's version (2026-12-01).
struct TarWriter {
    private static let blockSize = TarHeader.blockSize
    private static let nameLength = 100
    private static let prefixLength = 155
    /// What eleven octal digits can hold.
    private static let largestNumber: Int64 = 1 << 33 - 1

    /// What ends a stream.
    static let end = [UInt8](repeating: 0, count: 2 * blockSize)

    /// The header of a member, which its contents follow.
    static func header(_ member: ArchiveMember) -> [UInt8] {
        var path = member.location.bytes
        if member.kind == .directory { path.append(UInt8(ascii: "/")) }
        let link = linkPath(member.kind)
        let records = self.records(member, path, link)
        var bytes: [UInt8] = []
        if !records.isEmpty {
            let fields = Fields(mode: 0o644, size: Int64(records.count), time: 0, type: UInt8(ascii: "x"))
            bytes +=
                block(name: Array("PaxHeader".utf8), prefix: [], link: [], fields) + records
                + padding(Int64(records.count))
        }
        let (prefix, name) = split(path) ?? ([], Array(path.prefix(nameLength)))
        let time = member.modificationTime.seconds
        let fields = Fields(
            mode: member.mode, size: member.size <= largestNumber ? member.size : 0,
            time: (0...largestNumber).contains(time) ? time : 0, type: type(member.kind))
        return bytes + block(name: name, prefix: prefix, link: Array(link.prefix(nameLength)), fields)
    }

    /// The zeros that follow so many bytes of contents.
    static func padding(_ size: Int64) -> [UInt8] {
        [UInt8](repeating: 0, count: Int(-size & Int64(blockSize - 1)))
    }

    /// The numbers of a header.
    private struct Fields {
        let mode: UInt16
        let size: Int64
        let time: Int64
        let type: UInt8
    }

    private static func type(_ kind: ArchiveMember.Kind) -> UInt8 {
        switch kind {
        case .file: UInt8(ascii: "0")
        case .hardlink: UInt8(ascii: "1")
        case .symlink: UInt8(ascii: "2")
        case .directory: UInt8(ascii: "5")
        }
    }

    private static func linkPath(_ kind: ArchiveMember.Kind) -> [UInt8] {
        switch kind {
        case .file, .directory: []
        case .symlink(let target): target
        case .hardlink(let target): target.bytes
        }
    }

    /// The pax records that a member needs, as bytes; none for nearly every member.
    private static func records(_ member: ArchiveMember, _ path: [UInt8], _ link: [UInt8]) -> [UInt8] {
        var records: [(String, [UInt8])] = []
        if split(path) == nil { records.append(("path", path)) }
        if link.count > nameLength { records.append(("linkpath", link)) }
        if member.size > largestNumber { records.append(("size", Array(String(member.size).utf8))) }
        let time = member.modificationTime
        if time.nanoseconds != 0 || !(0...largestNumber).contains(time.seconds) {
            records.append(("mtime", Array(decimal(time).utf8)))
        }
        // A name that is no UTF-8 must be said to be just bytes.
        if records.contains(where: { String(validating: $0.1, as: UTF8.self) == nil }) {
            records.insert(("hdrcharset", Array("BINARY".utf8)), at: 0)
        }
        return records.flatMap { record($0.0, $0.1) }
    }

    /// `LENGTH KEY=VALUE` and a line feed, where the length counts its own digits.
    private static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let rest = 3 + key.utf8.count + value.count
        var length = rest + String(rest).utf8.count
        if String(length).utf8.count > String(rest).utf8.count { length = rest + String(length).utf8.count }
        return Array("\(length) \(key)=".utf8) + value + [UInt8(ascii: "\n")]
    }

    /// Seconds with a fraction, rounded down as file times are, so that -0.5 is `-0.500000000`.
    private static func decimal(_ time: FileTime) -> String {
        let isNegative = time.seconds < 0 && time.nanoseconds > 0
        let whole = isNegative ? -(time.seconds + 1) : time.seconds
        let part = isNegative ? 1_000_000_000 - time.nanoseconds : time.nanoseconds
        let fraction = part == 0 ? "" : "." + String(String(1_000_000_000 + Int64(part)).dropFirst())
        return (isNegative ? "-" : "") + String(whole) + fraction
    }

    /// A path as ustar's two fields, split at a slash; nil when it does not fit.
    private static func split(_ path: [UInt8]) -> (prefix: [UInt8], name: [UInt8])? {
        if path.count <= nameLength { return ([], path) }
        let slash = UInt8(ascii: "/")
        guard let cut = path[..<min(prefixLength + 1, path.count - 1)].lastIndex(of: slash), cut > 0 else { return nil }
        let name = path[(cut + 1)...]
        return name.count <= nameLength ? (Array(path[..<cut]), Array(name)) : nil
    }

    private static func block(name: [UInt8], prefix: [UInt8], link: [UInt8], _ fields: Fields) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: blockSize)
        func put(_ bytes: some Collection<UInt8>, at offset: Int) {
            block.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
        }
        put(name, at: 0)
        put(octal(Int64(fields.mode), digits: 7), at: 100)
        put(octal(0, digits: 7), at: 108)
        put(octal(0, digits: 7), at: 116)
        put(octal(fields.size, digits: 11), at: 124)
        put(octal(fields.time, digits: 11), at: 136)
        put([UInt8](repeating: 0x20, count: 8), at: 148)
        block[156] = fields.type
        put(link, at: 157)
        put("ustar\0".utf8, at: 257)
        put("00".utf8, at: 263)
        put(prefix, at: 345)
        let sum = block.reduce(Int64(0)) { $0 + Int64($1) }
        put(octal(sum, digits: 6) + [0, 0x20], at: 148)
        return block
    }

    private static func octal(_ value: Int64, digits: Int) -> [UInt8] {
        let text = String(value, radix: 8)
        return Array((String(repeating: "0", count: max(0, digits - text.utf8.count)) + text).utf8)
    }
}
