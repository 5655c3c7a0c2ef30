import CondaChannel
import CondaModel
import Foundation
import Testing

@testable import Workflow

/// A program as the specification of ELF has it, of which a test changes one thing.
struct SampleProgram {
    var machine: UInt16 = 62
    var kind: UInt16 = 2
    var entry: UInt64 = 0x400000
    var interpreter: String?
    var needed = 0
    var isLittleEndian = true

    var bytes: [UInt8] {
        var body: [UInt8] = []
        var segments: [[UInt8]] = [segment(1, offset: 0, size: 64)]
        let count = 1 + (interpreter == nil ? 0 : 1) + 1
        func append(_ kind: UInt32, _ contents: [UInt8]) {
            segments.append(segment(kind, offset: UInt64(64 + count * 56 + body.count), size: UInt64(contents.count)))
            body += contents
        }
        if let interpreter { append(3, Array(interpreter.utf8) + [0]) }
        let tags = (0..<needed).flatMap { number(1, 8) + number(UInt64($0), 8) } + number(0, 16) + number(1, 16)
        append(2, tags)
        return header(segments: segments.count) + segments.joined() + body
    }

    private func header(segments: Int) -> [UInt8] {
        var header: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, isLittleEndian ? 1 : 2, 1] + [UInt8](repeating: 0, count: 9)
        header += number(UInt64(kind), 2) + number(UInt64(machine), 2) + number(1, 4) + number(entry, 8)
        header += number(64, 8) + number(0, 8) + number(0, 4) + number(64, 2) + number(56, 2)
        return header + number(UInt64(segments), 2) + number(64, 2) + number(0, 2) + number(0, 2)
    }

    private func segment(_ kind: UInt32, offset: UInt64, size: UInt64) -> [UInt8] {
        number(UInt64(kind), 4) + number(5, 4) + number(offset, 8) + number(0, 16) + number(size, 8) + number(size, 8)
            + number(8, 8)
    }

    private func number(_ value: UInt64, _ length: Int) -> [UInt8] {
        let little = (0..<length).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) : 0 }
        return isLittleEndian ? little : little.reversed()
    }
}

@Suite struct HostToolsTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func write(_ bytes: [UInt8], _ name: String = "tool") throws -> String {
        let path = "\(scratch.path)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    private func tools(given: String? = nil) -> HostTools {
        HostTools(given: given, folders: [scratch.path], cache: CacheDirectory(path: "\(scratch.path)/cache"))
    }

    private func problem(_ bytes: [UInt8], _ subdir: Subdir = .linux64) throws -> String? {
        do {
            _ = try tools(given: write(bytes)).tool(for: subdir)
            return nil
        } catch let error as WorkflowError {
            #expect(error.hint?.contains("scripts/build") == true)
            return error.description
        }
    }

    @Test(arguments: [
        (UInt16(62), true, "linux-64"), (183, true, "linux-aarch64"), (21, true, "linux-ppc64le"),
        (22, false, "linux-s390x"),
    ])
    func aStaticProgramOfTheMachineIsTaken(machine: UInt16, isLittleEndian: Bool, subdir: String) throws {
        let own = try #require(Subdir(rawValue: subdir))
        for kind in [UInt16(2), 3] {
            let program = SampleProgram(machine: machine, kind: kind, isLittleEndian: isLittleEndian)
            #expect(try problem(program.bytes, own) == nil)
            let other: Subdir = own == .linux64 ? .linuxAarch64 : .linux64
            #expect(try problem(program.bytes, other)?.contains("it is a program for") == true)
        }
    }

    @Test func anythingElseIsRefused() throws {
        let dynamic = SampleProgram(kind: 3, interpreter: "/lib64/ld-linux-x86-64.so.2", needed: 1)
        #expect(try problem(dynamic.bytes)?.contains("it needs /lib64/ld-linux-x86-64.so.2") == true)
        #expect(try problem(SampleProgram(needed: 2).bytes)?.contains("shared libraries") == true)
        #expect(try problem(SampleProgram(kind: 3, entry: 0).bytes)?.contains("a library or an object file") == true)
        #expect(try problem(SampleProgram(kind: 1).bytes)?.contains("a library or an object file") == true)
        #expect(try problem(SampleProgram(machine: 21, isLittleEndian: false).bytes)?.contains("ppc64") == true)
        #expect(try problem(SampleProgram(machine: 8).bytes)?.contains("another machine (8)") == true)
        var narrow = SampleProgram().bytes
        narrow[4] = 1
        #expect(try problem(narrow)?.contains("32 bits") == true)
        for text in ["", "#!/bin/sh\n", "\u{7f}ELF", "PK"] {
            #expect(try problem(Array(text.utf8)) != nil)
        }
        #expect(throws: WorkflowError.self) { try tools(given: scratch.path).tool(for: .linux64) }
        #expect(throws: WorkflowError.self) { try tools(given: "/dev/null").tool(for: .linux64) }
    }

    @Test func aProgramThatIsCutOrLiesIsRefused() throws {
        let program = SampleProgram(interpreter: "/lib/ld.so", needed: 3).bytes
        for count in stride(from: 0, to: program.count, by: 7) {
            #expect(try problem(Array(program[..<count])) != nil, "cut at \(count)")
        }
        for (place, length) in [(32, 8), (54, 2), (56, 2), (64 + 8, 8), (64 + 32, 8), (120 + 8, 8), (120 + 32, 8)] {
            var lying = program
            for index in place..<place + length { lying[index] = 0xff }
            #expect(try problem(lying) != nil, "wrong at \(place)")
        }
    }

    @Test func thatOfAnotherMachineStandsBesideOurOwn() throws {
        let other: Subdir = Project.machine == .linuxAarch64 ? .linux64 : .linuxAarch64
        let architecture = try #require(other.rpmArchitecture)
        let error = #expect(throws: WorkflowError.self) { try tools().tool(for: other) }
        #expect(error?.description.contains("conda-rpm-host.\(architecture)") == true)
        #expect(error?.hint?.contains("on a machine with \(architecture)") == true)
        #expect(throws: WorkflowError.self) { try tools().tool(for: Project.machine) }
        let program = SampleProgram(machine: other == .linuxAarch64 ? 183 : 62)
        let path = try write(program.bytes, "conda-rpm-host.\(architecture)")
        #expect(try tools().tool(for: other).path == path)
        let own = SampleProgram(machine: other == .linuxAarch64 ? 62 : 183)
        let ownPath = try write(own.bytes, "conda-rpm-host")
        #expect(try tools().tool(for: Project.machine).path == ownPath)
        // Never this machine's for another.
        try FileManager.default.removeItem(atPath: path)
        #expect(throws: WorkflowError.self) { try tools().tool(for: other) }
    }

    @Test func programsOfThisMachineAreJudged() throws {
        #expect(throws: ELFProblem.self) { try ELFProgram(path: "/bin/sh").check(runsOn: "x86_64") }
        #expect(try ELFProgram(path: "/bin/sh").interpreter?.contains("ld-linux") == true)
    }
}
