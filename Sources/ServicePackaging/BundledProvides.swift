import RPMFormat
import ServiceRelease

/// What an RPM says of the packages inside it, so that who looks for a vulnerable one finds every RPM that carries it:
/// `bundled(conda-NAME) = VERSION` (Fedora's guidelines on bundled software).
enum BundledProvides {
    /// One for each package, in the release's order.
    ///
    /// A version that rpm cannot hold is left out; that the package is inside is said all the same.
    static func of(_ release: Release) -> [RPMDependency] {
        release.packages.map { package in
            let name = "bundled(conda-\(package.record.name))"
            guard let version = try? rpmEVR(fromConda: "\(package.record.version)") else { return RPMDependency(name) }
            return RPMDependency(name, .equal, version)
        }
    }
}
