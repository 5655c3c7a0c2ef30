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

    @Test func theSandboxCanBeSwitchedOff() {
        let text = unit { $0.sandbox = false }
        #expect(!text.contains("NoNewPrivileges") && !text.contains("Protect") && !text.contains("SystemCall"))
        #expect(unit().contains("\nNoNewPrivileges=yes\n"))
    }

    /// A list of allowed calls, of which systemd 219 knows no group, would keep every program from starting there.
    @Test func systemCallsAreDeniedByNameNotAllowed() {
        let lines = (unit() + UnitSandbox.ofVerification.joined(separator: "\n")).split(separator: "\n")
        let filters = lines.filter { $0.hasPrefix("SystemCallFilter=") }
        #expect(filters.count == 2 && filters.allSatisfy { $0.hasPrefix("SystemCallFilter=~@") })
        #expect(lines.count { $0 == "SystemCallErrorNumber=EPERM" } == 2)
    }

    /// A list of devices, which `ProtectClock=` brings along, would hide graphics cards as `PrivateDevices=` does.
    @Test func driversSeeTheirDevices() {
        let service = Service(name: "model", command: "serve")
        let lines = UnitSandbox.lines(of: service, seesDevices: true)
        #expect(!lines.contains("PrivateDevices=yes") && !lines.contains("ProtectClock=yes"))
        var section = RPMSection()
        section.services = [service]
        section.target.cuda = "12.4"
        let units = UnitFile.all(section, package: "model", prefix: "/opt/model", summary: "Model")
        #expect(units[0].text.contains("\nProtectHome=yes\n") && !units[0].text.contains("PrivateDevices"))
    }

    @Test func rootKeepsItsCapabilities() {
        #expect(unit().contains("\nCapabilityBoundingSet=CAP_NET_BIND_SERVICE\n"))
        #expect(!unit { $0.user = "root" }.contains("CapabilityBoundingSet"))
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
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let units = try Self.write(Self.section(), into: folder)
        #expect(units.count == 6)
        for name in ["orders.service", "worker@1.service", "nightly.timer", "orders-verify.timer"] {
            let said = try Self.systemdSays(of: name, in: folder)
            let isOurs = units.contains { said.contains($0) } || said.contains(name)
            #expect(!isOurs, "\(said)")
        }
        let broken = folder.appendingPathComponent("orders.service")
        try "[Service]\nExecStart=nothing at all\nColour=red\n".write(to: broken, atomically: true, encoding: .utf8)
        #expect(try Self.systemdSays(of: "orders.service", in: folder).contains("orders.service"))
    }

    /// In tenths, as systemd counts them; README has the figures.
    @Test(arguments: [("orders", 19), ("nightly", 19), ("orders-verify", 12)])
    func systemdFindsLittleExposure(unit: String, atMost: Int) throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try Self.write(Self.section(), into: folder)
        let path = folder.appendingPathComponent("\(unit).service").path
        let arguments = ["security", "--offline=true", "--no-pager"]
        let (said, status) = try Self.analyze(arguments + ["--threshold=\(atMost)", path], in: folder)
        #expect(status == 0, "\(said.suffix(200))")
    }

    private static func section() -> RPMSection {
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
        return section
    }

    private static func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    /// Writes the units as they are, but for programs and users, which are not on this machine; their names.
    private static func write(_ section: RPMSection, into folder: URL) throws -> [String] {
        let units = UnitFile.all(section, package: "orders", prefix: "/opt/orders", summary: "Orders 100%")
            .filter { $0.path.hasPrefix("/usr/lib/systemd/system/") }
        return try units.map { unit in
            let text = unit.text.replacing(/ExecStart=\S+/, with: "ExecStart=/bin/true")
                .replacing(/User=.*/, with: "User=daemon")
            let name = (unit.path as NSString).lastPathComponent
            try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
            return name
        }
    }

    private static func systemdSays(of unit: String, in folder: URL) throws -> String {
        try analyze(["verify", "--man=no", unit], in: folder).said
    }

    private static func analyze(_ arguments: [String], in folder: URL) throws -> (said: String, status: Int32) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/systemd-analyze")
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ["SYSTEMD_UNIT_PATH": "\(folder.path):", "PATH": "/usr/bin:/bin"]
        let pipe = Pipe()
        process.standardError = pipe
        process.standardOutput = pipe
        try process.run()
        let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (said, process.terminationStatus)
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
