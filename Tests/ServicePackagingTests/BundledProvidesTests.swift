import CondaModel
import RPMFormat
import ServiceRelease
import Testing

@testable import ServicePackaging

@Suite struct BundledProvidesTests {
    @Test(arguments: [
        ("3.12.1", "bundled(conda-a) = 3.12.1"), ("1!2.0rc1", "bundled(conda-a) = 1:2.0~rc1"),
        ("2024a_1", "bundled(conda-a) = 2024a_1"), ("9e", "bundled(conda-a) = 9e"),
    ])
    func aPackageIsNamedWithItsVersion(version: String, expected: String) throws {
        let record = PackageRecord(name: "a", version: try Version(version), build: "0")
        let release = Self.release([BundledPackage(record: record, requested: [])], [])
        #expect(BundledProvides.of(release).map(\.description) == [expected])
    }

    @Test func aWheelIsNamedAsADistribution() {
        let wheel = BundledWheel(
            name: "Zope.Interface_x", version: "5.0rc1", fileName: "", sha256: "", size: 0, url: nil, license: nil,
            isRequested: false)
        let found = BundledProvides.of(Self.release([], [wheel])).map(\.description)
        #expect(found == ["bundled(python3dist(zope-interface-x)) = 5.0~rc1"])
    }

    @Test func whatAPackageBringsForPythonIsNamedToo() throws {
        let record = PackageRecord(name: "zope.interface", version: try Version("5.0"), build: "0")
        let package = BundledPackage(
            record: record, requested: [], distributions: [PythonDistribution(name: "Zope_Interface", version: "5.0")])
        let found = BundledProvides.of(Self.release([package], [])).map(\.description)
        #expect(found == ["bundled(conda-zope.interface) = 5.0", "bundled(python3dist(zope-interface)) = 5.0"])
    }

    @Test func aDriverIsNamedInTheDescription() throws {
        func package(_ name: String, _ depends: [String]) throws -> BundledPackage {
            BundledPackage(
                record: PackageRecord(name: name, version: try Version("1"), build: "0", depends: depends),
                requested: [])
        }
        let release = Self.release(
            [
                try package("jaxlib", ["python", "__cuda >=12"]),
                try package("plain", ["__glibc >=2.17", "__cuda_tools"]),
            ],
            [])
        #expect(release.driverNote == "\n\nNeeds an NVIDIA driver for CUDA >=12 on the host: jaxlib.")
        #expect(Self.release([try package("plain", ["__glibc >=2.17"])], []).driverNote.isEmpty)
    }

    private static func release(_ packages: [BundledPackage], _ wheels: [BundledWheel]) -> Release {
        Release(
            name: "orders", version: "1", release: "1", summary: "", inputs: "", tool: "",
            target: TargetHost(name: "el9", glibc: "2.34", architecture: "x86_64", subdir: "linux-64"),
            prefix: "/opt/orders", requested: [], channels: [],
            packages: packages, wheels: wheels, installedSize: 0)
    }
}
