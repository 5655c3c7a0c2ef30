import CondaModel
import FoundationEssentials

/// What one RPM installs: the document that travels from the build machine to the host.
///
/// The build writes it as `bundle/V-R/release.json`; every scriptlet, the host tool and `conda-rpm inspect`
/// read it from there. It names no build machine, user or time, so that equal inputs give equal bytes.
package struct Release: Codable, Sendable, Hashable {
    /// The format this code writes, and the newest one it reads.
    package static let currentFormat = 1
    /// The document's file name in a bundle.
    package static let fileName = "release.json"

    package var format = Release.currentFormat
    /// The RPM's name, which is also the service's name on a host.
    package var name: String
    /// The RPM's version, such as `2.0~rc1`.
    package var version: String
    /// The RPM's release, such as `1`.
    package var release: String
    package var summary: String
    /// SHA-256 over everything that went into the RPM, in lower-case hexadecimal.
    package var inputs: String
    /// The manifest as decoded, one line of JSON: to tell later what of it changed.
    package var manifest: String
    /// The SHA-256 of the host tool in the bundle.
    package var hostTool: String
    /// The tool that made the RPM, such as `conda-rpm 0.1.0`.
    package var tool: String
    package var target: TargetHost
    package var layout: Layout
    package var bootstrap: Bootstrap
    /// The service's home on a host, `/opt/NAME` unless the manifest says otherwise.
    package var prefix: String
    /// The requirement set as the manifest states it.
    package var requested: [String]
    /// Channels the packages were chosen from, without credentials.
    package var channels: [String]
    /// The packages in link order: dependencies first.
    package var packages: [BundledPackage]
    /// The wheels that are linked after the packages, by name.
    package var wheels: [BundledWheel]
    package var variables: [EnvironmentVariable]
    package var commands: [String]
    /// Units of services that run always, without `.service`.
    package var services: [String]
    /// Units of timers, without `.timer`.
    package var timers: [String]
    package var checks: [Check]
    /// Whom checks and health run as: `root`, a service's user, or another one of the host; nil: one without rights.
    package var checkUser: String?
    /// Command lines that succeed when the services answer.
    package var health: [String]
    /// How long they may take until they succeed, in seconds.
    package var healthSeconds: Int
    /// Whether a host goes back by itself when they do not.
    package var rollsBack: Bool
    /// How many earlier releases a host keeps for rollback.
    package var keep: Int
    package var keepArchives: Bool
    /// Whether Python sources of `noarch` packages are byte-compiled on the host.
    package var compile: Bool
    /// Whether conda and pip are kept from changing the prefix; nil, as in documents from before there was a choice: no.
    package var frozen: Bool?
    /// Bytes the linked prefix takes, estimated from the packages' own records.
    package var installedSize: Int64
    /// The digests of what a host has made below the prefix and no archive tells, by path; nil in a bundle.
    ///
    /// They are those of the records of conda and pip, and of the activation: SHA-256, lower-case hexadecimal.
    package var records: [String: String]?

    /// `V-R`, the name of this release below `bundle/` and `releases/`.
    package var identifier: String { "\(version)-\(release)" }

    /// The directory name used when another build of the same `V-R` is already on the host.
    package var distinctIdentifier: String { "\(identifier)+\(inputs.prefix(8))" }
}

extension Release {
    package init(
        name: String, version: String, release: String, summary: String, inputs: String, manifest: String = "{}",
        hostTool: String = "", tool: String,
        target: TargetHost, layout: Layout = .archives, bootstrap: Bootstrap = .builtin, prefix: String,
        requested: [String], channels: [String], packages: [BundledPackage], wheels: [BundledWheel] = [],
        variables: [EnvironmentVariable] = [],
        commands: [String] = [], services: [String] = [], timers: [String] = [], checks: [Check] = [],
        checkUser: String? = nil,
        health: [String] = [], healthSeconds: Int = 30, rollsBack: Bool = false, keep: Int = 1,
        keepArchives: Bool = true, compile: Bool = true, frozen: Bool? = nil, installedSize: Int64
    ) {
        self.name = name
        self.version = version
        self.release = release
        self.summary = summary
        self.inputs = inputs
        self.manifest = manifest
        self.hostTool = hostTool
        self.tool = tool
        self.target = target
        self.layout = layout
        self.bootstrap = bootstrap
        self.prefix = prefix
        self.requested = requested
        self.channels = channels
        self.packages = packages
        self.wheels = wheels
        self.variables = variables
        self.commands = commands
        self.services = services
        self.timers = timers
        self.health = health
        self.healthSeconds = healthSeconds
        self.rollsBack = rollsBack
        self.checks = checks
        self.checkUser = checkUser
        self.keep = keep
        self.keepArchives = keepArchives
        self.compile = compile
        self.frozen = frozen
        self.installedSize = installedSize
    }
}

/// The host family an RPM is for.
package struct TargetHost: Codable, Sendable, Hashable {
    /// A family such as `el9`, or `custom` for explicit settings.
    package var name: String
    /// The oldest glibc the packages were chosen for, such as `2.34`.
    package var glibc: String
    /// The RPM architecture, such as `x86_64`.
    package var architecture: String
    /// The conda subdir the packages were chosen for, such as `linux-64`.
    package var subdir: String

    package init(name: String, glibc: String, architecture: String, subdir: String) {
        self.name = name
        self.glibc = glibc
        self.architecture = architecture
        self.subdir = subdir
    }
}

/// What the RPM carries.
package enum Layout: String, Codable, Sendable, CaseIterable {
    /// The bootstrap and untouched archives, linked on the host.
    case archives
    /// The release directory itself, linked by the build; on the host only link scripts and checks are left.
    case prefix
    /// Nothing of the packages, which are in RPMs of their own; linked on the host from their directories.
    case split
}

/// One archive of the bundle, with the record it was chosen by.
package struct BundledPackage: Codable, Sendable, Hashable {
    /// The package's record as the channel described it, always with `sha256` and `size`.
    package var record: PackageRecord
    /// The requirements of the manifest that name this package.
    package var requested: [String]
    /// The file in the bundle, where it is not the one that the channel serves.
    package var transmuted: TransmutedArchive?
    /// The Python distributions it brings, sorted; nil: none.
    package var distributions: [PythonDistribution]?
    /// The folder of `pkgs/` that the archive lies in, such as `linux-64`; nil in bundles of before, which have none.
    ///
    /// micromamba up to 2.0.2 takes the last two folders of a `file://` URL for channel and platform, and finds no archive
    /// whose folder is no platform that it knows.
    package var folder: String?

    /// A bundled archive, in the folder of its platform.
    package init(
        record: PackageRecord, requested: [String], transmuted: TransmutedArchive? = nil,
        distributions: [PythonDistribution] = []
    ) {
        self.record = record
        self.requested = requested
        self.transmuted = transmuted
        self.distributions = distributions.isEmpty ? nil : distributions
        folder = Subdir.known.contains(record.subdir) ? record.subdir : Subdir.noarch.rawValue
    }

    /// The archive's file name in the bundle.
    package var fileName: String { transmuted?.fileName ?? record.fileName }

    /// The archive's place below the bundle: `pkgs/linux-64/numpy-2.1.0-py312h_0.conda`.
    package var path: String { folder.map { "pkgs/\($0)/\(fileName)" } ?? "pkgs/\(fileName)" }

    /// The SHA-256 of the archive in the bundle.
    package var sha256: String? { transmuted?.sha256 ?? record.sha256 }

    /// The archive's line in an `@EXPLICIT` list (CEP 23), for a bundle at this place.
    ///
    /// With the MD5 where the record has one: conda before 24.9 stops at `#sha256:`. micromamba compares it, conda does not;
    /// neither has to find a wrong archive, for the host tool has compared every SHA-256 before one runs.
    package func explicitLine(bundle: String) -> String {
        let md5 = transmuted == nil ? record.md5 : nil
        return "file://\(bundle)/\(path)" + (md5.map { "#\($0)" } ?? "") + "\n"
    }
}

extension Release {
    /// The folders below `pkgs/` of the bundle, sorted.
    package var archiveFolders: [String] { Set(packages.compactMap(\.folder)).sorted() }

    /// The bundle's archives as an `@EXPLICIT` list, which every conda and micromamba can install from.
    package func explicitList(bundle: String) -> String {
        "# platform: \(target.subdir)\n@EXPLICIT\n" + packages.map { $0.explicitLine(bundle: bundle) }.joined()
    }
}

/// A conda package in an RPM of its own (layout `split`), which every service on a host may link from.
///
/// Its name holds version, build and the beginning of the archive's digest, so that any two packages can be installed
/// side by side, even those of two channels that call theirs alike.
package struct SharedPackage: Sendable, Hashable {
    /// Where the unpacked packages lie on a host.
    package static let root = "/opt/conda-rpm/pkgs"

    /// `NAME-VERSION-BUILD-DIGEST8`, with `_` for what an RPM's name cannot hold.
    package let name: String

    package init(_ record: PackageRecord) {
        let plain = "\(record.name)-\(record.version)-\(record.build)-\((record.sha256 ?? "").prefix(8))"
        name = Self.mapped(plain)
    }

    /// The directory that the RPM brings.
    package var directory: String { "\(Self.root)/\(name)" }

    /// The RPM's name.
    package var rpmName: String { "conda-\(name)" }

    /// The RPM's version: the package's, as far as an RPM can hold it.
    ///
    /// Nothing is ordered by it.
    package static func rpmVersion(_ record: PackageRecord) -> String {
        mapped("\(record.version)").replacing("-", with: "_")
    }

    private static func mapped(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-._+".contains($0)) ? $0 : "_" })
    }
}

extension Release {
    /// The RPMs of the packages, in the order of the packages; none in other layouts.
    package var sharedPackages: [SharedPackage] {
        layout == .split ? packages.map { SharedPackage($0.record) } : []
    }
}

/// A `.conda` file that the build made of a `.tar.bz2` one.
package struct TransmutedArchive: Codable, Sendable, Hashable {
    package var fileName: String
    /// Lower-case hexadecimal.
    package var sha256: String
    /// Bytes.
    package var size: Int64

    package init(fileName: String, sha256: String, size: Int64) {
        self.fileName = fileName
        self.sha256 = sha256
        self.size = size
    }
}

/// One wheel of the bundle.
package struct BundledWheel: Codable, Sendable, Hashable {
    /// The distribution's name as its own metadata spells it.
    package var name: String
    package var version: String
    /// The file's name in the bundle.
    package var fileName: String
    /// Lower-case hexadecimal.
    package var sha256: String
    /// Bytes of the file.
    package var size: Int64
    /// Where it came from, without credentials; nil for a wheel that came as a file.
    package var url: String?
    /// The licence as its own metadata states it.
    package var license: String?
    /// Whether the manifest names it.
    package var isRequested: Bool

    package init(
        name: String, version: String, fileName: String, sha256: String, size: Int64, url: String?, license: String?,
        isRequested: Bool
    ) {
        self.name = name
        self.version = version
        self.fileName = fileName
        self.sha256 = sha256
        self.size = size
        self.url = url
        self.license = license
        self.isRequested = isRequested
    }
}

/// A variable of the activated environment.
package struct EnvironmentVariable: Codable, Sendable, Hashable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// Something that must work before a release may serve.
package enum Check: Codable, Sendable, Hashable {
    /// A Python module that must import.
    case importModule(String)
    /// A command line, run by `/bin/sh` in the activated environment, that must exit 0.
    case run(String)

    private enum CodingKeys: String, CodingKey {
        case importModule = "import"
        case run
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let module = try container.decodeIfPresent(String.self, forKey: .importModule) {
            self = .importModule(module)
        } else {
            self = .run(try container.decode(String.self, forKey: .run))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .importModule(let module): try container.encode(module, forKey: .importModule)
        case .run(let command): try container.encode(command, forKey: .run)
        }
    }
}

/// What performs the install on the host.
package enum Bootstrap: Codable, Sendable, Hashable {
    /// Our static host tool links the archives itself.
    case builtin
    /// A constructor-made installer, carried as `miniconda.sh`.
    case miniconda(sha256: String)
    /// A micromamba binary, carried as `micromamba`.
    case micromamba(sha256: String)

    /// The file in the bundle, if the bootstrap brings one.
    package var fileName: String? {
        switch self {
        case .builtin: nil
        case .miniconda: "miniconda.sh"
        case .micromamba: "micromamba"
        }
    }

    /// The word the manifest uses for it.
    package var kind: String {
        switch self {
        case .builtin: "builtin"
        case .miniconda: "miniconda"
        case .micromamba: "micromamba"
        }
    }

    /// The digest of the carried file, in lower-case hexadecimal.
    package var sha256: String? {
        switch self {
        case .builtin: nil
        case .miniconda(let sha256), .micromamba(let sha256): sha256
        }
    }

    private enum CodingKeys: String, CodingKey { case kind, sha256 }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let kind = try container.decode(String.self, forKey: .kind)
        switch kind {
        case "builtin": self = .builtin
        case "miniconda": self = .miniconda(sha256: try container.decode(String.self, forKey: .sha256))
        case "micromamba": self = .micromamba(sha256: try container.decode(String.self, forKey: .sha256))
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .kind, in: container, debugDescription: "unknown bootstrap '\(kind)'")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .kind)
        try container.encodeIfPresent(sha256, forKey: .sha256)
    }
}
