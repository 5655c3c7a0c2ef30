import CondaArchive
import Foundation
import Testing

@testable import CondaPrefix

@Suite struct WheelTests {
    let scratch: Scratch
    let python: PrefixPackage

    init() throws {
        scratch = try Scratch()
        python = try NoarchPythonTests.python().make(in: scratch.archives)
    }

    private static let modules = "lib/python3.11/site-packages"

    static func client() -> WheelMaker {
        var wheel = WheelMaker("orders_client", version: "1.2")
        wheel.file("orders_client/__init__.py", "x = 1\n")
        wheel.file("orders_client/broken.py", "broken\n")
        wheel.file("orders_client/a,b.txt", "data\n")
        wheel.data("platlib/orders_client/native.py", "y = 2\n")
        wheel.data("scripts/tool", "#!python -E\nprint()\n")
        wheel.data("scripts/window", "#!pythonw\n")
        wheel.data("scripts/shell", "#!/bin/sh\necho\n")
        wheel.data("headers/client.h", "int x;\n")
        wheel.data("data/share/client/data.txt", "shared\n")
        wheel.info(
            "entry_points.txt",
            "# comment\n[console_scripts]\norders = orders_client.main:run [fast,extra]\n[other]\nplugin = x\n"
                + "[gui_scripts]\norders-window=orders_client.window:Main.run\n")
        return wheel
    }

    private func install(_ wheels: [PrefixWheel], _ more: [PrefixPackage] = []) throws -> PrefixReport {
        try PrefixInstaller(prefix: scratch.prefix).install([python] + more, wheels: wheels)
    }

    private func record(_ stem: String) throws -> [String] {
        try scratch.text("\(Self.modules)/\(stem).dist-info/RECORD").split(separator: "\n").map(String.init)
    }

    @Test func everySchemeGoesWhereItBelongs() throws {
        let report = try install([try Self.client().make(in: scratch.archives, isRequested: true)])
        let line = "#!\(scratch.prefix)/bin/python3.11\n"
        #expect(try scratch.text("bin/tool") == line + "print()\n")
        #expect(try scratch.text("bin/window") == line)
        #expect(try scratch.text("bin/shell") == "#!/bin/sh\necho\n")
        #expect(try scratch.text("bin/orders").hasPrefix(line))
        #expect(try scratch.text("bin/orders").contains("from orders_client.main import run"))
        #expect(try scratch.text("bin/orders-window").contains("sys.exit(Main.run())"))
        #expect(try scratch.text("include/python3.11/orders-client/client.h") == "int x;\n")
        #expect(try scratch.text("share/client/data.txt") == "shared\n")
        #expect(try scratch.text("\(Self.modules)/orders_client/native.py") == "y = 2\n")
        for script in ["tool", "window", "shell", "orders", "orders-window"] {
            #expect(scratch.mode("bin/\(script)") == 0o755)
        }
        #expect(scratch.mode("\(Self.modules)/orders_client/a,b.txt") == 0o644)
        #expect(report.wheels == 1)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: "\(scratch.prefix)/conda-meta").sorted()
                == ["history", "python-3.11.7-0.json"])
    }

    @Test func recordListsAllThatWasMade() throws {
        _ = try install([try Self.client().make(in: scratch.archives, isRequested: true)])
        let rows = try record("orders_client-1.2")
        #expect(
            rows.map { $0.hasPrefix("\"") ? "a,b" : $0.split(separator: ",")[0].description } == [
                "../../../bin/orders", "../../../bin/orders-window", "../../../bin/shell", "../../../bin/tool",
                "../../../bin/window", "../../../include/python3.11/orders-client/client.h",
                "../../../share/client/data.txt", "orders_client-1.2.dist-info/INSTALLER",
                "orders_client-1.2.dist-info/METADATA", "orders_client-1.2.dist-info/RECORD",
                "orders_client-1.2.dist-info/REQUESTED", "orders_client-1.2.dist-info/WHEEL",
                "orders_client-1.2.dist-info/entry_points.txt", "orders_client/__init__.py",
                "orders_client/__pycache__/__init__.cpython-311.pyc",
                "orders_client/__pycache__/native.cpython-311.pyc", "a,b", "orders_client/broken.py",
                "orders_client/native.py",
            ])
        #expect(rows.contains("orders_client-1.2.dist-info/RECORD,,"))
        #expect(rows.contains("orders_client/__init__.py,sha256=nia_NpkRxFwkPGhBR7I_yeHc_PJX0pmhxjIBam_NM_Q,6"))
        #expect(rows.contains { $0.hasPrefix("\"orders_client/a,b.txt\",sha256=") })
        #expect(try scratch.text("\(Self.modules)/orders_client-1.2.dist-info/INSTALLER") == "conda-rpm\n")
        #expect(try PrefixState(prefix: scratch.prefix).verify(includingAdded: true).isEmpty)
    }

    @Test func sameInputsGiveTheSameTree() throws {
        let wheel = try Self.client().make(in: scratch.archives)
        _ = try install([wheel])
        let first = try scratch.tree(scratch.prefix)
        try FileManager.default.removeItem(atPath: scratch.prefix)
        _ = try install([wheel])
        #expect(try scratch.tree(scratch.prefix) == first)
        #expect(!scratch.exists("\(Self.modules)/orders_client-1.2.dist-info/REQUESTED"))
    }

    @Test func damageIsFoundAndRepaired() throws {
        let wheel = try Self.client().make(in: scratch.archives)
        _ = try install([wheel])
        let before = try scratch.tree(scratch.prefix)
        try scratch.write("x = 2\n", to: "\(Self.modules)/orders_client/__init__.py")
        try scratch.write("other", to: "bin/orders")
        try FileManager.default.removeItem(atPath: "\(scratch.prefix)/share/client")
        try scratch.write("", to: "\(Self.modules)/orders_client/__pycache__/native.cpython-311.pyc")
        let found = try PrefixState(prefix: scratch.prefix).verify(wheels: [wheel])
        #expect(
            found.map { "\($0.kind) \($0.path)" } == [
                "changed bin/orders", "changed \(Self.modules)/orders_client/__init__.py",
                "changed \(Self.modules)/orders_client/__pycache__/native.cpython-311.pyc",
                "missing share/client/data.txt",
            ])
        #expect(found.allSatisfy { $0.package == "orders_client-1.2" })
        let left = try PrefixInstaller(prefix: scratch.prefix).repair(
            found, packages: [python], wheels: [wheel])
        #expect(left.isEmpty)
        #expect(try scratch.tree(scratch.prefix) == before)
    }

    @Test("A wheel without its RECORD is made anew", arguments: ["missing", "damaged", "all"])
    func recordIsRepaired(how: String) throws {
        let wheel = try Self.client().make(in: scratch.archives)
        _ = try install([wheel])
        let before = try scratch.tree(scratch.prefix)
        let folder = "\(Self.modules)/orders_client-1.2.dist-info"
        switch how {
        case "missing": try FileManager.default.removeItem(atPath: "\(scratch.prefix)/\(folder)/RECORD")
        case "damaged": try scratch.write("../../../../x,,\n", to: "\(folder)/RECORD")
        default: try FileManager.default.removeItem(atPath: "\(scratch.prefix)/\(folder)")
        }
        let found = try PrefixState(prefix: scratch.prefix).verify(wheels: [wheel])
        #expect(found.map(\.path) == ["\(folder)/RECORD"])
        let left = try PrefixInstaller(prefix: scratch.prefix).repair(
            found, packages: [python], wheels: [wheel])
        #expect(left.isEmpty)
        #expect(try scratch.tree(scratch.prefix) == before)
    }

    @Test func theLastOfTwoFilesIsInPlace() throws {
        var first = WheelMaker("alpha")
        first.file("shared/__init__.py", "alpha\n")
        first.data("scripts/helper", "alpha\n")
        var second = WheelMaker("beta")
        second.file("shared/__init__.py", "beta\n")
        let library = try NoarchPythonTests.library().make(in: scratch.archives)
        let wheels = [try second.make(in: scratch.archives), try first.make(in: scratch.archives)]
        let report = try install(wheels, [library])
        #expect(try scratch.text("\(Self.modules)/shared/__init__.py") == "beta\n")
        #expect(try scratch.text("bin/helper") == "alpha\n")
        #expect(
            report.clobbers == [
                PathClobber(path: "bin/helper", winner: "alpha-1.0", losers: ["library-1.0-0"]),
                PathClobber(path: "\(Self.modules)/shared/__init__.py", winner: "beta-1.0", losers: ["alpha-1.0"]),
            ])
        #expect(try PrefixState(prefix: scratch.prefix).verify(wheels: wheels).isEmpty)
    }

    @Test func twoCopiesOfADistributionAreRefused() throws {
        var library = NoarchPythonTests.library()
        library.file("site-packages/Orders.Client-1.1.dist-info/METADATA", "Name: Orders.Client\n")
        let package = try library.make(in: scratch.archives)
        let wheel = try Self.client().make(in: scratch.archives)
        let error = #expect(throws: PrefixError.self) { try install([wheel], [package]) }
        #expect(error?.description.contains("'orders-client' is in library-1.0-0 and in ") == true)
        #expect(throws: PrefixError.self) { try install([wheel, wheel]) }
        #expect(!FileManager.default.fileExists(atPath: scratch.prefix))
    }

    @Test func pythonMustBeThere() throws {
        let wheel = try Self.client().make(in: scratch.archives)
        let error = #expect(throws: PrefixError.self) {
            try PrefixInstaller(prefix: scratch.prefix).install([], wheels: [wheel])
        }
        #expect(error?.hint == "add python to the dependencies")
    }

    private static let faults: [(String, @Sendable (inout WheelMaker) -> Void, String)] = [
        (
            "unlisted", { $0.editRecord = { $0.replacingOccurrences(of: "orders_client/broken", with: "x") } },
            "orders_client/broken.py: RECORD does not list it"
        ),
        (
            "listed only", { $0.editRecord = { $0 + "more.py,sha256=AA,1\n" } },
            "more.py: RECORD lists it, the archive does not hold it"
        ),
        ("size", { $0.editRecord = { $0.replacingOccurrences(of: ",6\n", with: ",7\n") } }, "expects 7 bytes, found 6"),
        (
            "digest", { $0.editMember = { $0.hasSuffix("broken.py") ? Array("BROKEN\n".utf8) : $1 } },
            "orders_client/broken.py: RECORD expects sha256="
        ),
        (
            "script", { $0.editMember = { $0.hasSuffix("/tool") ? Array("#!python -E\nPRINT()\n".utf8) : $1 } },
            "scripts/tool: RECORD expects sha256="
        ),
        (
            "entry points", { $0.editMember = { $0.hasSuffix("points.txt") ? $1.reversed() : $1 } },
            "entry_points.txt: RECORD expects sha256="
        ),
        ("md5", { $0.editRecord = { $0.replacingOccurrences(of: "sha256=", with: "md5=") } }, "SHA-256 or better"),
        ("twice", { $0.editRecord = { $0 + $0 } }, "twice"),
        ("outside", { $0.editRecord = { $0 + "../x,,\n" } }, "leads out of the wheel"),
        ("fields", { $0.editRecord = { $0 + "a,b\n" } }, "has a row of 2 fields"),
        ("quote", { $0.editRecord = { $0 + "\"a" } }, "ends in a quoted field"),
        (
            "major", { $0.wheel = "Wheel-Version: 2.0\nRoot-Is-Purelib: true\n" },
            "expected Wheel-Version 1.x, found '2.0'"
        ),
        ("purelib", { $0.wheel = "Wheel-Version: 1.0\n" }, "expected Root-Is-Purelib to be true or false"),
        ("metadata", { $0.metadata = "Name: other\nVersion: 1.2\n" }, "expected orders_client 1.2, found 'other 1.2'"),
        ("version", { $0.metadata = "Name: orders-client\nVersion: 1.3\n" }, "found 'orders-client 1.3'"),
        ("two", { $0.file("other-1.0.dist-info/METADATA") }, "expected one .dist-info directory, found 2"),
        ("scheme", { $0.data("unknown/x") }, "found 'unknown'"),
        ("other data", { $0.file("other-1.0.data/purelib/x") }, "expected orders_client-1.2.data/SCHEME/FILE"),
        ("meta", { $0.data("data/conda-meta/x.json") }, "conda-meta, which belongs to the installer"),
        ("two files", { $0.data("purelib/orders_client/broken.py") }, "a second file of the wheel goes to"),
        ("escape", { $0.data("scripts/../../x") }, "has a `..` component"),
        ("command", { $0.files[9].text = "[console_scripts]\nx = module\n" }, "bad entry point"),
        (
            "climbing command", { $0.files[9].text = "[gui_scripts]\n../x = a:b\n" },
            "a command that is a plain file name"
        ),
    ]

    @Test func everythingWrongIsRefused() throws {
        for (name, edit, expected) in Self.faults {
            var maker = Self.client()
            edit(&maker)
            let wheel = try maker.make(in: scratch.archives)
            try? FileManager.default.removeItem(atPath: scratch.prefix)
            let error = #expect(throws: PrefixError.self, "\(name)") { try install([wheel]) }
            #expect(error?.description.contains(expected) == true, "\(name): \(String(describing: error))")
        }
    }

    @Test func versionsMayBeSpelledDifferently() throws {
        var wheel = try Self.client().make(in: scratch.archives)
        wheel.name = "Orders.Client"
        wheel.version = "1.2.0"
        _ = try install([wheel])
        wheel.version = "1.3"
        try FileManager.default.removeItem(atPath: scratch.prefix)
        #expect(throws: PrefixError.self) { try install([wheel]) }
    }

    private func summary(_ metadata: String) throws -> WheelSummary {
        var wheel = WheelMaker("orders_client", version: "1.2")
        wheel.metadata = "Name: orders_client\nVersion: 1.2\n\(metadata)\n\ntext\n"
        return try WheelSummary(path: wheel.make(in: scratch.archives).path)
    }

    @Test(
        arguments: [
            (
                "License-Expression: MIT OR ISC\nLicense: Zlib\nClassifier: License :: OSI Approved :: MIT License",
                "MIT OR ISC"
            ),
            ("License: Apache 2.0\nClassifier: License :: OSI Approved :: MIT License", "Apache 2.0"),
            ("License: UNKNOWN\nClassifier: License :: OSI Approved :: MIT License", "MIT"),
            (
                "License:\nClassifier: License :: OSI Approved :: GNU General Public License v3 or later (GPLv3+)",
                "GPL-3.0-or-later"
            ),
            ("License: Copyright X\n  All rights\nClassifier: License :: OSI Approved :: ISC License (ISCL)", "ISC"),
            (
                "License: \(String(repeating: "x", count: 121))\nClassifier: License :: OSI Approved :: ISC License (ISCL)",
                "ISC"
            ),
            ("License: Copyright X\n  All rights", "LicenseRef-orders-client"),
            ("Classifier: License :: OSI Approved\nClassifier: License :: OSI Approved :: BSD License", "BSD License"),
            (
                "Classifier: License :: OSI Approved :: MIT License\nClassifier: License :: OSI Approved :: BSD License",
                "BSD License / MIT License"
            ),
            ("Classifier: Topic :: Software Development\nSummary: x\n  y", nil), ("License: unknown", nil),
        ] as [(String, String?)])
    func theLicenceIsNamedByMetadata(metadata: String, expected: String?) throws {
        #expect(try summary(metadata).license == expected)
    }

    private func texts(_ wheel: WheelMaker, _ limits: ArchiveLimits = .standard) throws -> [String] {
        try WheelLicense.texts(path: wheel.make(in: scratch.archives).path, limits: limits).map {
            "\($0.path): \(String(decoding: $0.text, as: UTF8.self))"
        }
    }

    @Test func licenceTextsAreFound() throws {
        var wheel = Self.client()
        #expect(try texts(wheel) == [])
        wheel.info("licenses/vendored/COPYING", "c")
        wheel.info("licenses/LICENSE", "a")
        wheel.file("orders_client/LICENSE", "no")
        wheel.file("orders_client/x.dist-info/LICENSE", "no")
        #expect(try texts(wheel) == ["LICENSE: a", "vendored/COPYING: c"])
        for name in ["LICENSE.txt", "licence", "COPYING", "NOTICE.md", "AUTHORS.rst"] { wheel.info(name, "b") }
        wheel.info("EULA", "d")
        wheel.info("license_files/TERMS", "e")
        wheel.info("OTHER", "no")
        wheel.metadata =
            "Name: orders-client\nVersion: 1.2\nLicense-File: EULA\nLicense-File: TERMS\nLicense-File: ../x\n"
        #expect(
            try texts(wheel) == [
                "AUTHORS.rst: b", "COPYING: b", "EULA: d", "LICENSE.txt: b", "NOTICE.md: b", "licence: b",
                "license_files/TERMS: e", "licenses/LICENSE: a", "licenses/vendored/COPYING: c",
            ])
    }

    @Test func licenceTextsAreBounded() throws {
        var wheel = WheelMaker("orders_client", version: "1.2")
        wheel.metadata = "Name: a\n"
        wheel.info("licenses/A", "0123456789")
        wheel.info("licenses/B", "0123456789")
        var limits = ArchiveLimits.standard
        (limits.infoMemberSize, limits.infoTotalSize) = (10, 20)
        #expect(try texts(wheel, limits).count == 2)
        limits.infoTotalSize = 19
        #expect(throws: PrefixError.self) { try texts(wheel, limits) }
        (limits.infoMemberSize, limits.infoTotalSize) = (9, 20)
        #expect(throws: PrefixError.self) { try texts(wheel, limits) }
    }
}
