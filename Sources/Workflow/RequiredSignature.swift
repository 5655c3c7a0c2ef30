import RPMFormat
import ServiceManifest

/// Which hosts refuse a package without a signature: those of rpm 6, which Fedora has had since 43
/// (`%_pkgverify_level all`).
enum RequiredSignature {
    /// What to tell whoever builds for such hosts without a key; nil where none is needed.
    static func warning(_ manifest: Manifest) -> String? {
        guard manifest.rpm.target.family == .fedora, manifest.rpm.sign == nil else { return nil }
        return "the RPM is not signed, and \(refusal): set rpm.sign, or sign it with conda-rpm sign"
    }

    /// The same of a package that is there; its release tells the hosts it is for.
    static func warning(_ reader: RPMReader) -> String? {
        guard !reader.signature.isSigned, !reader.isSource, isForFedora(reader.release) else { return nil }
        return "\(reader.path) is not signed, and \(refusal): sign it with conda-rpm sign"
    }

    private static let refusal = "rpm 6 (Fedora 43 and later) refuses to install such a package"

    /// `.fedora` is our own suffix, `.fc43` that of the distribution.
    private static func isForFedora(_ release: String) -> Bool {
        guard let suffix = release.split(separator: ".").last else { return false }
        if suffix == "fedora" { return true }
        return suffix.hasPrefix("fc") && Int(suffix.dropFirst(2)).map { $0 >= 43 } ?? false
    }
}
