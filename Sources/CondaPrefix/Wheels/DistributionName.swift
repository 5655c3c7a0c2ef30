import CondaModel

/// Names and versions of Python distributions, which have several spellings.
enum DistributionName {
    /// The one spelling of a name by which distributions are told apart (PEP 503).
    static func canonical(_ name: some StringProtocol) -> String {
        name.lowercased().split { "-_.".contains($0) }.joined(separator: "-")
    }

    /// Whether two texts are one version; zeros at the end do not count (PEP 440).
    static func sameVersion(_ left: String, _ right: String) -> Bool {
        let (left, right) = (normalized(left), normalized(right))
        if left == right { return true }
        guard let left = try? Version(left), let right = try? Version(right) else { return false }
        return left == right
    }

    /// A version inside of a file name has `_` where others have `-`.
    private static func normalized(_ version: String) -> String {
        String(version.lowercased().map { $0 == "_" || $0 == "-" ? "." : $0 })
    }

    /// Splits `NAME-VERSION` of a `.dist-info` or `.data` directory.
    static func split(stem: Substring) -> (name: Substring, version: Substring)? {
        guard let dash = stem.firstIndex(of: "-"), dash != stem.startIndex else { return nil }
        let version = stem[stem.index(after: dash)...]
        return version.isEmpty ? nil : (stem[..<dash], version)
    }
}
