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
        let release = Release(
            name: "orders", version: "1", release: "1", summary: "", inputs: "", tool: "",
            target: TargetHost(name: "el9", glibc: "2.34", architecture: "x86_64", subdir: "linux-64"),
            prefix: "/opt/orders", requested: [], channels: [],
            packages: [BundledPackage(record: record, requested: [])], installedSize: 0)
        #expect(BundledProvides.of(release).map(\.description) == [expected])
    }
}
