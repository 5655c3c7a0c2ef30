/// A path below some root, checked once so that whoever holds one may join it to a directory.
///
/// It has at least one component, is not absolute, and has no empty, `.` or `..` component and no NUL byte. The bytes
/// need not be UTF-8: Linux file names are bytes, and packages contain such names. `./a//b/` is accepted and
/// becomes `a/b`.
package struct RelativePath: Hashable, Sendable {
    /// The components joined by single slashes.
    package let bytes: [UInt8]

    /// Checks and normalises a path of any bytes.
    ///
    /// - Throws: ``ArchiveFault/unsafePath(_:problem:)``.
    package init(bytes raw: some Collection<UInt8>) throws(ArchiveFault) {
        guard let path = try RelativePath.belowRoot(raw) else { throw Self.fault(raw, .empty) }
        self = path
    }

    /// Checks and normalises a path.
    ///
    /// - Throws: ``ArchiveFault/unsafePath(_:problem:)``.
    package init(_ text: String) throws(ArchiveFault) {
        try self.init(bytes: Array(text.utf8))
    }

    private init(normalized: [UInt8]) {
        bytes = normalized
    }

    /// The path of a directory entry, whose name the file system already vouches for.
    init(name: ArraySlice<UInt8>, below directory: RelativePath?) {
        bytes = (directory.map { $0.bytes + [UInt8(ascii: "/")] } ?? []) + name
    }

    /// Like ``init(bytes:)``, but nil for the root itself, which tar files made from `.` name `./`.
    static func belowRoot(_ raw: some Collection<UInt8>) throws(ArchiveFault) -> RelativePath? {
        guard let first = raw.first else { throw fault(raw, .empty) }
        guard first != UInt8(ascii: "/") else { throw fault(raw, .absolute) }
        guard !raw.contains(0) else { throw fault(raw, .containsNUL) }
        if let plain = plain(raw) { return plain }
        var normalized: [UInt8] = []
        normalized.reserveCapacity(raw.count)
        for component in raw.split(separator: UInt8(ascii: "/")) {
            if component.elementsEqual([UInt8(ascii: ".")]) { continue }
            guard !component.elementsEqual([UInt8(ascii: "."), UInt8(ascii: ".")]) else {
                throw fault(raw, .parentReference)
            }
            if !normalized.isEmpty { normalized.append(UInt8(ascii: "/")) }
            normalized.append(contentsOf: component)
        }
        return normalized.isEmpty ? nil : RelativePath(normalized: normalized)
    }

    /// The path as it is where no component needs a second look, as in nearly every package; nil where one does.
    private static func plain(_ raw: some Collection<UInt8>) -> RelativePath? {
        var before = UInt8(ascii: "/")
        for byte in raw {
            let startsComponent = before == UInt8(ascii: "/")
            if startsComponent, byte == UInt8(ascii: "/") || byte == UInt8(ascii: ".") { return nil }
            before = byte
        }
        return before == UInt8(ascii: "/") ? nil : RelativePath(normalized: Array(raw))
    }

    private static func fault(_ raw: some Collection<UInt8>, _ problem: PathProblem) -> ArchiveFault {
        .unsafePath(printable(raw), problem: problem)
    }

    /// The path as text; bytes that are not UTF-8 appear as U+FFFD, so use `bytes` to reach the file.
    package var string: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether `string` names the same file as `bytes`.
    package var isUTF8: Bool { String(validating: bytes, as: UTF8.self) != nil }

    /// The last component.
    package var name: ArraySlice<UInt8> {
        bytes[(bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)...]
    }

    /// The directory that holds the last component, nil when that is the root.
    package var parent: RelativePath? {
        bytes.lastIndex(of: UInt8(ascii: "/")).map { RelativePath(normalized: Array(bytes[..<$0])) }
    }

    /// Whether this is `directory` itself or below it; `directory` is written without a slash at its end.
    package func isInside(_ directory: StaticString) -> Bool {
        directory.withUTF8Buffer { prefix in
            bytes.starts(with: prefix) && (bytes.count == prefix.count || bytes[prefix.count] == UInt8(ascii: "/"))
        }
    }

    /// The path with more components behind it.
    package func appending(_ other: RelativePath) -> RelativePath {
        RelativePath(normalized: bytes + [UInt8(ascii: "/")] + other.bytes)
    }
}

extension RelativePath {
    /// Whether a line end, an escape sequence or the like is in it; a tab does no harm.
    package var hasControlCharacter: Bool { bytes.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F } }

    /// What is said of such a path.
    package static let controlCharacterProblem = "has a control character in it, such as a line end"
}

extension RelativePath {
    /// Hashes the bytes at once; an array would go through them one by one.
    package func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}

extension RelativePath: Comparable {
    /// Orders by bytes, which does not depend on a locale.
    package static func < (left: RelativePath, right: RelativePath) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension RelativePath: CustomStringConvertible {
    package var description: String { printable(bytes) }
}

/// Bytes as text for a message: control characters escaped, and cut after 200 bytes.
func printable(_ bytes: some Collection<UInt8>) -> String {
    let shown = String(decoding: bytes.prefix(200), as: UTF8.self)
    var text = ""
    for scalar in shown.unicodeScalars {
        text += scalar.value < 0x20 || scalar.value == 0x7F ? scalar.escaped(asASCII: true) : String(scalar)
    }
    return bytes.count > 200 ? text + "..." : text
}
