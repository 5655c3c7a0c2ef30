import CRPM
import Glibc

/// A header that is being put together by librpm; freed with this value.
struct HeaderBuilder: ~Copyable {
    private let header: Header

    /// Starts an empty header.
    init() throws(RPMError) {
        guard let header = headerNew() else { throw .header(reason: "out of memory") }
        self.header = header
    }

    deinit { headerFree(header) }

    /// Puts one string.
    func put(_ tag: RPMTag, _ text: String) throws(RPMError) {
        let data = strdup(text)
        defer { free(data) }
        try put(tag, RPM_STRING_TYPE, 1, data)
    }

    /// Puts a string that could be translated, in the one language that there is.
    func putTranslatable(_ tag: RPMTag, _ text: String) throws(RPMError) {
        guard headerAddI18NString(header, tag.rawValue, text, "C") == 1 else { throw refusal(of: tag) }
    }

    /// Puts an array of strings; nothing where it is empty.
    func put(_ tag: RPMTag, _ texts: [String]) throws(RPMError) {
        if texts.isEmpty { return }
        // One block for all bytes: a package may have 200,000 names.
        var block: [CChar] = []
        var offsets: [Int] = []
        offsets.reserveCapacity(texts.count)
        for text in texts {
            offsets.append(block.count)
            var text = text
            text.withUTF8 { $0.withMemoryRebound(to: CChar.self) { block.append(contentsOf: $0) } }
            block.append(0)
        }
        let isDone = block.withUnsafeMutableBufferPointer { block in
            var pointers = offsets.map { block.baseAddress?.advanced(by: $0) }
            return pointers.withUnsafeMutableBytes { isPut(tag, RPM_STRING_ARRAY_TYPE, texts.count, $0.baseAddress) }
        }
        guard isDone else { throw refusal(of: tag) }
    }

    /// Puts numbers of 16 bits.
    func put(_ tag: RPMTag, _ numbers: [UInt16]) throws(RPMError) { try put(tag, RPM_INT16_TYPE, numbers) }

    /// Puts numbers of 32 bits.
    func put(_ tag: RPMTag, _ numbers: [UInt32]) throws(RPMError) { try put(tag, RPM_INT32_TYPE, numbers) }

    /// Puts numbers of 64 bits.
    func put(_ tag: RPMTag, _ numbers: [UInt64]) throws(RPMError) { try put(tag, RPM_INT64_TYPE, numbers) }

    /// Puts bytes.
    func put(_ tag: RPMTag, _ bytes: [UInt8]) throws(RPMError) { try put(tag, RPM_BIN_TYPE, bytes) }

    /// The bytes of the header as a package holds it: the magic, and all tags in one region.
    consuming func sealed(as region: RPMTag) throws(RPMError) -> [UInt8] {
        guard let whole = headerReload(headerLink(header), region.rawValue) else {
            throw .header(reason: "it cannot be made one region")
        }
        defer { headerFree(whole) }
        var size: UInt32 = 0
        guard let blob = headerExport(whole, &size) else { throw .header(reason: "it cannot be exported") }
        defer { free(blob) }
        let magic: [UInt8] = [0x8e, 0xad, 0xe8, 0x01, 0, 0, 0, 0]
        return magic + UnsafeRawBufferPointer(start: blob, count: Int(size))
    }

    private func put<Number: FixedWidthInteger>(
        _ tag: RPMTag, _ type: rpmTagType, _ numbers: [Number]
    ) throws(RPMError) {
        if numbers.isEmpty { return }
        var numbers = numbers
        let isDone = numbers.withUnsafeMutableBytes {
            isPut(tag, type, $0.count / MemoryLayout<Number>.size, $0.baseAddress)
        }
        guard isDone else { throw refusal(of: tag) }
    }

    private func put(
        _ tag: RPMTag, _ type: rpmTagType, _ count: Int, _ data: UnsafeMutableRawPointer?
    ) throws(RPMError) {
        guard isPut(tag, type, count, data) else { throw refusal(of: tag) }
    }

    /// Puts an entry with an explicit type: librpm's typed calls refuse signature tags whose numbers mean something
    /// else in the main header, and tags that are newer than the library.
    private func isPut(_ tag: RPMTag, _ type: rpmTagType, _ count: Int, _ data: UnsafeMutableRawPointer?) -> Bool {
        guard let entry = rpmtdNew() else { return false }
        defer { rpmtdFree(entry) }
        entry.pointee.tag = rpm_tag_t(tag.rawValue)
        entry.pointee.type = rpm_tagtype_t(type.rawValue)
        entry.pointee.count = rpm_count_t(count)
        entry.pointee.data = data
        return headerPut(header, entry, headerPutFlags(HEADERPUT_DEFAULT.rawValue)) == 1
    }

    private func refusal(of tag: RPMTag) -> RPMError { .header(reason: "tag \(tag.rawValue) was refused") }
}
