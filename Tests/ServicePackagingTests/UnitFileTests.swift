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

    /// systemd itself is the judge of the whole unit.
    @Test func systemdAcceptsTheUnit() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("orders.service")
        try unit {
            $0.command = "/bin/true"; $0.user = "root"; $0.environment = [.init(name: "A", value: "b c")]
        }
        .write(to: path, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/systemd-analyze")
        process.arguments = ["verify", "--man=no", path.path]
        let pipe = Pipe()
        process.standardError = pipe
        try process.run()
        let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(!said.contains("orders.service"), "\(said)")
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
