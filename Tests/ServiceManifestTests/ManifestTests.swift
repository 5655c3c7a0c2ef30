import CondaModel
import Testing

@testable import ServiceManifest

/// A manifest's text with an `rpm:` section, decoded.
func decode(_ text: String, path: String = "orders/environment.yml", _ overrides: Overrides = Overrides()) throws
    -> Manifest
{
    try Manifest.decode(Array(text.utf8), path: path, overrides: overrides)
}

/// A minimal environment followed by the lines of an `rpm:` section.
func decodeRPM(_ section: String) throws -> RPMSection {
    let indented = section.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }
    return try decode("dependencies: [python]\nrpm:\n" + indented.joined(separator: "\n")).rpm
}

@Suite("Manifest") struct ManifestTests {
    static let complete = """
        name: orders
        channels: [conda-forge, nodefaults]
        dependencies:
          - python 3.12.*
          - flask >=3
          - pip: [orders-client ==1.2]
        platforms: [linux-64, linux-aarch64]
        variables: {orders_config: /etc/orders/orders.toml, Answer: 042}
        category: prod
        prefix: /home/me/envs/orders
        rpm:
          version: 2.10
          release: 3
          epoch: 1
          summary: Orders service
          description: |
            Takes orders.

            Keeps them.
          license: Apache-2.0
          url: https://example.com/orders
          group: Applications/Internet
          vendor: Example
          packager: Orders Team <orders@example.com>
          target: {base: el8, glibc: 2.30, compression: xz, cuda: 12.4, archspec: x86_64_v3, kernel: 5.10, dist: el8x}
          layout: prefix
          bootstrap: {miniconda: installers/m.sh, sha256: \(String(repeating: "AB", count: 32))}
          prefix: /srv/orders
          wheels: [dist/orders-2.4.0-py3-none-any.whl]
          commands: [orders, orders-admin]
          services:
            - name: orders
              command: gunicorn orders:app
              description: Orders over HTTP
              user: orders
              group: www
              environment: {PORT: 8080, DEBUG: no}
              restart: no
              working_directory: /var/lib/orders
              after: [network-online.target]
          checks: [{import: flask.json}, {run: orders --version}]
          files:
            - {source: etc/orders.toml, destination: /etc/orders/orders.toml, config: noreplace, mode: 0640, owner: root, group: orders}
            - {source: README.md, destination: /usr/share/doc/orders/README.md, doc: true}
            - {source: COPYING, destination: /usr/share/licenses/orders/COPYING, license: true, config: true}
          keep: 0
          keep_archives: false
          compile: false
          transmute: true
          frozen: false
          rollback: auto
          monitor: daily
          scripts:
            pre: echo before
            post: {file: scripts/post.sh}
            preun: {text: "print('bye')", interpreter: /usr/bin/python3}
          requires: [systemd, openssl >= 1:3.0-1, (httpd or nginx)]
          provides: [orders-api = 2]
          conflicts: [orders-legacy]
          obsoletes: [orders-legacy < 2]
          sign: packaging@example.com
        """

    @Test("Every key reaches its place")
    func everyKey() throws {
        let manifest = try decode(Self.complete)
        #expect(manifest.name == "orders")
        #expect(manifest.channels == ["conda-forge"] && manifest.excludesDefaultChannels)
        #expect(manifest.dependencies == ["python 3.12.*", "flask >=3"] && manifest.pip == ["orders-client ==1.2"])
        #expect(manifest.platforms == [.linux64, .linuxAarch64])
        #expect(manifest.variables.map(\.name) == ["ANSWER", "ORDERS_CONFIG"])
        #expect(manifest.variables.first?.value == "042", "text stays as written")
        #expect(manifest.category == "prod" && manifest.warnings.isEmpty)
        let rpm = manifest.rpm
        #expect(rpm.version == "2.10" && rpm.release == .fixed(text: "3") && rpm.epoch == 1)
        #expect(rpm.description == "Takes orders.\n\nKeeps them.\n")
        #expect(rpm.target.name == "el8" && rpm.target.glibc == "2.30" && rpm.target.compression == .xz)
        #expect(rpm.target.cuda == "12.4" && rpm.target.archspec == "x86_64_v3" && rpm.target.dist == "el8x")
        #expect(rpm.layout == .prefix && rpm.prefix == "/srv/orders")
        #expect(
            rpm.bootstrap
                == Bootstrap(.miniconda, source: "installers/m.sh", sha256: String(repeating: "ab", count: 32)))
        #expect(rpm.commands == ["orders", "orders-admin"] && rpm.keep == 0)
        #expect(
            !rpm.keepArchives && !rpm.compile && rpm.transmute && !rpm.frozen && rpm.rollback == .auto
                && rpm.monitor == .daily)
        #expect(rpm.checks == [.imports(module: "flask.json"), .runs(command: "orders --version")])
        #expect(rpm.requires.map(\.description) == ["systemd", "openssl >= 1:3.0-1", "(httpd or nginx)"])
        #expect(rpm.requires[1].version == "1:3.0-1" && rpm.requires[2].comparison == nil)
        #expect(rpm.obsoletes.first?.comparison == "<" && rpm.sign == "packaging@example.com")
    }

    @Test("Services, files and scripts")
    func nestedSections() throws {
        let rpm = try decode(Self.complete).rpm
        let service = try #require(rpm.services.first)
        #expect(service.restart == .no && service.group == "www" && service.after == ["network-online.target"])
        #expect(service.environment.map(\.value) == ["no", "8080"], "sorted by name, text as written")
        #expect(rpm.files.map(\.mode) == [0o640, nil, nil])
        #expect(rpm.files.map(\.config) == [.noreplace, nil, .replace])
        #expect(rpm.files[1].isDocumentation && rpm.files[2].isLicense)
        #expect(rpm.scripts.pre == Script(source: .inline(text: "echo before")))
        #expect(rpm.scripts.post == Script(source: .file(path: "scripts/post.sh")))
        #expect(rpm.scripts.preun == Script(source: .inline(text: "print('bye')"), interpreter: "/usr/bin/python3"))
        #expect(rpm.scripts.postun == nil)
    }

    @Test("An environment.yml without rpm has every default")
    func withoutSection() throws {
        let manifest = try decode("name: x\ndependencies:\n  - python\nrpm:\n")
        #expect(manifest.rpm == RPMSection())
        #expect(manifest.rpm.target == Target(.el9) && manifest.rpm.keep == 1 && manifest.rpm.release == .automatic)
        #expect(try manifest.prefix() == "/opt/x")
        #expect(throws: ManifestError.self) { try manifest.requiredVersion() }
        #expect(try decode("dependencies: [python]").name == nil)
    }

    @Test("A key the environment part does not know is a warning with the nearest key")
    func warnings() throws {
        let manifest = try decode("dependencies: [python]\nvariable: {A: b}\n")
        #expect(
            manifest.warnings.map(\.description) == [
                "orders/environment.yml:2:1: variable: the manifest has no key \"variable\" and ignores it"
            ])
        #expect(manifest.warnings.first?.hint == "did you mean \"variables\"?")
    }

    @Test("Flags win over the manifest and are checked like it")
    func overrides() throws {
        var overrides = Overrides()
        (overrides.name, overrides.version, overrides.release) = ("renamed", "3", "auto")
        (overrides.target, overrides.layout, overrides.prefix) = ("amzn2", "split", "/srv/renamed")
        overrides.channels = ["nodefaults", "other"]
        let manifest = try decode(Self.complete, overrides)
        #expect(manifest.name == "renamed" && manifest.rpm.version == "3" && manifest.rpm.release == .automatic)
        #expect(manifest.rpm.target == Target(.amzn2) && manifest.rpm.layout == .split)
        #expect(try manifest.prefix() == "/srv/renamed" && manifest.channels == ["other"])
        overrides.target = "el6"
        let error = #expect(throws: ManifestError.self) { try decode(Self.complete, overrides) }
        #expect(
            error?.description
                == "--target: expected one of el7, el8, el9, el10, amzn2, amzn2023, fedora, found \"el6\"")
        #expect(error?.hint == "did you mean \"el7\"?")
    }

    @Test("A name RPM cannot take is refused unless a flag replaces it")
    func unusableName() throws {
        let text = "name: my env\ndependencies: [python]"
        let error = #expect(throws: ManifestError.self) { try decode(text) }
        #expect(error?.line == 1 && error?.column == 7 && error?.key == "name")
        var overrides = Overrides()
        overrides.name = "mine"
        #expect(try decode(text, overrides).name == "mine")
    }

    @Test("Requirements from the command line")
    func adHoc() throws {
        var overrides = Overrides()
        (overrides.name, overrides.version) = ("x", "1")
        let manifest = try Manifest.adHoc(
            requirements: ["python 3.12.*", "flask"], channels: ["conda-forge"], overrides: overrides)
        #expect(try manifest.specs().map(\.name) == ["python", "flask"])
        #expect(try manifest.requiredName() == "x" && manifest.requiredVersion() == "1")
        let error = #expect(throws: ManifestError.self) {
            try Manifest.adHoc(requirements: ["python >>3"], channels: [], overrides: overrides)
        }
        #expect(error?.description.contains("\"python >>3\"") == true)
    }

    @Test(
        "Paths start at the manifest's folder",
        arguments: [
            ("environment.yml", "dist/a.whl", "dist/a.whl"), ("orders/environment.yml", "a.whl", "orders/a.whl"),
            ("/w/environment.yml", "../a.whl", "/w/../a.whl"), ("orders/environment.yml", "/a.whl", "/a.whl"),
            ("orders/environment.yml", "https://example.com/m.sh", "https://example.com/m.sh"),
        ])
    func paths(manifest: String, path: String, expected: String) throws {
        #expect(try decode("dependencies: [python]", path: manifest).resolved(path) == expected)
    }

    @Test("A file that is not there")
    func missingFile() {
        let error = #expect(throws: ManifestError.self) { try Manifest.load(path: "/nonexistent/environment.yml") }
        #expect(error?.description == "/nonexistent/environment.yml: cannot be read: No such file or directory")
        #expect(error?.hint?.contains("conda-rpm init") == true)
        #expect(throws: ManifestError.self) { try Manifest.load(path: "/") }
    }
}
