/// The rules of CEP 26 for the names of packages, builds and channels.
package enum Identifier {
    /// The longest package name, version or build string, in characters.
    package static let lengthLimit = 64

    /// What makes a text no package name, virtual or not; nil when it is one.
    ///
    /// Case does not matter. A name starts with a letter, a digit or one underscore (a virtual one with two), and never has two of `.`, `-`
    /// and `_` in a row.
    package static func problem(inPackageName name: String) -> TextProblem? {
        name.withBytes { bytes in
            problem(inPackageName: bytes, range: 0..<bytes.count)
        }
    }

    static func problem(inPackageName bytes: UnsafeBufferPointer<UInt8>, range: Range<Int>) -> TextProblem? {
        let rule = "a package name of lower-case letters, digits, '.', '-' and '_'"
        guard let first = range.first else {
            return TextProblem(at: range.lowerBound, expected: "a package name", found: "nothing")
        }
        guard range.count <= lengthLimit else {
            return TextProblem(
                at: first, expected: "a package name of at most \(lengthLimit) characters",
                found: "\(range.count) characters")
        }
        if let other = range.first(where: { !isLetter(bytes[$0]) && !isDigit(bytes[$0]) && !isSeparator(bytes[$0]) }) {
            return TextProblem(at: other, expected: rule, found: quoted(bytes, at: other))
        }
        if bytes[first] == UInt8(ascii: ".") || bytes[first] == UInt8(ascii: "-") {
            return TextProblem(
                at: first, expected: "a name that starts with a letter, a digit or '_'", found: quoted(bytes, at: first)
            )
        }
        let isVirtual = range.count > 2 && bytes[first] == UInt8(ascii: "_") && bytes[first + 1] == UInt8(ascii: "_")
        for index in range.dropFirst(isVirtual ? 2 : 1) where isSeparator(bytes[index]) && isSeparator(bytes[index - 1])
        {
            return TextProblem(
                at: index, expected: "a name without two of '.', '-' and '_' in a row", found: quoted(bytes, at: index))
        }
        return nil
    }

    /// What makes a text no build string; nil when it is one.
    package static func problem(inBuild build: String) -> TextProblem? {
        build.withBytes { bytes in
            guard !bytes.isEmpty else { return TextProblem(at: 0, expected: "a build string", found: "nothing") }
            guard bytes.count <= lengthLimit else {
                return TextProblem(
                    at: 0, expected: "a build string of at most \(lengthLimit) characters",
                    found: "\(bytes.count) characters")
            }
            return bytes.indices.first { !isBuildCharacter(bytes[$0]) }.map { index in
                TextProblem(
                    at: index, expected: "a build string of letters, digits, '_', '.' and '+'",
                    found: quoted(bytes, at: index))
            }
        }
    }

    /// What makes a text no channel name; nil when it is one.
    ///
    /// A name is a path of lower-case components below the channel alias; what follows `label` may have capitals.
    package static func problem(inChannelName name: String) -> TextProblem? {
        name.withBytes { bytes in
            guard !bytes.isEmpty else { return TextProblem(at: 0, expected: "a channel name", found: "nothing") }
            var isLabel = false
            for component in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
                if let problem = problem(inChannelComponent: component, of: bytes, isLabel: isLabel) { return problem }
                isLabel = isLabel || component.elementsEqual("label".utf8)
            }
            return nil
        }
    }

    private static func problem(
        inChannelComponent component: Slice<UnsafeBufferPointer<UInt8>>, of bytes: UnsafeBufferPointer<UInt8>,
        isLabel: Bool
    ) -> TextProblem? {
        guard let first = component.first, component.count <= 128 else {
            return TextProblem(
                at: component.startIndex, expected: "a channel name with 1 to 128 characters between slashes",
                found: "\(component.count) characters")
        }
        let other = component.indices.first { index in
            let byte = bytes[index]
            let isCapital = lowercased(byte) != byte
            return !(isLetter(byte) && (isLabel || !isCapital)) && !isDigit(byte) && !isSeparator(byte)
        }
        let isBadStart = first == UInt8(ascii: ".") || first == UInt8(ascii: "-")
        guard let offset = isBadStart ? component.startIndex : other else { return nil }
        return TextProblem(
            at: offset, expected: "a channel name of lower-case letters, digits, '.', '-' and '_'",
            found: quoted(bytes, at: offset))
    }

    static func isBuildCharacter(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "+")
    }

    private static func quoted(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> String {
        String(decoding: bytes[index...], as: UTF8.self).quoted(at: 0)
    }
}
