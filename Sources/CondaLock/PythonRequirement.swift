import CondaModel

/// The parts of a PyPI requirement (PEP 508) that a lock can be asked about.
struct PythonRequirement {
    /// The normalised name (PEP 503).
    let name: String
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
        if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
            rest = String(rest[rest.index(after: end)...]).trimmingBlanks
        }
        if rest.hasPrefix("("), rest.hasSuffix(")") { rest = String(rest.dropFirst().dropLast()) }
        let specifier = rest.filter { !$0.isWhitespace }
        // `name @ URL` has no version to compare; `===` compares texts.
        let isJudged = !specifier.isEmpty && !specifier.hasPrefix("@") && !specifier.contains("===")
        versionSpec = isJudged ? try? VersionSpec(specifier) : nil
    }
}
