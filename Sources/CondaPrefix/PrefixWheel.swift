import CondaModel

/// One wheel to be linked into the Python of a prefix (PEP 427).
package struct PrefixWheel: Sendable {
    /// The name of the distribution, in any spelling.
    package var name: String

    /// The version of the distribution.
    package var version: String

    /// The path of the `.whl` file; its digest must have been verified.
    package var path: String

    /// Whether the requirement set names it, as opposed to a dependency.
    package var isRequested: Bool

    /// Names a wheel.
    package init(name: String, version: String, path: String, isRequested: Bool = false) {
        self.name = name
        self.version = version
        self.path = path
        self.isRequested = isRequested
    }
}

extension PrefixWheel {
    /// `NAME-VERSION` as tools of today spell it in `.dist-info` directories (PEP 491); old wheels differ.
    var conventionalStem: String {
        let name = DistributionName.canonical(name).map { $0 == "-" ? "_" : String($0) }.joined()
        return "\(name)-\(version)"
    }
}
