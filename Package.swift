// swift-tools-version: 6.1
import PackageDescription

// Two doors, one set of lower floors: `conda-rpm` runs on the build machine, `conda-rpm-host` on the host that
// installs the RPM. A target imports only what stands below it; scripts/check-house holds us to that.

let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// The fuzzer's inputs, beside the tests that read them again.
let corpus = ["Fuzzing/Corpus"]

let package = Package(
    name: "conda-rpm",
    products: [
        .executable(name: "conda-rpm", targets: ["conda-rpm"]),
        .executable(name: "conda-rpm-host", targets: ["conda-rpm-host"]),
    ],
    // Exact: what changes a program changes with a commit.
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
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
                "Workflow", "TerminalProgress", "ServiceManifest", "ServicePackaging", "ServiceRelease", "CondaChannel",
                "RPMFormat",
                "HostSystem", "CondaModel", arguments,
            ]),
        .target(
            name: "Workflow",
            dependencies: [
                "CArchive", "CConfinement", "CExpat", "CLinux", "ServicePackaging", "CondaArchive", "CondaChannel",
                "CondaLock", "CondaModel", "CondaPrefix", "CondaSolver", "HostLifecycle", "RPMFormat",
                "ServiceManifest", "ServiceRelease", "TerminalProgress", "HostSystem",
            ],
            resources: [.embedInCode("HostTools"), .embedInCode("scratch-host")]),
        .target(
            name: "ServicePackaging",
            dependencies: ["CLinux", "CondaModel", "RPMFormat", "ServiceManifest", "ServiceRelease", "HostSystem"],
            resources: [.embedInCode("Scriptlets")]),

        // The host.
        .target(
            name: "HostCommands",
            dependencies: ["CondaPrefix", "HostLifecycle", "HostSystem", "ServiceRelease", "CondaModel", arguments]),
        .target(
            name: "HostLifecycle",
            dependencies: ["CLinux", "CondaArchive", "CondaModel", "CondaPrefix", "HostSystem", "ServiceRelease"]),

        // The prefix, for both.
        .target(name: "CondaPrefix", dependencies: ["CLinux", "CondaArchive", "CondaModel", "HostSystem"]),

        // Documents and engines.
        .target(name: "CondaArchive", dependencies: ["CLinux", "CondaModel", "CZlib", "CZstd", "HostSystem"]),
        .target(
            name: "CondaChannel",
            dependencies: ["CBZip2", "CCurl", "CondaModel", "CSimdJSON", "CZstd", "StrictYAML", "HostSystem"]),
        .target(name: "CondaLock", dependencies: ["CondaModel", "StrictYAML", "HostSystem"]),
        .target(name: "CondaSolver", dependencies: ["CondaModel", "HostSystem"]),
        .target(name: "ServiceManifest", dependencies: ["CondaModel", "StrictYAML"]),
        .target(name: "ServiceRelease", dependencies: ["CondaModel", "HostSystem"]),

        // The ground.
        .target(name: "HostSystem", dependencies: ["CDigests"]),
        .target(name: "CondaModel", dependencies: ["HostSystem"]),
        .target(
            name: "RPMFormat", dependencies: ["CLinux", "CondaModel", "CRPM", "CZstd", "HostSystem"],
            resources: [.embedInCode("service.spec")]),
        .target(name: "StrictYAML", dependencies: ["CYAML", "CondaModel", "HostSystem"]),
        .target(name: "TerminalProgress", dependencies: ["HostSystem"]),

        // C and C++ libraries, behind shims of a few lines.
        .target(name: "CConfinement"),
        // Fast in debug builds too: tests and fuzzers digest a lot.
        .target(name: "CDigests", cSettings: [.unsafeFlags(["-O2"])]),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("dl")]),
        .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
        .systemLibrary(
            name: "CArchive", pkgConfig: "libarchive",
            providers: [.apt(["libarchive-dev"]), .yum(["libarchive-devel"])]),
        .systemLibrary(name: "CBZip2", providers: [.apt(["libbz2-dev"]), .yum(["bzip2-devel"])]),
        .systemLibrary(
            name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"]), .yum(["expat-devel"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CRPM", pkgConfig: "rpm", providers: [.apt(["librpm-dev"]), .yum(["rpm-devel"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .yum(["zlib-devel"])]),
        .systemLibrary(
            name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"]), .yum(["libyaml-devel"])]),
        .systemLibrary(
            name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .yum(["libzstd-devel"])]),

        // Tests mirror targets; with the corpora of the fuzzer, whose readers they try as well.
        .target(name: "Fuzzing", path: "Tests/Fuzzing"),
        .testTarget(
            name: "CSimdJSONTests", dependencies: ["CSimdJSON", "Fuzzing"],
            exclude: corpus),
        .testTarget(
            name: "CommandsTests",
            dependencies: ["Commands", "CondaModel", "HostSystem", "RPMFormat", "Workflow", arguments]),
        .testTarget(
            name: "CondaArchiveTests",
            dependencies: ["CBZip2", "CondaArchive", "CondaModel", "CZstd", "Fuzzing", "HostSystem"],
            exclude: corpus),
        .testTarget(
            name: "CondaChannelTests",
            dependencies: ["CBZip2", "CondaChannel", "CondaModel", "CZstd", "Fuzzing", "HostSystem"],
            exclude: corpus),
        .testTarget(
            name: "CondaLockTests", dependencies: ["CondaLock", "CondaModel", "Fuzzing", "HostSystem"],
            exclude: corpus),
        .testTarget(
            name: "CondaModelTests", dependencies: ["CondaModel", "Fuzzing", "HostSystem"],
            exclude: corpus),
        .testTarget(
            name: "CondaPrefixTests",
            dependencies: ["CBZip2", "CondaArchive", "CondaModel", "CondaPrefix", "CZstd", "Fuzzing", "HostSystem"],
            exclude: corpus),
        .testTarget(
            name: "CondaSolverTests", dependencies: ["CondaModel", "CondaSolver"],
            exclude: ["Fixtures/rattler-answers.json"]),
        .testTarget(name: "HostSystemTests", dependencies: ["CRPM", "HostSystem"]),
        .testTarget(name: "HostCommandsTests", dependencies: ["HostCommands", "HostLifecycle", "ServiceRelease"]),
        .testTarget(
            name: "HostLifecycleTests", dependencies: ["CondaPrefix", "Fuzzing", "HostLifecycle", "ServiceRelease"],
            exclude: corpus),
        .testTarget(
            name: "RPMFormatTests", dependencies: ["Fuzzing", "RPMFormat"],
            exclude: corpus),
        .testTarget(
            name: "ServiceManifestTests", dependencies: ["Fuzzing", "ServiceManifest", "StrictYAML"],
            exclude: corpus),
        .testTarget(
            name: "ServicePackagingTests",
            dependencies: [
                "CondaModel", "Fuzzing", "RPMFormat", "ServiceManifest", "ServicePackaging", "ServiceRelease",
                "HostSystem",
            ],
            exclude: corpus),
        .testTarget(
            name: "ServiceReleaseTests", dependencies: ["CondaModel", "Fuzzing", "ServiceRelease"],
            exclude: corpus),
        .testTarget(
            name: "StrictYAMLTests", dependencies: ["Fuzzing", "StrictYAML"],
            exclude: corpus),
        .testTarget(name: "TerminalProgressTests", dependencies: ["TerminalProgress"]),
        .testTarget(
            name: "WorkflowTests",
            dependencies: [
                "CondaModel", "CZstd", "Fuzzing", "RPMFormat", "ServiceManifest", "ServicePackaging", "ServiceRelease",
                "Workflow", "HostSystem",
            ],
            exclude: corpus),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx20
)

// For scripts/fuzz: the readers of each module with libFuzzer, which brings their main function. A reader needs no transport
// and no door, so that what it stands on is built without them and a run starts soon.
if Context.environment["CONDA_RPM_FUZZING"] != nil {
    let fuzzed: [(module: String, dependencies: [Target.Dependency])] = [
        ("CSimdJSON", []), ("CondaArchive", ["CondaModel"]), ("CondaChannel", ["CondaModel", "HostSystem"]),
        ("CondaLock", ["CondaModel"]), ("CondaModel", []), ("CondaPrefix", ["CondaArchive"]),
        ("HostLifecycle", ["ServiceRelease"]), ("RPMFormat", []), ("ServiceManifest", []), ("ServicePackaging", []),
        ("ServiceRelease", []), ("StrictYAML", []), ("Workflow", []),
    ]
    package.products = []
    package.dependencies = []
    package.targets.removeAll { $0.type == .test || $0.type == .executable || $0.name.hasSuffix("Commands") }
    for target in package.targets {
        switch target.name {
        case "CondaChannel":
            target.exclude = ["ChannelSession.swift", "Download", "Loading", "Transport"]
            target.dependencies = ["CBZip2", "CondaModel", "CSimdJSON", "CZstd", "StrictYAML", "HostSystem"]
        case "Workflow":
            target.sources = ["ELFFile+Section.swift", "ELFProgram.swift"]
            target.resources = nil
            target.dependencies = []
        default: break
        }
    }
    package.targets += fuzzed.map { module, dependencies in
        .executableTarget(
            name: "fuzz-\(module)", dependencies: [.target(name: module), "Fuzzing"] + dependencies,
            path: "Tests/\(module)Tests/Fuzzing", exclude: ["Corpus"],
            swiftSettings: [.define("FUZZING")])
    }
}

// For scripts/test TARGET: the tests of one target and what they stand on. SwiftPM would build every test target.
if let tested = Context.environment["CONDA_RPM_TEST_TARGET"] {
    let targets = Dictionary(uniqueKeysWithValues: package.targets.map { ($0.name, $0) })
    var kept: Set<String> = []
    var left = ["\(tested)Tests"]
    while let name = left.popLast() {
        guard let target = targets[name], kept.insert(name).inserted else { continue }
        for case .byNameItem(let name, _) in target.dependencies { left.append(name) }
    }
    package.products = []
    package.targets.removeAll { !kept.contains($0.name) }
}
