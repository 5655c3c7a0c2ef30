/// Everything that one binary RPM says about itself, and the files that it carries.
///
/// A value: ``RPMWriter`` takes a copy, and the same description always gives the same bytes.
///
/// ```swift
/// var package = RPMDescription(
///     name: "orders", version: "2.4.0", release: "1.el9", architecture: "x86_64",
///     summary: "Orders service", license: "Apache-2.0")
/// package.files = [RPMFile(path: "/opt/orders", contents: .directory, mode: 0o755)]
/// let written = try RPMWriter.write(package, to: "dist/\(package.fileName)")
/// ```
package struct RPMDescription: Sendable, Hashable {
    /// Package name: letters, digits and `-._+`.
    package var name: String
    /// Epoch, which outranks the version when packages are compared; usually absent.
    package var epoch: UInt32?
    /// Version: letters, digits and `._+~^`; see ``rpmVersion(fromConda:)``.
    package var version: String
    /// Release: letters, digits and `._+~^`, for example `1.el9`.
    package var release: String
    /// RPM architecture: `x86_64`, `aarch64`, `noarch`, ...
    package var architecture: String
    /// Where rpmbuild can make a `noarch` package, when only there a program of its trees runs.
    package var buildArchitecture: String?
    /// One line that says what the package is.
    package var summary: String
    /// Text of any length; the summary where it is empty.
    package var description: String
    /// SPDX licence expression of everything inside.
    package var license: String
    /// Organisation that ships the package.
    package var vendor: String?
    /// Person or team that made the package.
    package var packager: String?
    /// Home page.
    package var url: String?
    /// Group of the package; `Unspecified` (as rpmbuild has it) where nil.
    package var group: String?
    /// Build time in seconds since 1970; also the latest modification time that any file keeps.
    package var buildTime: UInt32
    /// What the package requires on the host, beside what follows from its own contents.
    package var requires: [RPMDependency] = []
    /// What the package offers, beside its own name.
    package var provides: [RPMDependency] = []
    /// What must not be installed beside it.
    package var conflicts: [RPMDependency] = []
    /// What it replaces.
    package var obsoletes: [RPMDependency] = []
    /// What is installed with it when possible (rpm 4.12 and later).
    package var recommends: [RPMDependency] = []
    /// Scripts that rpm runs around installation and removal.
    package var scriptlets = RPMScriptlets()
    /// Directories that the package may be relocated from (`Prefixes:`), absolute.
    package var prefixes: [String] = []
    /// What changed, newest first.
    package var changelog: [RPMChangelogEntry] = []
    /// Files, directories and links, in any order.
    package var files: [RPMFile] = []
    /// Files that stand for themselves in the package, and for a program's work in its source package.
    package var trees: [RPMTree] = []
    /// How the payload is compressed.
    package var payload: RPMPayload
    /// What the rpm of the target host can read.
    package var compatibility: RPMCompatibility

    /// Describes a package by what every package must have; the rest is set afterwards.
    package init(
        name: String, epoch: UInt32? = nil, version: String, release: String, architecture: String, summary: String,
        description: String = "", license: String, vendor: String? = nil, packager: String? = nil, url: String? = nil,
        group: String? = nil, buildTime: UInt32 = 0, payload: RPMPayload = .uncompressed,
        compatibility: RPMCompatibility = .modern
    ) {
        self.name = name
        self.epoch = epoch
        self.version = version
        self.release = release
        self.architecture = architecture
        self.summary = summary
        self.description = description
        self.license = license
        self.vendor = vendor
        self.packager = packager
        self.url = url
        self.group = group
        self.buildTime = buildTime
        self.payload = payload
        self.compatibility = compatibility
    }

    /// The conventional file name, `NAME-VERSION-RELEASE.ARCH.rpm`.
    package var fileName: String { "\(name)-\(version)-\(release).\(architecture).rpm" }

    /// The conventional file name of the source package, `NAME-VERSION-RELEASE.src.rpm`.
    package var sourceFileName: String { "\(name)-\(version)-\(release).src.rpm" }

    /// `[EPOCH:]VERSION-RELEASE`, as relations name this package.
    package var evr: String { (epoch.map { "\($0):" } ?? "") + "\(version)-\(release)" }
}
