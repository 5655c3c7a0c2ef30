import Testing

@testable import ServiceManifest

@Suite("The rpm section") struct RPMSectionTests {
    static let refused: [(line: String, description: String, hint: String?)] = [
        ("servces: []", "3:3: rpm.servces: the rpm section has no key \"servces\"", "did you mean \"services\"?"),
        ("zzz: 1", "3:3: rpm.zzz: the rpm section has no key \"zzz\"", "use one of: version, release, epoch"),
        ("Version: 1", "rpm.Version: the rpm section has no key", "did you mean \"version\"?"),
        ("version: 1-2", "3:12: rpm.version: expected letters, digits and . _ + ~ ^, found \"1-2\"", "2.4.0_1"),
        ("version: 1!2", "rpm.version: expected", nil), ("version: ", "rpm.version: expected letters", nil),
        ("version: [1]", "rpm.version: expected letters, digits and . _ + ~ ^, found a list", nil),
        ("release: 1-2", "rpm.release: expected", nil), ("epoch: -1", "rpm.epoch: expected a whole number from 0", nil),
        ("epoch: '1'", "rpm.epoch: expected a whole number", nil),
        ("keep: -1", "rpm.keep: expected a whole number", nil),
        ("keep: 1.0", "rpm.keep: expected a whole number", nil), ("keep: two", "found \"two\"", nil),
        ("keep: 99999999999999999999", "rpm.keep: expected a whole number from 0 to 99", nil),
        ("compile: maybe", "rpm.compile: expected true or false, found \"maybe\"", nil),
        ("compile: 'true'", "rpm.compile: expected true or false", nil),
        ("summary: \"a\\nb\"", "rpm.summary: expected one line of text, found \"a...\"", nil),
        ("layout: archive", "rpm.layout: expected one of archives, prefix, split", "did you mean \"archives\"?"),
        ("target: rhel9", "rpm.target: expected one of el7", nil),
        ("target: {compression: zstd}", "rpm.target: a target needs \"base\" or \"glibc\"", nil),
        ("target: {base: el8, glib: 2.28}", "rpm.target.glib: a target has no key", "did you mean \"glibc\"?"),
        ("target: {glibc: new}", "rpm.target.glibc: expected a version such as 2.28", nil),
        ("bootstrap: miniconda", "rpm.bootstrap: expected builtin, {miniconda: PATH}", nil),
        ("bootstrap: {sha256: abc}", "rpm.bootstrap.sha256: expected a SHA-256 digest of 64", nil),
        ("bootstrap: {miniconda: a, micromamba: b}", "rpm.bootstrap: expected either", nil),
        ("bootstrap: {miniconda: https://example.com/m.sh}", "an installer from a URL needs its sha256", nil),
        ("prefix: opt/x", "rpm.prefix: expected an absolute path", nil), ("prefix: /opt/a b", "rpm.prefix:", nil),
        ("prefix: /opt/../x", "rpm.prefix:", nil), ("prefix: /opt", "rpm.prefix:", nil),
        ("prefix: /", "rpm.prefix:", nil),
        ("prefix: /opt/x/", "rpm.prefix:", nil), ("prefix: /opt//x", "rpm.prefix:", nil),
        ("wheels: [dist/x.tar.gz]", "rpm.wheels[0]: expected the path of a .whl file", "build a wheel"),
        ("wheels: dist/x.whl", "rpm.wheels: expected a list of wheels", nil),
        ("wheels: [a.whl, a.whl]", "rpm.wheels[1]: \"a.whl\" is listed twice", nil),
        ("commands: [bin/x]", "rpm.commands[0]: expected a command's file name", nil),
        ("commands: [-x]", "rpm.commands[0]:", nil), ("commands: [..]", "rpm.commands[0]:", nil),
        ("services: [{name: x}]", "rpm.services[0]: a service needs the key \"command\"", nil),
        ("services: [{name: x.service, command: y}]", "rpm.services[0].name: expected a unit name without", nil),
        ("services: [{name: x, command: y, user: Root}]", "rpm.services[0].user: expected a user name", nil),
        ("services: [{name: x, command: y, usr: r}]", "rpm.services[0].usr: a service has no key", "\"user\""),
        ("services: [{name: x, command: y, restart: true}]", "rpm.services[0].restart: expected one of no", nil),
        ("services: [{name: x, command: y, after: [net]}]", "rpm.services[0].after[0]: expected a unit", nil),
        ("services: [{name: x, command: y, environment_file: etc/x}]", "environment_file: expected an absolute", nil),
        ("services: [{name: x, command: y, environment_file: --/etc/x}]", "environment_file: expected an abs", nil),
        ("services: [{name: x, command: y, environment_file: '/etc/%i'}]", "environment_file: expected an abs", nil),
        ("services: [{name: x, command: y, enviroment_file: /etc/x}]", "has no key", "\"environment_file\""),
        ("services: [{name: x, command: y, credentials: [a]}]", "credentials: expected a mapping of cred", nil),
        ("services: [{name: x, command: y, credentials: {a: b}}]", "credentials.a: expected an absolute path", nil),
        ("services: [{name: x, command: y, credentials: {'a:b': /c}}]", "expected a credential's name", nil),
        ("services: [{name: x, command: y, credentials: {..: /c}}]", "expected a credential's name", nil),
        (
            "services: [{name: x, command: y}, {name: x, command: z}]", "rpm.services[1]: the service \"x\" is listed",
            nil
        ),
        ("services: [{name: x, command: y, working_directory: tmp}]", "working_directory: expected an absolute", nil),
        ("services: {name: x}", "rpm.services: expected a list of services, found a mapping (name)", nil),
        ("check_user: Root", "rpm.check_user: expected a user name", nil),
        ("check_user: [root]", "rpm.check_user: expected a user name", nil),
        ("check_users: root", "rpm.check_users: the rpm section has no key", "did you mean \"check_user\"?"),
        ("checks: [{}]", "rpm.checks[0]: expected {import: MODULE} or {run: COMMAND}, found an empty mapping", nil),
        ("checks: [{import: a, run: b}]", "rpm.checks[0]: expected {import", nil),
        ("checks: [{import: a b}]", "rpm.checks[0].import: expected a Python module name", nil),
        ("files: [{source: a}]", "rpm.files[0]: a file needs the key \"destination\"", nil),
        ("files: [{source: a, destination: etc/a}]", "rpm.files[0].destination: expected an absolute path", nil),
        ("files: [{source: a, destination: /etc/../a}]", "rpm.files[0].destination:", nil),
        ("files: [{source: a, destination: /etc/./a}]", "rpm.files[0].destination:", nil),
        ("files: [{source: a, destination: \"/etc/a\\nb\"}]", "rpm.files[0].destination:", nil),
        ("files: [{source: a, destination: /etc/a*}]", "rpm.files[0].destination:", nil),
        ("files: [{source: a, destination: /a, mode: 0888}]", "rpm.files[0].mode: expected a mode in octal", nil),
        ("files: [{source: a, destination: /a, mode: 7}]", "rpm.files[0].mode:", nil),
        ("files: [{source: a, destination: /a, config: keep}]", "config: expected noreplace, true or false", nil),
        ("files: [{source: a, destination: /a}, {source: b, destination: /a}]", "rpm.files[1]: the destination", nil),
        (
            "scripts: {pre: scripts/pre.sh}", "rpm.scripts.pre: a plain text is the script itself",
            "{file: scripts/pre.sh}"
        ),
        ("scripts: {pre: {}}", "rpm.scripts.pre: expected either \"file\" or \"text\"", nil),
        ("scripts: {pre: {file: a, text: b}}", "rpm.scripts.pre: expected either", nil),
        ("scripts: {pretrans: x}", "rpm.scripts.pretrans: scripts has no key", nil),
        ("scripts: {pre: '  '}", "rpm.scripts.pre: expected text", nil),
        ("requires: [openssl >=3]", "rpm.requires[0]: expected NAME or NAME OPERATOR VERSION", nil),
        ("requires: [openssl == 3]", "rpm.requires[0]:", nil), ("provides: [(a or b)]", "rpm.provides[0]:", nil),
        ("requires: [a, a]", "rpm.requires[1]: \"a\" is listed twice", nil),
        ("monitor: 5", "rpm.monitor: expected one of", nil),
        ("rollback: automatic", "rpm.rollback: expected one of auto, manual", nil),
    ]

    @Test("What is wrong, and where", arguments: refused)
    func refusal(line: String, description: String, hint: String?) throws {
        let error = #expect(throws: ManifestError.self) { try decodeRPM(line) }
        #expect(error?.description.contains(description) == true, "\(String(describing: error))")
        if let hint { #expect(error?.hint?.contains(hint) == true, "\(error?.hint ?? "no hint")") }
    }

    @Test(
        "Text comes from the source, not from what YAML makes of it",
        arguments: ["2.10", "1e3", "0x10", "010", "1_000", "2024.01.01", "true", "1.2.3"])
    func textOfNumbers(version: String) throws {
        #expect(try decodeRPM("version: \(version)").version == version)
    }

    @Test("Targets", arguments: TargetFamily.allCases)
    func targets(family: TargetFamily) throws {
        let target = try decodeRPM("target: \(family.rawValue)").target
        #expect(target == Target(family) && target.name == family.rawValue)
        #expect(!target.glibc.isEmpty && !target.dist.isEmpty && !target.kernel.isEmpty)
        let readsZstd = ![.el7, .amzn2].contains(family)
        #expect((target.compression == .zstd) == readsZstd)
    }

    @Test("An explicit target needs no family")
    func explicitTarget() throws {
        let target = try decodeRPM("target: {glibc: 2.40}").target
        #expect(target.glibc == "2.40" && target.compression == .gzip && target.name == "custom" && target.dist == "")
    }

    @Test("An installer from a URL keeps its digest")
    func remoteInstaller() throws {
        let digest = String(repeating: "0", count: 64)
        let bootstrap = try decodeRPM("bootstrap: {micromamba: https://example.com/mm, sha256: \(digest)}").bootstrap
        #expect(bootstrap == Bootstrap(.micromamba, source: "https://example.com/mm", sha256: digest))
        #expect(bootstrap.isRemote)
    }
}
