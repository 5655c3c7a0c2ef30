import CondaArchive
import Glibc

/// Replaces the placeholder that a package was built with by the prefix that its files will live under (CEP 34).
///
/// - Text: every occurrence is replaced, and a `#!` line that the kernel could not run afterwards is rewritten
///   (``Shebang``).
/// - Binary: the file keeps its length. In each NUL-terminated string that holds the placeholder every occurrence is
///   replaced and the string is padded with NUL. A string without a terminator is left alone, as conda does.
struct PrefixReplacement: Sendable {
    /// A prefix that does not fit into the room that the placeholder left.
    struct PrefixTooLong: Error, Equatable {
        /// Bytes of the placeholder: the longest prefix that would do.
        let placeholderLength: Int
        /// Bytes of the prefix.
        let prefixLength: Int
    }

    /// The text that the package's builder left in place of the prefix.
    let placeholder: String

    /// The prefix that takes its place.
    let prefix: String

    /// How the file's contents are treated.
    let mode: PathEntry.Placeholder.Mode

    private let encodings: [PlaceholderEncoding]

    init(placeholder: String, prefix: String, mode: PathEntry.Placeholder.Mode) {
        self.placeholder = placeholder
        self.prefix = prefix
        self.mode = mode
        encodings = PlaceholderEncoding.all(placeholder: placeholder, prefix: prefix)
    }

    /// Whether the prefix fits wherever a binary file may hold the placeholder.
    func check() throws(PrefixTooLong) {
        guard mode == .binary, prefix.utf8.count > placeholder.utf8.count else { return }
        throw PrefixTooLong(placeholderLength: placeholder.utf8.count, prefixLength: prefix.utf8.count)
    }

    /// Rewrites a whole file in memory.
    ///
    /// - Returns: whether anything changed.
    @discardableResult
    func apply(to contents: inout [UInt8]) throws(PrefixTooLong) -> Bool {
        guard !placeholder.isEmpty else { return false }
        switch mode {
        case .text: return replaceText(&contents)
        case .binary: return try replaceStrings(&contents)
        }
    }

    private func replaceText(_ contents: inout [UInt8]) -> Bool {
        var changed = false
        if let line = Shebang.rewritten(in: contents, placeholder: placeholder, prefix: prefix) {
            contents.replaceSubrange(0..<Shebang.lineLength(of: contents), with: line)
            changed = true
        }
        for encoding in encodings {
            guard let replaced = encoding.search.replaced(with: encoding.replacement, in: contents) else { continue }
            contents = replaced
            changed = true
        }
        return changed
    }

    private func replaceStrings(_ contents: inout [UInt8]) throws(PrefixTooLong) -> Bool {
        var changed = false
        for encoding in encodings {
            let found = contents.withUnsafeMutableBytes { encoding.replaceStrings(in: $0) }
            switch found {
            case .none: continue
            case .replaced: changed = true
            case .tooLong:
                throw PrefixTooLong(placeholderLength: placeholder.utf8.count, prefixLength: prefix.utf8.count)
            }
        }
        return changed
    }
}

extension PlaceholderEncoding {
    /// What became of the strings of one encoding.
    enum Outcome { case none, replaced, tooLong }

    /// Replaces in place in every terminated string.
    ///
    /// The terminator is looked for byte by byte, not character by character, because conda does so and the bytes of
    /// the two must agree; the padding makes both the same except in strings that hold U+0100 and its like.
    func replaceStrings(in bytes: UnsafeMutableRawBufferPointer) -> Outcome {
        let readable = UnsafeRawBufferPointer(bytes)
        var outcome = Outcome.none
        var position = 0
        while let start = search.firstIndex(in: readable, from: position),
            let end = terminator.firstIndex(in: readable, from: start + search.count)
        {
            guard replacement.count <= search.count else { return .tooLong }
            let string = UnsafeMutableRawBufferPointer(rebasing: bytes[start..<end + terminator.count])
            replaceOccurrences(in: string)
            outcome = .replaced
            position = end + terminator.count
        }
        return outcome
    }

    /// Moves the string together as its occurrences shrink, then pads it.
    private func replaceOccurrences(in string: UnsafeMutableRawBufferPointer) {
        guard let base = string.baseAddress else { return }
        let readable = UnsafeRawBufferPointer(string)
        var read = 0
        var written = 0
        while let found = search.firstIndex(in: readable, from: read) {
            memmove(base + written, base + read, found - read)
            written += found - read
            replacement.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(rebasing: string[written...]).copyMemory(from: $0)
            }
            written += replacement.count
            read = found + search.count
        }
        memmove(base + written, base + read, string.count - read)
        written += string.count - read
        memset(base + written, 0, string.count - written)
    }
}
