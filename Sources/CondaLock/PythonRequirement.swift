import CondaModel

/// The parts of a PyPI requirement (PEP 508) that a lock can be asked about.
struct PythonRequirement {
    /// The normalised name (PEP 503).
    let name: String
    /// The extras asked for, normalised like names (PEP 685).
    let extras: Set<String>
    /// The version specifier without blanks, or `@` and an address; empty: any version.
    let specifier: String
    /// The versions allowed; `nil`: any, or a form that cannot be judged.
    let versionSpec: VersionSpec?
    /// The condition after the semicolon.
    let marker: String?

    init(_ text: String) {
        let halves = text.split(separator: ";", maxSplits: 1).map { String($0).trimmingBlanks }
        marker = halves.count > 1 ? halves[1] : nil
        let body = halves.first ?? ""
        let name = body.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
        self.name = DistributionName.canonical(String(name))
        var rest = String(body.dropFirst(name.count)).trimmingBlanks
        var extras: Set<String> = []
        if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
            extras = Set(
                rest[..<end].dropFirst().split(separator: ",").map {
                    DistributionName.canonical($0.filter { !$0.isWhitespace })
                })
            rest = String(rest[rest.index(after: end)...]).trimmingBlanks
        }
        if rest.hasPrefix("("), rest.hasSuffix(")") { rest = String(rest.dropFirst().dropLast()) }
        self.extras = extras
        specifier = rest.filter { !$0.isWhitespace }
        // `name @ URL` has no version to compare; `===` compares texts.
        let isJudged = !specifier.isEmpty && !specifier.hasPrefix("@") && !specifier.contains("===")
        versionSpec = isJudged ? try? VersionSpec(specifier) : nil
    }
}
