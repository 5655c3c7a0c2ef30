/// A text of ours in which words stand for values: `@NAME@` in scriptlets, `__NAME__` in the spec file.
///
/// This is the only place where words are filled in. A template is taken apart before any value is looked at, and values
/// are put in as they are: a user's script that says `@NAME@` says so in the RPM, too, and the order in which values
/// come does not matter.
package struct Template: Sendable {
    private let lines: [Line]

    /// Takes a template apart.
    ///
    /// - Parameter mark: what stands on both sides of a word, such as `@`.
    package init(_ text: [UInt8], mark: String) {
        lines = String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .map { Line($0, mark: mark) }
    }

    /// The words that want values.
    package var words: Set<String> { Set(lines.flatMap(\.words)) }

    /// Puts each word's value in its place; a word without a value stays as it stands in the template.
    ///
    /// A comment that is nothing but a word makes way for its value, and goes where that is empty.
    package func filled(_ values: [String: String]) -> String {
        lines.compactMap { $0.filled(values) }.joined(separator: "\n")
    }
}

/// A line of a template, in pieces.
private struct Line: Sendable {
    private enum Piece {
        case text(String)
        /// A word, and how it is spelled in the template.
        case word(String, spelled: String)
    }

    private let pieces: [Piece]

    /// The word that the line, a comment, consists of.
    private let soleWord: String?

    init(_ line: Substring, mark: String) {
        let parts = line.split(separator: mark, omittingEmptySubsequences: false).map(String.init)
        var pieces: [Piece] = [.text(parts[0])]
        var index = 1
        while index < parts.count {
            if index + 1 < parts.count, Self.isWord(parts[index]) {
                pieces += [.word(parts[index], spelled: mark + parts[index] + mark), .text(parts[index + 1])]
                index += 2
            } else {
                pieces.append(.text(mark + parts[index]))
                index += 1
            }
        }
        self.pieces = pieces
        let isComment = parts.count == 3 && parts[0] == "# " && parts[2].isEmpty && Self.isWord(parts[1])
        soleWord = isComment ? parts[1] : nil
    }

    var words: [String] {
        pieces.compactMap { if case .word(let word, _) = $0 { word } else { nil } }
    }

    /// The line with its values; nil when nothing is left of it.
    func filled(_ values: [String: String]) -> String? {
        if let soleWord, let value = values[soleWord] { return value.isEmpty ? nil : value }
        return pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .word(let word, let spelled): values[word] ?? spelled
            }
        }.joined()
    }

    /// Words are capitals with underscores between them: `BUILD_TIME`.
    private static func isWord(_ text: String) -> Bool {
        text.utf8.first.map(isCapital) ?? false && text.utf8.allSatisfy { isCapital($0) || $0 == UInt8(ascii: "_") }
    }

    private static func isCapital(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
}
