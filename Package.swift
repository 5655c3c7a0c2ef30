// swift-tools-version: 6.1
import PackageDescription

// Two doors, one set of lower floors: `conda-rpm` runs on the build machine, `conda-rpm-host` on the
// host that installs the RPM. A target imports only what stands below it; `scripts/check-house` holds us to that.

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
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
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        // The doors.
        .executableTarget(name: "conda-rpm", dependencies: ["Commands"]),
        .executableTarget(name: "conda-rpm-host", dependencies: ["HostLifecycle", arguments]),

        // The build machine.
        .target(name: "Commands", dependencies: ["Workflow", "TerminalProgress", arguments]),
        .target(
            name: "Workflow",
            dependencies: [
                "ServicePackaging", "CondaChannel", "CondaSolver", "CondaLock", "ServiceManifest", crypto, subprocess,
            ]),
        .target(
            name: "ServicePackaging",
            dependencies: ["RPMFormat", "ServiceManifest", "ServiceRelease", "CondaModel", crypto],
            resources: [.embedInCode("Scriptlets")]),

        // The host.
        .target(
            name: "HostLifecycle", dependencies: ["CondaPrefix", "ServiceRelease", "CondaArchive", "CondaModel", subprocess]),

        // Both.
        .target(name: "CondaPrefix", dependencies: ["CondaArchive", "CondaModel", crypto, subprocess]),
        .target(name: "ServiceRelease", dependencies: ["CondaModel"]),
        .target(name: "CondaArchive", dependencies: ["CondaModel", "CBZip2", "CZstd", crypto]),

        // Documents and engines.
        .target(
            name: "CondaChannel",
            dependencies: [
                "CondaModel", "CSimdJSON", "CZstd", crypto, yams, .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ]),
        .target(name: "CondaSolver", dependencies: ["CondaModel", "CSolv"]),
        .target(name: "CondaLock", dependencies: ["CondaModel", "StrictYAML", yams, crypto]),
        .target(name: "ServiceManifest", dependencies: ["CondaModel", "StrictYAML"]),
        .target(name: "StrictYAML", dependencies: ["CondaModel", yams]),

        // The ground.
        .target(name: "CondaModel"),
        .target(name: "RPMFormat", dependencies: ["CRPM", crypto]),
        .target(name: "TerminalProgress"),

        // C libraries, behind shims of a few lines.
        .target(name: "CSimdJSON"),
        .systemLibrary(name: "CSolv"),
        .systemLibrary(
            name: "CBZip2", providers: [.apt(["libbz2-dev"]), .yum(["bzip2-devel"])]),
        .systemLibrary(
            name: "CRPM", pkgConfig: "rpm", providers: [.apt(["librpm-dev"]), .yum(["rpm-devel"])]),
        .systemLibrary(
            name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .yum(["libzstd-devel"])]),
    ],
    swiftLanguageModes: [.v6]
)
