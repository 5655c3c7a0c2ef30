/// Valid SPDX for whatever packages and wheels state as their licence.
enum LicenseSpelling {
    /// The characters of a name that is made from a text; longer texts are prose.
    private static let maximumNameLength = 64

    /// What packages write that state none.
    private static let nothing: Set<String> = ["", "unknown", "noassertion", "none"]

    /// The expression that a text stands for.
    ///
    /// A text that is neither SPDX nor a well-known name keeps its words in a `LicenseRef`; prose is named after the
    /// package, whose licence texts tell more than a tag can.
    static func expression(_ text: String?, of package: String) -> LicenseExpression {
        let text = trimmed(text ?? "")
        guard !nothing.contains(text.lowercased()) else { return unknown(package) }
        let spelling = LicenseNames.bySpelling[LicenseNames.key(text)] ?? text
        return LicenseParser.parse(spelling, license)?.withoutRepetition ?? .license(reference(text, of: package))
    }

    private static func unknown(_ package: String) -> LicenseExpression {
        let name = plainName(package)
        return .license(name.isEmpty ? LicenseExpression.unknown : "\(LicenseExpression.unknown)-\(name)")
    }

    private static func trimmed(_ text: String) -> String {
        let end = text.lastIndex { !$0.isWhitespace }
        return end.map { String(text[...$0].drop(while: \.isWhitespace)) } ?? ""
    }

    /// One licence as SPDX spells it, perhaps with an exception; nil when SPDX knows none of that name.
    private static func license(_ text: String) -> String? {
        let words = text.split(separator: " ")
        guard words.count == 3, words[1].uppercased() == "WITH" else {
            return identifier(LicenseNames.bySpelling[LicenseNames.key(text)] ?? text)
        }
        guard let license = identifier(String(words[0])) else { return nil }
        let exception = SPDXIdentifiers.exceptions[words[2].lowercased()] ?? reference(words[2], "AdditionRef-")
        return exception.map { "\(license) WITH \($0)" }
    }

    private static func identifier(_ text: String) -> String? {
        let isOpen = text.hasSuffix("+")
        let name = isOpen ? String(text.dropLast()) : text
        guard let known = SPDXIdentifiers.licenses[name.lowercased()] else {
            return reference(text[...], "LicenseRef-") ?? documentReference(text)
        }
        // SPDX calls the bare names deprecated, for they do not tell whether later versions count.
        if SPDXIdentifiers.licenses["\(name)-or-later".lowercased()] != nil {
            return known + (isOpen ? "-or-later" : "-only")
        }
        return isOpen && !known.hasSuffix("-or-later") ? "\(known)+" : known
    }

    /// A name that somebody else defined.
    private static func reference(_ text: Substring, _ prefix: String) -> String? {
        guard text.lowercased().hasPrefix(prefix.lowercased()) else { return nil }
        let name = text.dropFirst(prefix.count)
        return name.isEmpty || !name.allSatisfy(isPlain) ? nil : prefix + name
    }

    private static func documentReference(_ text: String) -> String? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let document = reference(parts[0], "DocumentRef-"),
            let license = reference(parts[1], "LicenseRef-")
        else { return nil }
        return "\(document):\(license)"
    }

    private static func reference(_ text: String, of package: String) -> String {
        let prefix = "LicenseRef-"
        let isReference = text.lowercased().hasPrefix(prefix.lowercased())
        let words = plainName(isReference ? String(text.dropFirst(prefix.count)) : text)
        let isProse = text.contains(where: \.isNewline) || words.utf8.count > maximumNameLength
        let name = isProse || words.isEmpty ? plainName(package) : words
        return name.isEmpty ? LicenseExpression.unknown : prefix + name
    }

    /// A text in the letters that SPDX allows.
    private static func plainName(_ text: String) -> String {
        text.split { !isPlain($0) || $0 == "-" }.joined(separator: "-")
    }

    private static func isPlain(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "." || character == "-")
    }
}
