import CExpat
import Glibc

/// Reads documents of XML, such as a yum repository's, element by element.
///
/// expat and not libxml2: it opens no file and no connection, says nothing by itself, and what could declare an entity, a document
/// type declaration, ends the reading. The `XMLParser` of Foundation would bring ICU's 37 MB of tables along.
enum XMLDocument {
    /// What a document consists of.
    enum Event {
        case start(String, Attributes)
        /// An element's end, with the text since the last start of an element.
        case end(String, text: String)
    }

    /// The attributes of an element, while its start is told.
    struct Attributes {
        /// Names and values in turn; nil at the end.
        fileprivate let pairs: UnsafeMutablePointer<UnsafePointer<XML_Char>?>

        subscript(_ name: String) -> String? {
            var place = 0
            while let found = pairs[place] {
                if strcmp(found, name) == 0 { return pairs[place + 1].map { String(cString: $0) } }
                place += 2
            }
            return nil
        }
    }

    /// Tells what a document consists of, from its start to its end.
    ///
    /// - Returns: whether all of it is XML; what was told of another document means nothing.
    static func read(_ bytes: [UInt8], _ take: (Event) -> Void) -> Bool {
        guard let parser = XML_ParserCreate(nil) else { return false }
        defer { XML_ParserFree(parser) }
        return withoutActuallyEscaping(take) { take in
            let reading = Reading(parser, take)
            return withExtendedLifetime(reading) { reading.parse(bytes) }
        }
    }

    /// What expat's functions are handed.
    private final class Reading {
        private let parser: XML_Parser
        private let take: (Event) -> Void
        private var text: [UInt8] = []

        init(_ parser: XML_Parser, _ take: @escaping (Event) -> Void) {
            self.parser = parser
            self.take = take
            XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
            XML_SetElementHandler(
                parser, { Reading.of($0)?.start($1, $2) }, { Reading.of($0)?.end($1) })
            XML_SetCharacterDataHandler(parser) { Reading.of($0)?.add($1, $2) }
            XML_SetStartDoctypeDeclHandler(parser) { user, _, _, _, _ in Reading.of(user)?.stop() }
        }

        private static func of(_ user: UnsafeMutableRawPointer?) -> Reading? {
            user.map { Unmanaged<Reading>.fromOpaque($0).takeUnretainedValue() }
        }

        /// In pieces, as expat takes no more than 2 GiB at once and copies what is not finished.
        func parse(_ bytes: [UInt8]) -> Bool {
            let size = 1 << 20
            return bytes.withUnsafeBytes { bytes in
                stride(from: 0, through: bytes.count, by: size).allSatisfy { place in
                    let count = min(size, bytes.count - place)
                    let start = bytes.baseAddress?.advanced(by: place).assumingMemoryBound(to: XML_Char.self)
                    return XML_Parse(parser, start, Int32(count), count < size ? 1 : 0) == XML_STATUS_OK
                }
            }
        }

        private func start(_ name: UnsafePointer<XML_Char>?, _ pairs: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?) {
            guard let name, let pairs else { return }
            text.removeAll(keepingCapacity: true)
            take(.start(String(cString: name), Attributes(pairs: pairs)))
        }

        private func end(_ name: UnsafePointer<XML_Char>?) {
            guard let name else { return }
            take(.end(String(cString: name), text: String(decoding: text, as: UTF8.self)))
        }

        private func add(_ start: UnsafePointer<XML_Char>?, _ count: Int32) {
            text += UnsafeRawBufferPointer(start: start, count: Int(count))
        }

        private func stop() { _ = XML_StopParser(parser, 0) }
    }
}
