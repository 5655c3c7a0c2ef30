import Foundation
import Testing

@testable import RPMFormat

/// Headers whose tags are not what they say: refused before librpm's file list believes them.
@Suite struct HostileHeaderTests {
    @Test("a header put together by hand is read where it tells the truth")
    func honest() throws {
        let scratch = try Scratch()
        let reader = try HandMade().open(scratch)
        #expect(reader.name == "orders" && reader.files.map(\.path) == ["/opt/a", "/opt/b"])
        #expect(throws: RPMError.noSuchFile(path: "/opt/c", package: reader.path)) {
            try reader.contents(of: "/opt/c", limit: 1)
        }
    }

    @Test("every tag that is read must have its type", arguments: HeaderRules.package.tags)
    func types(tag: Int32) throws {
        let scratch = try Scratch()
        let rule = try #require(HeaderRules.package[tag])
        for type in HeaderRules.DataType.allCases where !rule.types.contains(type) {
            var package = HandMade()
            package.header.removeAll { $0.tag == tag }
            package.header.append(HandMade.Entry(tag: tag, type: type, count: type.isSingle ? 1 : 2))
            try package.expectRefusal(scratch, naming: tag)
        }
    }

    @Test("what runs beside a list must be as long as it", arguments: HeaderRules.package.tags)
    func counts(tag: Int32) throws {
        let scratch = try Scratch()
        let rule = try #require(HeaderRules.package[tag])
        let wrong: Int? =
            switch rule.count {
            case .any: nil
            case .exactly: 2
            case .like: 3
            }
        guard let wrong, let type = rule.types.first, !type.isSingle else { return }
        var package = HandMade()
        package.header.removeAll { $0.tag == tag }
        package.header.append(HandMade.Entry(tag: tag, type: type, count: wrong))
        try package.expectRefusal(scratch, naming: tag)
    }

    @Test("the signature header is held to its own rules", arguments: HeaderRules.signature.tags)
    func signature(tag: Int32) throws {
        let scratch = try Scratch()
        let rule = try #require(HeaderRules.signature[tag])
        for type in HeaderRules.DataType.allCases where !rule.types.contains(type) {
            var package = HandMade()
            package.signature = [HandMade.Entry(tag: tag, type: type, count: 1)]
            try package.expectRefusal(scratch, naming: tag)
        }
    }

    @Test("a tag that is there twice is refused: which of them counts is anybody's guess")
    func twice() throws {
        let scratch = try Scratch()
        var package = HandMade()
        package.header.append(HandMade.Entry(tag: RPMTag.fileModes.rawValue, type: .int16, count: 2))
        try package.expectRefusal(scratch, naming: RPMTag.fileModes.rawValue)
    }

    @Test("more tags than rpm reads are refused before room is made for them")
    func tooMany() throws {
        let scratch = try Scratch()
        var bytes = HandMade().bytes
        // The count of the signature header's tags.
        bytes.replaceSubrange(104..<108, with: [0, 1, 0, 0])
        let path = try scratch.file("hostile.rpm", bytes)
        let error = try #require(throws: RPMError.self) { try RPMReader(path: path) }
        #expect(error.description.contains("claims 65536 tags"), "\(error)")
    }

    @Test("packages of rpm itself follow the rules")
    func rpmbuildsOwn() throws {
        let scratch = try Scratch()
        let spec = """
            Name: plain
            Version: 1
            Release: 1
            Summary: of rpmbuild alone
            License: MIT
            %description
            text
            %install
            mkdir -p %{buildroot}/opt/plain
            cp /bin/true %{buildroot}/opt/plain/program
            echo text > %{buildroot}/opt/plain/text
            %files
            %caps(cap_net_raw=p) /opt/plain/program
            %config(noreplace) /opt/plain/text
            %changelog
            * Tue Nov 14 2023 Team <t@example.com> - 1-1
            - Begin
            """
        let built = try run(
            "rpmbuild", "-ba", "--define", "_topdir \(scratch.path)/top", "--define", "debug_package %{nil}",
            try scratch.file("plain.spec", spec.utf8))
        try #require(built.status == 0, "\(built.errors)")
        let found = try run("find", "\(scratch.path)/top", "-name", "*.rpm").output.split(separator: "\n")
        #expect(found.count == 2)
        for path in found { #expect(try RPMReader(path: String(path)).name == "plain") }
    }
}

extension HeaderRules.DataType {
    /// Whether a header may hold only one of it under a tag.
    fileprivate var isSingle: Bool { self == .string }
}

/// A package file put together byte by byte, so that it can say anything.
private struct HandMade {
    /// One tag of a header.
    struct Entry {
        let tag: Int32
        let type: HeaderRules.DataType
        let count: Int
        var data: [UInt8]

        init(tag: Int32, type: HeaderRules.DataType, count: Int, data: [UInt8]? = nil) {
            (self.tag, self.type, self.count) = (tag, type, count)
            self.data = data ?? [UInt8](repeating: 0, count: count * type.width)
        }

        init(_ tag: RPMTag, _ texts: [String]) {
            self.init(
                tag: tag.rawValue, type: .stringArray, count: texts.count, data: texts.flatMap { Array($0.utf8) + [0] })
        }

        init(_ tag: RPMTag, _ text: String) {
            self.init(tag: tag.rawValue, type: .string, count: 1, data: Array(text.utf8) + [0])
        }
    }

    var signature: [Entry] = [Entry(.signatureSHA256, String(repeating: "0", count: 64))]
    var header: [Entry] = [
        Entry(.name, "orders"), Entry(.version, "1"), Entry(.release, "1"), Entry(.arch, "x86_64"),
        Entry(.baseNames, ["a", "b"]), Entry(.directoryNames, ["/opt/"]), Entry(.fileUsers, ["root", "root"]),
        Entry(.fileGroups, ["root", "root"]),
        Entry(tag: RPMTag.directoryIndexes.rawValue, type: .int32, count: 2),
        Entry(tag: RPMTag.fileModes.rawValue, type: .int16, count: 2),
    ]

    var bytes: [UInt8] {
        var bytes: [UInt8] = [0xed, 0xab, 0xee, 0xdb, 3, 0] + [UInt8](repeating: 0, count: 90)
        bytes += Self.block(signature)
        bytes += [UInt8](repeating: 0, count: (8 - bytes.count % 8) % 8)
        return bytes + Self.block(header)
    }

    func open(_ scratch: Scratch) throws -> RPMReader {
        try RPMReader(path: try scratch.file("hostile.rpm", bytes))
    }

    func expectRefusal(_ scratch: Scratch, naming tag: Int32, sourceLocation: SourceLocation = #_sourceLocation) throws
    {
        do {
            let reader = try open(scratch)
            Issue.record("\(reader.name) was accepted", sourceLocation: sourceLocation)
        } catch RPMError.corrupt(_, let reason) {
            #expect(reason.contains("tag \(tag)"), "\(reason)", sourceLocation: sourceLocation)
        }
    }

    private static func block(_ entries: [Entry]) -> [UInt8] {
        var (index, data): ([UInt8], [UInt8]) = ([], [])
        for entry in entries.sorted(by: { $0.tag < $1.tag }) {
            data += [UInt8](repeating: 0, count: (entry.type.width - data.count % entry.type.width) % entry.type.width)
            let words = [UInt32(bitPattern: entry.tag), entry.type.rawValue, UInt32(data.count), UInt32(entry.count)]
            index += words.flatMap(number)
            data += entry.data
        }
        return [0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0] + number(UInt32(entries.count)) + number(UInt32(data.count)) + index
            + data
    }

    private static func number(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
}

extension HeaderRules.DataType {
    /// Bytes of one value; strings are given empty.
    fileprivate var width: Int {
        switch self {
        case .char, .int8, .string, .binary, .stringArray, .translatedString: 1
        case .int16: 2
        case .int32: 4
        case .int64: 8
        }
    }
}
