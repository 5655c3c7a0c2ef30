import Foundation
import ServiceManifest
import Testing

@testable import ServicePackaging

@Suite struct UnitFileTests {
    private func unit(_ change: (inout Service) -> Void = { _ in }) -> String {
        var service = Service(name: "orders", command: "gunicorn orders:app --bind 127.0.0.1:8000")
        change(&service)
        return UnitFile.text(service, package: "orders", prefix: "/opt/orders", summary: "Orders 100%")
    }

    @Test func theCommandGoesThroughCurrent() {
        #expect(unit().contains("\nExecStart=/opt/orders/current/bin/gunicorn orders:app --bind 127.0.0.1:8000\n"))
    }

    @Test func anAbsoluteCommandStaysAsItIs() {
        #expect(unit { $0.command = "/usr/bin/true" }.contains("\nExecStart=/usr/bin/true\n"))
    }

    @Test func thePackageNamesTheUser() {
        #expect(unit().contains("\nUser=orders\n"))
        #expect(unit { $0.user = "web" }.contains("\nUser=web\n"))
        #expect(unit { $0.group = "web" }.contains("\nGroup=web\n"))
    }

    @Test func percentSignsAreNoSpecifiers() {
        #expect(unit().contains("Description=Orders 100%%\n"))
    }

    @Test func variablesAreQuoted() {
        let text = unit { $0.environment = [EnvironmentVariable(name: "A", value: "say \"hi\" \\ 5%")] }
        #expect(text.contains(#"Environment="A=say \"hi\" \\ 5%%""#))
    }

    @Test func secretsStayOnTheHost() {
        let text = unit { service in
            service.environmentFile = "-/etc/orders/secrets.env"
            service.credentials = [Credential(name: "token", path: "/etc/orders/token")]
        }
        let own = "\nEnvironmentFile=/opt/orders/current/activate.env\n"
        #expect(
            text.contains(own + "EnvironmentFile=-/etc/orders/secrets.env\nLoadCredential=token:/etc/orders/token\n"))
    }

    /// In layout `prefix` a killed rpm may have left the release without files.
    @Test func aReleaseThatIsPayloadIsSettledBeforeItsServicesStart() throws {
        var section = RPMSection()
        section.services = [Service(name: "web", command: "gunicorn orders:app")]
        func units() -> [String: String] {
            let all = UnitFile.all(section, package: "orders", prefix: "/opt/orders", summary: "Orders")
            return Dictionary(
                uniqueKeysWithValues: all.map { ($0.path.split(separator: "/").last.map(String.init) ?? "", $0.text) })
        }
        #expect(units()["orders-settle.service"] == nil)
        #expect(units()["web.service"]?.contains("settle") == false)
        section.layout = .prefix
        let service = try #require(units()["web.service"])
        #expect(service.contains("\nWants=network-online.target orders-settle.service\n"))
        #expect(service.contains("\nAfter=network-online.target orders-settle.service\n"))
        let settling = try #require(units()["orders-settle.service"])
        #expect(settling.contains("\nConditionPathExistsGlob=/opt/orders/releases/.*.aside\n"))
        #expect(settling.contains("\nExecStart=/usr/bin/orders-release settle --serving\n"))
    }

    /// systemd itself is the judge of every kind of unit: services, templates, timers, and what they start.
    @Test func systemdAcceptsTheUnits() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var section = RPMSection()
        var always = Service(name: "orders", command: "gunicorn orders:app")
        always.environment = [EnvironmentVariable(name: "A", value: "b c")]
        always.stateDirectory = "orders"
        always.environmentFile = "-/etc/orders/secrets.env"
        always.credentials = [Credential(name: "token", path: "/etc/orders/token")]
        var many = Service(name: "worker", command: "celery --queue %i")
        many.instances = 2
        var nightly = Service(name: "nightly", command: "/usr/bin/true")
        nightly.schedule = "*-*-* 03:00:00"
        section.services = [always, many, nightly]
        section.monitor = .daily
        let units = UnitFile.all(section, package: "orders", prefix: "/opt/orders", summary: "Orders 100%")
            .filter { $0.path.hasPrefix("/usr/lib/systemd/system/") }
        #expect(units.count == 6)
        for unit in units {
            // The programs and users of the package are not on this machine.
            let text = unit.text.replacing(/ExecStart=\S+/, with: "ExecStart=/bin/true").replacing(
                /User=.*/, with: "User=root")
            let file = folder.appendingPathComponent((unit.path as NSString).lastPathComponent)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        for name in ["orders.service", "worker@1.service", "nightly.timer", "orders-verify.timer"] {
            let said = try Self.systemdSays(of: name, in: folder)
            let isOurs =
                units.contains { said.contains(($0.path as NSString).lastPathComponent) } || said.contains(name)
            #expect(!isOurs, "\(said)")
        }
        let broken = folder.appendingPathComponent("orders.service")
        try "[Service]\nExecStart=nothing at all\nColour=red\n".write(to: broken, atomically: true, encoding: .utf8)
        #expect(try Self.systemdSays(of: "orders.service", in: folder).contains("orders.service"))
    }

    private static func systemdSays(of unit: String, in folder: URL) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/systemd-analyze")
        process.arguments = ["verify", "--man=no", unit]
        process.currentDirectoryURL = folder
        process.environment = ["SYSTEMD_UNIT_PATH": "\(folder.path):", "PATH": "/usr/bin:/bin"]
        let pipe = Pipe()
        process.standardError = pipe
        try process.run()
        let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return said
    }
}

@Suite struct OwnScriptTests {
    @Test(arguments: ["true", "true\n", "cd / && (\nls\n)\n", ""])
    func thePackagersScriptIsFoundAgain(script: String) {
        let scriptlet = "#!/bin/sh\nset -u\n(\nset +eu\n\(script)\n)\nexit 0"
        #expect(ResolvedScripts.own(in: scriptlet) == script)
        #expect(ResolvedScripts.own(in: "#!/bin/sh\n(\nset +eu\n\(script)\n)") == script)
        #expect(ResolvedScripts.own(in: "#!/bin/sh\n:\n") == nil)
    }
}
