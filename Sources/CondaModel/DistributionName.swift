/// Names and versions of Python distributions, which have several spellings.
package enum DistributionName {
    /// The one spelling of a name by which distributions are told apart (PEP 503), `zope-interface` for `Zope.Interface`.
    package static func canonical(_ name: some StringProtocol) -> String {
        name.lowercased().split { "-_.".contains($0) }.joined(separator: "-")
    }

    /// Whether two texts are one version; zeros at the end do not count (PEP 440).
    package static func sameVersion(_ left: String, _ right: String) -> Bool {
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
    package static func split(stem: Substring) -> (name: Substring, version: Substring)? {
        guard let dash = stem.firstIndex(of: "-"), dash != stem.startIndex else { return nil }
        let version = stem[stem.index(after: dash)...]
        return version.isEmpty ? nil : (stem[..<dash], version)
    }
}

/// A Python distribution that a conda package brings, by the name that scanners and `pip` know.
package struct PythonDistribution: Codable, Sendable, Hashable, Comparable {
    /// As the metadata directory spells it, such as `zope.interface`.
    package let name: String
    package let version: String

    package init(name: String, version: String) {
        self.name = name
        self.version = version
    }

    /// The distributions whose metadata is among the files of a package, sorted: `NAME-VERSION.dist-info/METADATA` or the
    /// older `.egg-info`, directly in `site-packages` (what lies deeper is somebody's private copy).
    package static func among(_ paths: some Sequence<String>) -> [PythonDistribution] {
        Set(paths.compactMap(of)).sorted()
    }

    private static func of(_ path: String) -> PythonDistribution? {
        var parts = path.split(separator: "/")[...]
        if parts.count > 2, parts.first == "lib", parts.dropFirst().first?.hasPrefix("python") == true {
            parts = parts.dropFirst(2)
        }
        guard parts.popFirst() == "site-packages", let folder = parts.popFirst() else { return nil }
        let stem: Substring
        switch parts.first {
        case "METADATA" where parts.count == 1 && folder.hasSuffix(".dist-info"):
            stem = folder.dropLast(".dist-info".count)
        case "PKG-INFO" where parts.count == 1 && folder.hasSuffix(".egg-info"),
            nil where folder.hasSuffix(".egg-info"):
            stem = folder.dropLast(".egg-info".count)
        default:
            return nil
        }
        guard let (name, version) = DistributionName.split(stem: stem) else { return nil }
        // An egg's name goes on with the Python that it was made for: `NAME-VERSION-py3.12`.
        return PythonDistribution(name: String(name), version: String(version.prefix { $0 != "-" }))
    }

    package static func < (left: PythonDistribution, right: PythonDistribution) -> Bool {
        (left.name, left.version) < (right.name, right.version)
    }
}
