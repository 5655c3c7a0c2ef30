import Foundation
import Testing

@testable import Workflow

@Suite struct ELFSectionTests {
    private static let contents = Array("what it is made of".utf8)

    private static func section(_ bytes: [UInt8], _ name: String = ".parts") throws -> [UInt8]? {
        let scratch = try Scratch()
        try Data(bytes).write(to: URL(fileURLWithPath: "\(scratch.path)/x"))
        return try ELFFile(path: "\(scratch.path)/x").section(name)
    }

    @Test(arguments: [true, false])
    func aSectionIsFoundByItsName(isLittle: Bool) throws {
        let file = elf(".parts", Self.contents, isLittle: isLittle)
        #expect(try Self.section(file) == Self.contents)
        #expect(try Self.section(file, ".part") == nil && Self.section(file, ".other") == nil)
        #expect(try Self.section(file, ".shstrtab") != nil)
    }

    @Test func aCutOrWildFileIsAnError() throws {
        let whole = elf(".parts", Self.contents)
        for length in 0..<whole.count {
            #expect(throws: ELFProblem.self, "\(length)") { try Self.section(Array(whole.prefix(length))) }
        }
        for place in 0x28..<whole.count {
            var wild = whole
            wild[place] = 0xff
            _ = try? Self.section(wild)
        }
    }
}

/// A 64-bit ELF file of one named section and the table of names.
private func elf(_ name: String, _ contents: [UInt8], isLittle: Bool = true) -> [UInt8] {
    func number(_ value: Int, _ length: Int) -> [UInt8] {
        let bytes = (0..<length).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
        return isLittle ? bytes : bytes.reversed()
    }
    func section(_ name: Int, _ offset: Int, _ size: Int) -> [UInt8] {
        number(name, 4) + number(1, 4) + number(0, 16) + number(offset, 8) + number(size, 8) + number(0, 24)
    }
    let names = [0] + Array(name.utf8) + [0] + Array(".shstrtab".utf8) + [0]
    let table = 64 + contents.count + names.count
    var file: [UInt8] = [0x7f] + Array("ELF".utf8) + [2, isLittle ? 1 : 2, 1] + [UInt8](repeating: 0, count: 9)
    file += number(2, 2) + number(62, 2) + number(1, 4) + number(0, 16) + number(table, 8) + number(0, 4)
    file += number(64, 2) + number(0, 4) + number(64, 2) + number(3, 2) + number(2, 2)
    file += contents + names
    return file + section(0, 0, 0) + section(1, 64, contents.count)
        + section(name.utf8.count + 2, 64 + contents.count, names.count)
}
