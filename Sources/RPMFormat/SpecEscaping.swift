/// How text is written so that rpmbuild reads it back as it was.
extension String {
    /// With every percent sign doubled, so that no macro is expanded.
    var macroEscaped: String { replacing("%", with: "%%") }

    /// As one word of a shell command in a spec file.
    var shellQuoted: String { "'\(macroEscaped.replacing("'", with: #"'\''"#))'" }

    /// The text as rpmbuild takes it out of a spec file: without the blanks and line ends behind it.
    var withoutTrailingSpace: String {
        guard let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(self[...last])
    }

    /// Lines of a section of a spec file.
    ///
    /// Directives are found after macros were expanded, comments too where the section is no script: no escape keeps a
    /// line such as `%post` or `# heading` from being taken for one.
    func specLines(field: String, keepsComments: Bool) throws(RPMError) -> String {
        for line in split(separator: "\n") {
            let words = line.split(whereSeparator: \.isWhitespace)
            if let word = words.first, word.first == "%", specDirectives.contains(word.dropFirst().lowercased()) {
                throw .unspeakable(
                    field: field, value: String(line), problem: "the line would be taken for a directive",
                    hint: "put something before \(word)")
            }
            if !keepsComments, words.first?.first == "#" {
                throw .unspeakable(
                    field: field, value: String(line), problem: "the line would be taken for a comment",
                    hint: "begin the line with another character than #")
            }
        }
        return macroEscaped
    }
}

extension RPMError {
    /// An RPM can hold it, and a spec file cannot say it.
    static func unspeakable(field: String, value: String, problem: String, hint: String) -> RPMError {
        .invalid(field: field, value: value, problem: "a spec file cannot say this: \(problem)", hint: hint)
    }
}

/// What rpmbuild 4.20 takes for a section or a condition at the start of a line (`build/parseSpec.c`).
private let specDirectives: Set<String> = [
    "build", "changelog", "check", "clean", "conf", "description", "elif", "elifarch", "elifos", "else", "endif",
    "files", "filetriggerin", "filetriggerpostun", "filetriggerun", "generate_buildrequires", "if", "ifarch", "ifnarch",
    "ifnos", "ifos", "include", "install", "package", "patchlist", "post", "posttrans", "postun", "postuntrans", "pre",
    "prep", "pretrans", "preun", "preuntrans", "sepolicy", "sourcelist", "transfiletriggerin",
    "transfiletriggerpostun", "transfiletriggerun", "trigger", "triggerin", "triggerpostun", "triggerprein",
    "triggerun", "verifyscript",
]
