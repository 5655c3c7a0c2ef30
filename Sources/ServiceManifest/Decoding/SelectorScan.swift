import StrictYAML

/// Finds comment selectors (`- pywin32  # [win]`, CEP 24), which YAML parsers drop without a word.
enum SelectorScan {
    static let advice = "remove the selector; remove the whole line when it is not for Linux"

    /// The variables of selector expressions; any of them tells a selector from a plain comment in brackets.
    private static let variables: Set<Substring> = [
        "linux", "linux32", "linux64", "osx", "osx64", "win", "win32", "win64", "unix", "x86", "x86_64", "x64",
        "arm64", "aarch64", "armv6l", "armv7l", "ppc64le", "s390x", "riscv64", "emscripten", "wasi", "wasm32",
    ]

    /// Throws at the first line that ends in a selector.
    ///
    /// Lines of block scalars (`|`, `>`) are text, not comments.
    static func refuseSelectors(in text: String, file: String) throws(ManifestError) {
        var blockIndent: Int?
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let indent = line.prefix { $0 == " " }.count
            let isBlank = line.allSatisfy(\.isWhitespace)
            if let limit = blockIndent {
                if isBlank || indent > limit { continue }
                blockIndent = nil
            }
            if opensBlockScalar(line) { blockIndent = indent }
            guard let selector = selector(at: line) else { continue }
            throw ManifestError(
                file: file, line: index + 1, column: line.distance(from: line.startIndex, to: selector.startIndex) + 1,
                problem: "selectors are not supported: an RPM is for Linux", found: quoted(String(selector)),
                advice: advice)
        }
    }

    /// The selector that a line ends in, unless the whole line is a comment.
    private static func selector(at line: Substring) -> Substring? {
        guard line.contains("#"), line.first(where: { !$0.isWhitespace }) != "#",
            let match = line.firstMatch(of: /\s(#\s*\[([a-z0-9_() ]+)\]\s*)$/)
        else { return nil }
        let words = match.2.split { " ()".contains($0) }
        return words.contains(where: variables.contains) ? match.1 : nil
    }

    private static func opensBlockScalar(_ line: Substring) -> Bool {
        line.contains { $0 == "|" || $0 == ">" }
            && line.firstMatch(of: /(:|-|^)\s+([!&]\S+\s+)?[|>][-+0-9]*\s*(#.*)?$/) != nil
    }
}
