import CondaModel
import RPMFormat
import ServiceRelease

/// What an RPM says of the packages inside it, so that who looks for a vulnerable one finds every RPM that carries it:
/// `bundled(conda-NAME) = VERSION`, and `bundled(python3dist(NAME)) = VERSION` for a Python distribution, be it a wheel or
/// inside a conda package (Fedora's guidelines on bundled software).
enum BundledProvides {
    /// Those of each package and each wheel, in the release's order; packages in RPMs of their own are not inside.
    static func of(_ release: Release) -> [RPMDependency] {
        let packages = release.layout == .split ? [] : release.packages
        let named = packages.flatMap { of($0.record, $0.distributions ?? []) }
        return named + release.wheels.map { distribution($0.name, $0.version) }
    }

    static func of(_ record: PackageRecord, _ distributions: [PythonDistribution]) -> [RPMDependency] {
        [relation("conda-\(record.name)", "\(record.version)")]
            + distributions.map { distribution($0.name, $0.version) }
    }

    private static func distribution(_ name: String, _ version: String) -> RPMDependency {
        relation("python3dist(\(DistributionName.canonical(name)))", version)
    }

    /// A version that rpm cannot hold is left out; that the package is inside is said all the same.
    private static func relation(_ name: String, _ version: String) -> RPMDependency {
        guard let evr = try? rpmEVR(fromConda: version) else { return RPMDependency("bundled(\(name))") }
        return RPMDependency("bundled(\(name))", .equal, evr)
    }
}
