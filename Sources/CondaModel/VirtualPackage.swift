/// A property of the host that packages depend on as if it were a package, such as `__glibc` (CEP 30).
package struct VirtualPackage: Sendable, Hashable, CustomStringConvertible {
    /// The name, which starts with two underscores.
    package let name: String
    /// The version of the property; 0 where it has none.
    package let version: Version
    /// The build string; 0 except for `__archspec`, where it names the processor.
    package let build: String

    /// Makes a virtual package.
    package init(name: String, version: Version, build: String = "0") {
        (self.name, self.version, self.build) = (name, version, build)
    }

    /// The package as a record without an archive, for a solver.
    package var record: PackageRecord {
        PackageRecord(name: name, version: version, build: build, buildNumber: 0)
    }

    /// Name, version and build as `conda info` writes them.
    package var description: String { "\(name)=\(version)=\(build)" }
}
