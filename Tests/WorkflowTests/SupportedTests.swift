import CondaModel
import ServiceManifest
import ServicePackaging
import Testing

@testable import Workflow

@Suite struct SupportedTests {
    private func manifest(_ rpm: String, dependencies: String = "[python]") throws -> Manifest {
        let text = "name: a\nchannels: [c]\ndependencies: \(dependencies)\nrpm: \(rpm)\n"
        return try Manifest.decode(Array(text.utf8), path: "environment.yml")
    }

    @Test(arguments: [
        "{layout: prefix, transmute: true}", "{layout: prefix, keep_archives: false}",
        "{layout: prefix, bootstrap: {micromamba: m}}", "{layout: split, transmute: true}",
        "{layout: split, keep_archives: false}", "{layout: split, bootstrap: {micromamba: m}}", "{rollback: auto}",
    ])
    func whatIsNotActedOnIsRefused(rpm: String) throws {
        let manifest = try manifest(rpm)
        #expect(throws: PackagingError.self) { try Supported.check(manifest) }
    }

    @Test(
        arguments: [
            ("analytics-forecasting-api-gateway-service", "analytics-forecasting-api-gatew"),
            (String(repeating: "a", count: 32), String(repeating: "a", count: 31)), ("Orders.API", "orders-api"),
            ("2orders", "orders"), ("orders+x", "orders-x"), ("orders", nil), (String(repeating: "a", count: 31), nil),
        ] as [(String, String?)])
    func aUserThatThePackageNamesObeysTheRuleOfOneThatIsWritten(name: String, proposed: String?) throws {
        var manifest = try manifest("{services: [{name: w, command: w, user: web}, {name: x, command: y}]}")
        manifest.name = name
        guard let proposed else { return try Supported.check(manifest) }
        let error = try #require(throws: ManifestError.self) { try Supported.check(manifest) }
        #expect(error.description.contains("rpm.services[1].user: the package's name \"\(name)\""))
        #expect(error.hint == "write for example `user: \(proposed)`")
        manifest.rpm.services[1].user = proposed
        try Supported.check(manifest)
        // Without a service nobody needs a user.
        manifest.rpm.services = []
        try Supported.check(manifest)
    }

    /// Root runs what is in the home: nobody else may be able to exchange it.
    @Test(arguments: [
        (
            "prefix: /var/lib/web, services: [{name: w, command: w, user: web, state_directory: web}]",
            "/var/lib/web the"
        ),
        (
            "prefix: /var/lib/web/app, services: [{name: w, command: w, state_directory: web}]",
            "/var/lib/web the user a"
        ),
        ("prefix: /tmp/a", "/tmp everybody"), ("prefix: /var/tmp/x/a", "/var/tmp everybody"),
        ("prefix: /dev/shm/a", "/dev/shm"), ("prefix: /home/web/a", "/home everybody's own"),
        ("prefix: /run/user/1000/a", "/run/user"),
        ("files: [{source: x, destination: /opt/a, owner: web}]", "/opt/a web may write, by rpm.files"),
        ("prefix: /srv/web/a, files: [{source: x, destination: /srv/web, mode: '0775'}]", "/srv/web others than root"),
        ("prefix: /var/lib/website, services: [{name: w, command: w, state_directory: web}]", nil),
        ("prefix: /home2/a", nil), ("prefix: /srv/tmp/a", nil),
        ("files: [{source: x, destination: /opt/a/data, owner: web}]", nil),
    ])
    func aPrefixThatOthersCouldExchangeIsRefused(rpm: String, place: String?) throws {
        let manifest = try manifest("{\(rpm)}")
        guard let place else { return try Supported.check(manifest) }
        let error = try #require(throws: ManifestError.self) { try Supported.check(manifest) }
        #expect(error.description.contains("rpm.prefix: root runs what is in "))
        #expect(error.description.contains("below \(place)"))
        #expect(error.hint?.contains("/opt/NAME") == true)
    }

    @Test(arguments: [
        ("{}", nil), ("{services: [{name: w, command: w}]}", "a"),
        ("{services: [{name: w, command: w, user: root}, {name: x, command: x, user: web}]}", "web"),
        ("{services: [{name: w, command: w, user: root}]}", nil),
        ("{check_user: root, services: [{name: w, command: w, user: web}]}", "root"), ("{check_user: mon}", "mon"),
    ])
    func checksRunAsTheUserOfAService(rpm: String, user: String?) throws {
        #expect(try manifest(rpm).rpm.checkUser(package: "a") == user)
    }

    @Test func wheelsAreForOurOwnLinker() throws {
        let rpm = "{bootstrap: {micromamba: m}, wheels: [a-1-py3-none-any.whl]}"
        #expect(throws: PackagingError.self) { try Supported.check(try manifest(rpm)) }
    }

    @Test(arguments: [
        ("__glibc >=2.39", "a needs '__glibc >=2.39'"), ("__glibc >=2.17,<3.0.a0", nil),
        ("__linux >=6.0", "a needs '__linux >=6.0'"),
        ("__archspec 1.* x86_64_v4", "a needs '__archspec 1.* x86_64_v4'"), ("__unix", nil), ("__linux", nil),
        ("__cuda >=12", nil), ("__win", "a needs '__win'"), ("glibc >=9", nil),
    ])
    func packagesForOtherHostsAreRefused(dependency: String, expected: String?) throws {
        let record = PackageRecord(name: "a", version: try Version("1"), build: "0", depends: [dependency])
        let virtual = try VirtualPackage.forTarget(glibc: Version("2.28"), subdir: .linux64, environment: [:])
        var unmet: [String] = []
        do {
            try Supported.check([record], virtual: virtual, target: "el8")
        } catch WorkflowError.beyondTarget(_, let found, _) {
            unmet = found
        }
        #expect(unmet == (expected.map { [$0] } ?? []))
    }

    private static let credentials = "services: [{name: a, command: a, credentials: {token: /etc/a/token}}]"

    @Test(arguments: ["el7", "el8", "amzn2", "{glibc: '2.17'}", "{glibc: '2.32'}"])
    func credentialsNeedANewSystemd(target: String) throws {
        let old = try manifest("{target: \(target), \(Self.credentials)}")
        let error = #expect(throws: PackagingError.self) { try Supported.check(old) }
        #expect(error?.description.contains("rpm.services.a.credentials: credentials, which need systemd 247") == true)
        #expect(error?.hint?.contains("environment_file") == true)
        try Supported.check(
            try manifest("{target: \(target), services: [{name: a, command: a, environment_file: /x}]}"))
    }

    @Test(arguments: ["el9", "el10", "amzn2023", "fedora", "{glibc: '2.36'}", "{base: el9, glibc: '2.17'}"])
    func othersHaveIt(target: String) throws {
        try Supported.check(try manifest("{target: \(target), \(Self.credentials)}"))
    }

    @Test(arguments: [
        "environment_file: /etc/a/env", "environment_file: -/etc/a/env", "environment_file: /etc/a/b/c",
        "credentials: {token: /etc/a/env}",
    ])
    func secretsAreNotShipped(key: String) throws {
        let files = "files: [{source: env, destination: /etc/a/env}, {source: b, destination: /etc/a/b}]"
        let shipped = try manifest("{services: [{name: a, command: a, \(key)}], \(files)}")
        #expect(throws: PackagingError.self) { try Supported.check(shipped) }
        try Supported.check(try manifest("{services: [{name: a, command: a, \(key)}]}"))
    }

    @Test func theRestPasses() throws {
        try Supported.check(try manifest("{version: 1, layout: archives, keep: 3, rollback: manual}"))
        try Supported.check(try manifest("{version: 1, layout: prefix, compile: false}"))
        try Supported.check(try manifest("{version: 1, layout: split, wheels: [a-1-py3-none-any.whl]}"))
    }
}
