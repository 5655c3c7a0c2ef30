import CondaModel
import RPMFormat
import ServiceRelease

/// What an RPM says of the packages inside it, so that who looks for a vulnerable one finds every RPM that carries it:
/// `bundled(conda-NAME) = VERSION`, and `bundled(python3dist(NAME)) = VERSION` for a wheel (Fedora's guidelines on
/// bundled software).
enum BundledProvides {
    /// One for each package and each wheel, in the release's order; packages in RPMs of their own are not inside.
    static func of(_ release: Release) -> [RPMDependency] {
        (release.layout == .split ? [] : release.packages.map { of($0.record) })
            + release.wheels.map { relation("python3dist(\(normalized($0.name)))", $0.version) }
    }

    static func of(_ record: PackageRecord) -> RPMDependency {
        relation("conda-\(record.name)", "\(record.version)")
    }

    /// A version that rpm cannot hold is left out; that the package is inside is said all the same.
    private static func relation(_ name: String, _ version: String) -> RPMDependency {
        guard let evr = try? rpmEVR(fromConda: version) else { return RPMDependency("bundled(\(name))") }
        return RPMDependency("bundled(\(name))", .equal, evr)
    }

    /// The name of a distribution as Python's index compares it (PEP 503).
    private static func normalized(_ name: String) -> String {
        name.lowercased().split { "-_.".contains($0) }.joined(separator: "-")
    }
}
