import CondaModel
import Foundation
import ServiceRelease
import Testing

@testable import ServicePackaging

@Suite struct CarriedProgramTests {
    private static let document = """
        {"format": 1, "name": "conda-rpm-host", "version": "1.2", "license": "Apache-2.0",
         "parts": [{"name": "glibc", "version": "2.36-9+deb12u14", "license": "LGPL-2.1-or-later",
                    "purl": "pkg:deb/debian/libc6-dev@2.36"},
                   {"name": "swift-crypto", "version": "4.5.2", "license": "Apache-2.0",
                    "parts": [{"name": "xkcp", "license": "CC0-1.0"}]}],
         "texts": {"glibc/LGPL-2.1": "the licence", "LGPL-NOTICE": "the notice"}}
        """
    private static let digest = String(repeating: "a", count: 64)

    private static func program(_ description: String? = document) throws -> CarriedProgram {
        let bytes = description.map { Array($0.utf8) }
        return try CarriedProgram(hostTool: "conda-rpm-host", description: bytes, sha256: digest)
    }

    @Test func theHostToolTellsItsParts() throws {
        let program = try Self.program()
        #expect(program.name == "conda-rpm-host" && program.version == "1.2" && program.knowledge == .complete)
        #expect(program.parts.map(\.name) == ["glibc", "swift-crypto"])
        #expect(program.parts[1].parts?.map(\.name) == ["xkcp"])
        #expect(program.texts.map(\.path) == ["LGPL-NOTICE", "glibc/LGPL-2.1"])
        #expect(program.texts.allSatisfy { $0.package == "conda-rpm-host" })
        #expect(
            program.summary == """
                conda-rpm-host 1.2: Apache-2.0
                  glibc 2.36-9+deb12u14: LGPL-2.1-or-later
                  swift-crypto 4.5.2: Apache-2.0
                    xkcp: CC0-1.0

                """)
    }

    @Test func theLicenseTagCountsProgramAndParts() throws {
        let program = try Self.program()
        let expression = LicenseExpression.joined(own: "MIT", bundled: program.licenses)
        #expect(expression == "MIT AND Apache-2.0 AND CC0-1.0 AND LGPL-2.1-or-later")
    }

    @Test func aToolThatTellsNothingHasUnknownParts() throws {
        let program = try Self.program(nil)
        #expect(program.knowledge == .unknown && program.parts.isEmpty && program.version == nil)
        let expression = LicenseExpression.joined(own: nil, bundled: program.licenses)
        #expect(expression == "LicenseRef-Unknown-conda-rpm-host")
    }

    @Test func aDescriptionThatIsNoneIsAnError() {
        #expect(throws: PackagingError.self) { try Self.program("{}") }
    }

    @Test func theBillNamesProgramsAndHowMuchIsKnown() throws {
        let tool = try Self.program()
        let release = Release(
            name: "orders", version: "1", release: "1", summary: "", inputs: "", tool: "",
            target: TargetHost(name: "el9", glibc: "2.34", architecture: "x86_64", subdir: "linux-64"),
            prefix: "/opt/orders", requested: [], channels: [], packages: [], installedSize: 0)
        var mamba = CarriedProgram(micromamba: Self.digest, license: nil, url: "https://example.com/mm?a=b")
        mamba.version = "2.0+x"
        let written = try SoftwareBill(release, programs: [tool, mamba]).json()
        let bill = try SoftwareBill(json: written)
        #expect(bill.programs.map(\.name) == ["conda-rpm-host", "micromamba"])
        #expect(bill.programs.map { bill.knowledge(of: $0) } == ["complete", "unknown"])
        #expect(bill.programs[0].purl == "pkg:generic/conda-rpm-host@1.2?checksum=sha256:\(Self.digest)")
        #expect(
            bill.programs[1].purl == "pkg:generic/micromamba@2.0%2Bx?checksum=sha256:\(Self.digest)"
                + "&download_url=https:%2F%2Fexample.com%2Fmm%3Fa%3Db")
        #expect(bill.programs[0].hashes?.map(\.content) == [Self.digest])
        #expect(bill.programs[0].components?.first?.licenses?.first?.expression == "LGPL-2.1-or-later")
        #expect(try SoftwareBill(release, programs: [tool, mamba]).json() == written)
    }
}

@Suite struct CarriedInstallerTests {
    private static let header = """
        #!/bin/sh
        # NAME:  Tinyconda3
        # VER:   py312_24.1.2-0
        # PLAT:  linux-64
        cat <<'EOF'
        usage: $0
        EOF
            pager="cat"
            "$pager" <<'EOF'
        The licence
        of Tinyconda
        EOF
        @@END_HEADER@@

        """

    private static func program(_ bytes: [UInt8]) throws -> CarriedProgram {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(bytes).write(to: file)
        return try CarriedProgram(installer: file.path, sha256: "0", license: "BSD-3-Clause", url: nil)
    }

    @Test func anInstallerTellsNameVersionLicenceAndArchives() throws {
        // As conda's own program before the archives may hold what looks like a tar.
        let noise = Array("ustar".utf8) + [UInt8](repeating: 7, count: 600)
        let archives =
            tar("preconda.tar.bz2", [1, 2, 3])
            + tar("pkgs/python-3.12.1-h1_0_cpython.conda", Array(repeating: 1, count: 700))
            + tar("pkgs/zlib-1.2-0.tar.bz2", []) + tar("pkgs/env.txt", [1])
        let program = try Self.program(Array(Self.header.utf8) + noise + archives + [UInt8](repeating: 0, count: 1024))
        #expect(program.name == "Tinyconda3" && program.version == "py312_24.1.2-0")
        #expect(program.license == "BSD-3-Clause" && program.knowledge == .incomplete)
        #expect(program.parts.map(\.name) == ["python", "zlib"])
        #expect(program.parts[0].purl == "pkg:conda/python@3.12.1?build=h1_0_cpython&type=conda")
        #expect(program.texts.map { String(decoding: $0.text, as: UTF8.self) } == ["The licence\nof Tinyconda\n"])
        #expect(program.texts.map(\.package) == ["Tinyconda3"])
    }

    @Test func whatIsNotToldIsUnknown() throws {
        let program = try Self.program(Array("#!/bin/sh\n# NAME:  ../etc\n# VER:\nexit 0\n".utf8))
        #expect(program.name == "miniconda" && program.version == nil)
        #expect(program.knowledge == .unknown && program.texts.isEmpty)
    }

    @Test func cutArchivesAreNoCrash() throws {
        let whole =
            Array(Self.header.utf8) + tar("pkgs/a-1-0.conda", Array(repeating: 1, count: 700))
            + tar("pkgs/b-1-0.conda", [])
        for length in stride(from: Self.header.utf8.count, to: whole.count, by: 61) {
            #expect(try Self.program(Array(whole.prefix(length))).parts.count < 2)
        }
    }
}

/// One member of a tar (POSIX ustar).
private func tar(_ path: String, _ contents: [UInt8]) -> [UInt8] {
    func field(_ text: String, _ length: Int) -> [UInt8] {
        Array(text.utf8.prefix(length)) + [UInt8](repeating: 0, count: max(0, length - text.utf8.count))
    }
    var header = field(path, 100) + field("0000644", 8) + field("0000000", 8) + field("0000000", 8)
    header += field(String(contents.count, radix: 8), 12) + field("0", 12) + field("        ", 8) + field("0", 1)
    header += field("", 100) + field("ustar", 6) + field("00", 2)
    header += [UInt8](repeating: 0, count: 512 - header.count)
    let sum = header.reduce(0) { $0 + Int($1) }
    header.replaceSubrange(148..<156, with: field(String(sum, radix: 8), 8))
    return header + contents + [UInt8](repeating: 0, count: (512 - contents.count % 512) % 512)
}
