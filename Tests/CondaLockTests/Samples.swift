import CondaModel
import HostSystem

@testable import CondaLock

/// Records, requirement sets and locks that several tests share.
enum Samples {
    static let channel = "https://conda.example.org/forge"

    /// A record with an archive below the sample channel.
    static func record(
        _ name: String, _ version: String, _ build: String = "h0_0", subdir: String = "linux-64", depends: [String] = []
    ) throws -> PackageRecord {
        let fileName = "\(name)-\(version)-\(build).conda"
        return PackageRecord(
            name: name, version: try Version(version), build: build, buildNumber: 0, subdir: subdir, depends: depends,
            md5: digest(name + version, 32), sha256: digest(version + name, 64), fileName: fileName,
            url: "\(channel)/\(subdir)/\(fileName)", channel: channel)
    }

    /// Digits that look like a digest and depend on a text.
    static func digest(_ text: String, _ count: Int) -> String {
        let digits = hexadecimal(Array(text.utf8))
        return String(String(repeating: digits, count: count).prefix(count))
    }

    static func records() throws -> [PackageRecord] {
        try [
            record("flask", "3.0", "pyhd8ed1ab_1", subdir: "noarch", depends: ["python >=3.9", "werkzeug >=3"]),
            record(
                "python", "3.12.4", "h194c7f8_0_cpython", depends: ["__glibc >=2.17,<3.0.a0", "openssl >=3.3.1,<4.0a0"]),
            record("openssl", "3.3.1", "h4bc722e_1", depends: ["ca-certificates"]),
            record("ca-certificates", "2024.7.4", "hbcca054_0", depends: ["__unix"]),
            record("werkzeug", "3.0.3", "pyhd8ed1ab_0", subdir: "noarch", depends: ["python >=3.8", "python"]),
        ]
    }

    static func requirements(
        _ specs: [String] = ["flask >=3", "python 3.12.*"], pip: [String] = [], channels: [String] = ["forge"],
        glibc: String = "2.34"
    ) throws -> RequirementSet {
        RequirementSet(
            platform: .linux64, channels: channels, specs: try specs.map { try MatchSpec($0) }, pip: pip,
            virtualPackages: [
                VirtualPackage(name: "__glibc", version: try Version(glibc)),
                VirtualPackage(name: "__unix", version: try Version("0")),
            ])
    }

    static func lock(pip: [String] = [], wheels: [LockedPackage] = []) throws -> Lock {
        let set = SolvedSet(requirements: try requirements(pip: pip), records: try records(), wheels: wheels)
        return Lock([set], sources: ["environment.yml"])
    }

    static func wheel(_ name: String = "orders-client", _ version: String = "1.2") -> LockedPackage {
        let file = "\(name.replacing("-", with: "_"))-\(version)-py3-none-any.whl"
        var wheel = LockedPackage(
            name: name, version: version, manager: .pip, platform: .linux64, url: "https://pypi.example.org/\(file)")
        wheel.sha256 = digest(name, 64)
        return wheel
    }
}

/// Decodes a lock from its text.
func decode(_ text: String, path: String = "conda-lock.yml", _ reading: LockReading = LockReading()) throws -> Lock {
    try Lock.decode(Array(text.utf8), path: path, reading)
}
