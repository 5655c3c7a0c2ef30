// swift-tools-version: 6.1
import PackageDescription

// Two doors, one set of lower floors: `conda-rpm` runs on the build machine, `conda-rpm-host` on the host that
// installs the RPM. A target imports only what stands below it; scripts/check-house holds us to that.

let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let http = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "conda-rpm",
    products: [
        .executable(name: "conda-rpm", targets: ["conda-rpm"]),
        .executable(name: "conda-rpm-host", targets: ["conda-rpm-host"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        // The doors.
        .executableTarget(name: "conda-rpm", dependencies: ["Commands"]),
        .executableTarget(
            name: "conda-rpm-host", dependencies: ["HostCommands"],
            // Hosts need nothing of Swift; built with --static-swift-stdlib.
            linkerSettings: [.unsafeFlags(["-static-executable"], .when(configuration: .release))]),

        // The build machine.
        .target(
            name: "Commands",
            dependencies: [
                "Workflow", "TerminalProgress", "ServiceManifest", "ServiceRelease", "CondaChannel", "RPMFormat",
                "HostSystem", "CondaModel", arguments,
            ]),
        .target(
            name: "Workflow",
            dependencies: [
                "CConfinement", "CLinux", "ServicePackaging", "CondaArchive", "CondaChannel", "CondaLock", "CondaModel",
                "CondaPrefix",
                "CondaSolver", "HostLifecycle", "RPMFormat", "ServiceManifest", "ServiceRelease", "TerminalProgress",
                crypto, subprocess,
            ],
            resources: [.embedInCode("HostTools"), .embedInCode("scratch-host")]),
        .target(
            name: "ServicePackaging",
            dependencies: ["CondaModel", "RPMFormat", "ServiceManifest", "ServiceRelease", crypto],
            resources: [.embedInCode("Scriptlets")]),

        // The host.
        .target(
            name: "HostCommands",
            dependencies: ["CondaPrefix", "HostLifecycle", "HostSystem", "ServiceRelease", "CondaModel", arguments]),
        .target(
            name: "HostLifecycle",
            dependencies: ["CLinux", "CondaArchive", "CondaModel", "CondaPrefix", "ServiceRelease"]),

        // The prefix, for both.
        .target(name: "CondaPrefix", dependencies: ["CLinux", "CondaArchive", "CondaModel", crypto]),

        // Documents and engines.
        .target(name: "CondaArchive", dependencies: ["CLinux", "CondaModel", "CZstd", crypto]),
        .target(
            name: "CondaChannel",
            dependencies: ["CondaModel", "CSimdJSON", "CZstd", crypto, http, nioCore, nioHTTP, nioPosix, nioTLS, yams]),
        .target(name: "CondaLock", dependencies: ["CondaModel", "StrictYAML", crypto]),
        .target(name: "CondaSolver", dependencies: ["CondaModel"]),
        .target(name: "ServiceManifest", dependencies: ["CondaModel", "StrictYAML"]),
        .target(name: "ServiceRelease", dependencies: ["CondaModel"]),

        // The ground.
        .target(name: "CondaModel"),
        .target(name: "HostSystem", dependencies: ["CondaModel"]),
        .target(
            name: "RPMFormat", dependencies: ["CLinux", "CRPM", "CZstd", crypto],
            resources: [.embedInCode("service.spec")]),
        .target(name: "StrictYAML", dependencies: ["CondaModel", yams]),
        .target(name: "TerminalProgress", dependencies: ["HostSystem"]),

        // C and C++ libraries, behind shims of a few lines.
        .target(name: "CConfinement"),
        .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
        .systemLibrary(name: "CBZip2", providers: [.apt(["libbz2-dev"]), .yum(["bzip2-devel"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CRPM", pkgConfig: "rpm", providers: [.apt(["librpm-dev"]), .yum(["rpm-devel"])]),
        .systemLibrary(
            name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .yum(["libzstd-devel"])]),

        // Tests mirror targets.
        .testTarget(
            name: "CommandsTests", dependencies: ["Commands", "CondaModel", "RPMFormat", "Workflow", arguments]),
        .testTarget(
            name: "CondaArchiveTests", dependencies: ["CBZip2", "CondaArchive", "CondaModel", "CZstd", crypto],
            exclude: ["Fuzzing/Corpus"]),
        .testTarget(
            name: "CondaChannelTests",
            dependencies: ["CondaChannel", "CondaModel", "CZstd", crypto, nioCore, nioHTTP, nioPosix]),
        .testTarget(name: "CondaLockTests", dependencies: ["CondaLock", "CondaModel"]),
        .testTarget(name: "CondaModelTests", dependencies: ["CondaModel"]),
        .testTarget(
            name: "CondaPrefixTests", dependencies: ["CBZip2", "CondaArchive", "CondaModel", "CondaPrefix", "CZstd"]),
        .testTarget(
            name: "CondaSolverTests", dependencies: ["CondaModel", "CondaSolver"],
            exclude: ["Fixtures/rattler-answers.json"]),
        .testTarget(name: "HostSystemTests", dependencies: ["HostSystem"]),
        .testTarget(name: "HostCommandsTests", dependencies: ["HostCommands", "HostLifecycle", "ServiceRelease"]),
        .testTarget(name: "HostLifecycleTests", dependencies: ["CondaPrefix", "HostLifecycle", "ServiceRelease"]),
        .testTarget(name: "RPMFormatTests", dependencies: ["RPMFormat"]),
        .testTarget(name: "ServiceManifestTests", dependencies: ["ServiceManifest", yams]),
        .testTarget(
            name: "ServicePackagingTests",
            dependencies: [
                "CondaModel", "RPMFormat", "ServicePackaging", "ServiceManifest", "ServiceRelease", crypto,
            ]),
        .testTarget(name: "ServiceReleaseTests", dependencies: ["CondaModel", "ServiceRelease"]),
        .testTarget(name: "StrictYAMLTests", dependencies: ["StrictYAML"]),
        .testTarget(name: "TerminalProgressTests", dependencies: ["TerminalProgress"]),
        .testTarget(
            name: "WorkflowTests",
            dependencies: [
                "CondaModel", "RPMFormat", "ServiceManifest", "ServicePackaging", "ServiceRelease", "Workflow",
            ]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx20
)

// For scripts/fuzz: the parsers as libFuzzer wants them, which brings their main function.
if Context.environment["CONDA_RPM_FUZZING"] != nil {
    package.targets.removeAll { $0.type == .test }
    package.targets.append(
        .executableTarget(
            name: "fuzz-archive", dependencies: ["CondaArchive", "CondaModel"],
            path: "Tests/CondaArchiveTests/Fuzzing", exclude: ["Corpus"]))
}
