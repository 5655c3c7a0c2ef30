import CRPM
import Glibc
import HostSystem

extension RPMReader {
    /// The contents of one regular file, checked against its digest in the header.
    ///
    /// Reads the payload as far as the file; memory is bounded by `limit`.
    ///
    /// - Throws: ``RPMError/noSuchFile(path:package:)``, ``RPMError/tooLarge(path:size:limit:)`` where the file has more
    ///   than `limit` bytes, ``RPMError/digestMismatch(path:expected:found:)``, ``RPMError/corrupt(path:reason:)``.
    package func contents(of file: String, limit: Int) throws(RPMError) -> [UInt8] {
        let entries = files
        let walk = try PayloadWalk(self, fileCount: entries.count)
        guard
            let index = entries.firstIndex(where: { $0.path.utf8.elementsEqual(file.utf8) }),
            case let entry = entries[index], entry.kind == .file, !entry.flags.contains(.ghost)
        else {
            throw .noSuchFile(path: file, package: path)
        }
        guard entry.size <= Int64(limit) else { throw .tooLarge(path: file, size: entry.size, limit: Int64(limit)) }
        if entry.size == 0 { return [] }
        while let member = try walk.next() {
            guard member.hasContents, member.index == index || walk.hardLinks(of: member.index).contains(index) else {
                continue
            }
            var bytes: [UInt8] = []
            bytes.reserveCapacity(Int(entry.size))
            try walk.readContents(of: entry) { bytes.append(contentsOf: $0) }
            return bytes
        }
        throw .corrupt(path: path, reason: "its payload ends before \(file)")
    }
}

/// One pass over the payload of a package; a member must be read before the next is asked for.
///
/// librpm matches members to the header and refuses those that the header does not list.
final class PayloadWalk {
    /// A member of the payload.
    struct Member {
        /// Its place in the header's file list.
        let index: Int
        /// Whether the payload has contents for it here.
        let hasContents: Bool
    }

    private let package: String
    private let algorithm: Int
    private let file: SourceFile
    private let stream: RPMStream
    private let list: rpmfiles
    private let iterator: rpmfi

    /// Starts at the payload's beginning; `fileCount` is what our own reading of the file list found, which must be
    /// what librpm finds, because its places are used in both.
    init(_ reader: RPMReader, fileCount: Int) throws(RPMError) {
        package = reader.path
        algorithm = reader.fileDigestAlgorithm
        file = try SourceFile(reader.path)
        guard file.size == reader.size else {
            throw .wrongSize(path: reader.path, expected: reader.size, found: file.size)
        }
        stream = try RPMStream(reading: file, at: reader.payloadOffset, compressor: reader.payloadCompressor)
        guard let list = reader.header.withHeader({ rpmfilesNew(nil, $0, 0, rpmfiFlags(RPMFI_KEEPHEADER.rawValue)) })
        else { throw .corrupt(path: reader.path, reason: "librpm cannot read its file list") }
        guard
            let iterator = rpmfiNewArchiveReader(
                stream.descriptor, list, Int32(RPMFI_ITER_READ_ARCHIVE.rawValue))
        else {
            rpmfilesFree(list)
            throw .corrupt(path: reader.path, reason: "librpm cannot read its payload")
        }
        guard rpmfilesFC(list) == rpm_count_t(fileCount) else {
            rpmfiFree(iterator)
            rpmfilesFree(list)
            throw .corrupt(path: reader.path, reason: "the parts of its file list differ in length")
        }
        self.list = list
        self.iterator = iterator
    }

    deinit {
        rpmfiFree(iterator)
        rpmfilesFree(list)
    }

    /// The files that share one inode with this one, itself included.
    func hardLinks(of index: Int) -> [Int] {
        var links: UnsafePointer<Int32>?
        let count = rpmfilesFLinks(list, Int32(index), &links)
        guard let links else { return [index] }
        return (0..<Int(count)).map { Int(links[$0]) }
    }

    /// The next member; nil at the end of the payload.
    func next() throws(RPMError) -> Member? {
        let code = rpmfiNext(iterator)
        if code == RPMERR_ITER_END.rawValue { return nil }
        guard code >= 0 else { throw .corrupt(path: package, reason: "its payload: \(Self.message(code))") }
        return Member(index: Int(rpmfiFX(iterator)), hasContents: rpmfiArchiveHasContent(iterator) > 0)
    }

    /// Streams the current member's contents, and compares their digest with the header's at the end.
    func readContents(of entry: RPMEntry, _ body: (UnsafeRawBufferPointer) throws(RPMError) -> Void) throws(RPMError) {
        var digest = Digest.Algorithm(rawValue: algorithm).map(Digest.init)
        var rest = entry.size
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        while rest > 0 {
            let wanted = Int(min(rest, Int64(buffer.count)))
            let got = rpmfiArchiveRead(iterator, buffer.baseAddress, wanted)
            guard got > 0, got <= wanted else {
                throw .corrupt(path: package, reason: "its payload ends inside \(entry.path)")
            }
            let chunk = UnsafeRawBufferPointer(rebasing: buffer[..<got])
            digest?.update(chunk)
            try body(chunk)
            rest -= Int64(got)
        }
        if let expected = entry.digest, let found = digest.map({ hexadecimal($0.finalize()) }), found != expected {
            throw .digestMismatch(path: "\(entry.path) in \(package)", expected: expected, found: found)
        }
    }

    private static func message(_ code: Int32) -> String {
        guard let text = rpmfileStrerror(code) else { return "error \(code)" }
        defer { free(text) }
        return String(cString: text)
    }
}
