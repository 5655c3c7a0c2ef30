import CRPM

/// Compares two versions (or two releases) as rpm does: negative, zero or positive as `left` is older, same or newer.
package func rpmCompareVersions(_ left: String, _ right: String) -> Int {
    Int(rpmvercmp(left, right))
}

/// Turns a conda (or Python) version into an RPM version that sorts the same way under rpm.
///
/// | conda | RPM | because under rpm |
/// |---|---|---|
/// | `2.0rc1`, `2.0.a2` | `2.0~rc1`, `2.0~a2` | `~` sorts before the end |
/// | `1.0.dev3` | `1.0~~dev3` | a development version comes before every pre-release |
/// | `1.0.post1` | `1.0.post1` | a longer version is newer, and `1.0.1` is newer than that |
/// | `1.0+cu118` | `1.0+cu118` | the same |
/// | `1.0+3.gabc` | `1.0+local.3.gabc` | a number there would outrank `1.0.1` |
///
/// Conda compares case-insensitively, so letters become lower case. A version that has `~` or `^` is an RPM version
/// already and stays as it is.
///
/// - Throws: ``RPMError/invalid(field:value:problem:hint:)`` with the remedy, for a dash, a space, an epoch (`1!2.0`)
///   and other characters.
package func rpmVersion(fromConda text: String) throws(RPMError) -> String {
    let (epoch, version) = try CondaVersionText(text).rpm()
    if let epoch {
        throw .invalid(
            field: "version", value: text, problem: "an RPM version has no epoch in it",
            hint: "set the epoch to \(epoch) and the version to \(version)")
    }
    return version
}

/// Turns a conda version into `[EPOCH:]VERSION`, as relations such as `bundled(NAME) = EVR` hold it.
///
/// - Throws: as ``rpmVersion(fromConda:)``, but takes an epoch.
package func rpmEVR(fromConda text: String) throws(RPMError) -> String {
    let (epoch, version) = try CondaVersionText(text).rpm()
    return (epoch.map { "\($0):" } ?? "") + version
}

/// A conda version on its way to rpm.
private struct CondaVersionText {
    let text: String

    init(_ text: String) { self.text = text }

    /// The epoch, where there is one, and the version as rpm writes it.
    func rpm() throws(RPMError) -> (UInt32?, String) {
        if text.contains(where: { "~^".contains($0) }), RPMCharacters.isVersion(text) { return (nil, text) }
        try checkCharacters()
        var rest = text.lowercased()[...]
        var epoch: UInt32?
        if let mark = rest.firstIndex(of: "!") {
            guard let number = UInt32(rest[..<mark]) else { throw refuse("expected a number before !", "write 1!2.0") }
            epoch = number
            rest = rest[rest.index(after: mark)...]
        }
        let halves = rest.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
        var version = Self.markPreReleases(halves[0])
        if halves.count == 2 {
            version += halves[1].utf8.first?.isDigit == true ? "+local.\(halves[1])" : "+\(halves[1])"
        }
        guard RPMCharacters.isVersion(version), version.utf8.first?.isLetterOrDigit == true else {
            throw refuse("expected a version", "write for example 2.4.0")
        }
        return (epoch, version)
    }

    private func checkCharacters() throws(RPMError) {
        if text.contains("-") {
            throw refuse(
                "RPM cannot hold a dash in a version (it separates version and release)",
                "write \"\(text.replacing("-", with: "."))\" or \"\(text.replacing("-", with: "_"))\"")
        }
        if text.contains(where: \.isWhitespace) {
            let joined = text.filter { !$0.isWhitespace }
            throw refuse("RPM cannot hold a space in a version", "write \"\(joined)\"")
        }
        if let bad = text.first(where: { !($0.utf8.allSatisfy(\.isLetterOrDigit) || "._+!".contains($0)) }) {
            throw refuse("RPM cannot hold \"\(bad)\" in a version", "use letters, digits and ._+")
        }
    }

    private func refuse(_ problem: String, _ hint: String) -> RPMError {
        .invalid(field: "version", value: text, problem: problem, hint: hint)
    }

    /// Puts `~` before pre-release words and `~~` before `dev`, dropping the separator that stood there.
    private static func markPreReleases(_ version: Substring) -> String {
        var result = ""
        for run in runs(of: version) {
            guard !result.isEmpty, let mark = mark(for: run) else {
                result += run.text
                continue
            }
            while let last = result.last, "._".contains(last) { result.removeLast() }
            result += mark + run.text
        }
        return result
    }

    /// `~` or `~~` for a word that means a pre-release; single letters do so only before a number (`1.0a2`),
    /// because releases such as `2024a` and `9e` use them too.
    private static func mark(for run: (text: Substring, isBeforeDigit: Bool)) -> String? {
        switch run.text {
        case "dev": "~~"
        case "alpha", "beta", "rc", "pre", "preview": "~"
        case "a", "b", "c": run.isBeforeDigit ? "~" : nil
        default: nil
        }
    }

    /// Splits into runs of letters, of digits, and of separators.
    private static func runs(of version: Substring) -> [(text: Substring, isBeforeDigit: Bool)] {
        func kind(_ character: Character) -> Int { character.isLetter ? 0 : character.isNumber ? 1 : 2 }
        var runs: [(text: Substring, isBeforeDigit: Bool)] = []
        var rest = version
        while let first = rest.first {
            let run = rest.prefix { kind($0) == kind(first) }
            rest = rest[run.endIndex...]
            runs.append((run, rest.first.map { kind($0) == 1 } ?? false))
        }
        return runs
    }
}
