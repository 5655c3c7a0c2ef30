import Glibc
import HostSystem

/// Why a file is no program for some hosts.
struct ELFProblem: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// What the head of a program says of the machine that it is for, and of what it needs there (ELF, 64 bits).
struct ELFProgram: Sendable, Hashable {
    /// As rpm calls it; the number of the ELF specification for one that it has no name for here.
    private(set) var architecture = ""
    /// The program that the kernel starts to load this one; nil for a static program.
    private(set) var interpreter: String?
    private(set) var needsLibraries = false
    private var isProgram = false

    /// Reads the head of a file: its header, its table of segments, and which libraries it needs.
    init(path: String) throws(ELFProblem) {
        let file = try ELFFile(path: path)
        let kind = file.number(16, 2)
        architecture = Self.name(of: file.number(18, 2), isLittleEndian: file.isLittleEndian)
        // ET_EXEC, ET_DYN; a shared library has no entry.
        let segments = try file.segments()
        // PT_LOAD: without one nothing gets into memory.
        isProgram = (kind == 2 || kind == 3) && file.number(24, 8) != 0 && segments.contains { $0.kind == 1 }
        for segment in segments { try take(segment, file) }
    }

    /// Whether it runs on hosts of which nothing but their architecture is known.
    func check(runsOn wanted: String) throws(ELFProblem) {
        guard isProgram else { throw ELFProblem("it is a library or an object file, and no program") }
        guard architecture == wanted else { throw ELFProblem("it is a program for \(architecture)") }
        if let interpreter { throw ELFProblem("it is not static: it needs \(interpreter)") }
        if needsLibraries { throw ELFProblem("it is not static: it needs shared libraries") }
    }

    private mutating func take(_ segment: ELFFile.Segment, _ file: ELFFile) throws(ELFProblem) {
        let (dynamic, interpreter): (UInt64, UInt64) = (2, 3)
        switch segment.kind {
        case interpreter:
            let name = try file.bytes(at: segment.offset, count: min(segment.size, 4096))
            self.interpreter = String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        case dynamic:
            let entries = try file.bytes(at: segment.offset, count: segment.size)
            let tags = stride(from: 0, to: entries.count - 15, by: 16).map { file.number(in: entries, $0, 8) }
            // DT_NULL ends the list, DT_NEEDED names a library.
            needsLibraries = tags.prefix { $0 != 0 }.contains(1)
        default: break
        }
    }

    private static func name(of machine: UInt64, isLittleEndian: Bool) -> String {
        switch machine {
        case 62: "x86_64"
        case 183: "aarch64"
        case 21: isLittleEndian ? "ppc64le" : "ppc64"
        case 22: "s390x"
        case 243: "riscv64"
        default: "another machine (\(machine))"
        }
    }
}

/// The bytes of an ELF file, read where they are wanted and never beyond its end.
struct ELFFile {
    struct Segment {
        let kind: UInt64
        let offset: UInt64
        let size: UInt64
    }

    let isLittleEndian: Bool
    private let handle: Handle
    private let size: UInt64
    private var header: [UInt8] = []

    init(path: String) throws(ELFProblem) {
        handle = try Handle(path)
        var status = stat()
        guard fstat(handle.descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw ELFProblem("it is no file that can be read")
        }
        size = UInt64(status.st_size)
        header = try handle.bytes(at: 0, count: 64)
        guard header.starts(with: [0x7f, 0x45, 0x4c, 0x46]) else { throw ELFProblem("it is no ELF program") }
        guard header.count == 64 else { throw ELFProblem("it is cut") }
        guard header[4] == 2 else { throw ELFProblem("it is a program for another machine, of 32 bits") }
        isLittleEndian = header[5] == 1
    }

    /// The table of segments; each must lie in the file.
    func segments() throws(ELFProblem) -> [Segment] {
        let (start, length, count) = (number(32, 8), number(54, 2), number(56, 2))
        guard count > 0 else { return [] }
        guard length >= 56 else { throw ELFProblem("its table of segments is none") }
        let table = try bytes(at: start, count: length * count)
        var segments: [Segment] = []
        for place in stride(from: 0, to: table.count, by: Int(length)) {
            let segment = Segment(
                kind: number(in: table, place, 4), offset: number(in: table, place + 8, 8),
                size: number(in: table, place + 32, 8))
            let (end, isBeyond) = segment.offset.addingReportingOverflow(segment.size)
            guard !isBeyond, end <= size else { throw ELFProblem("it is cut") }
            segments.append(segment)
        }
        return segments
    }

    /// Some bytes of the file.
    func bytes(at offset: UInt64, count: UInt64) throws(ELFProblem) -> [UInt8] {
        let (end, isBeyond) = offset.addingReportingOverflow(count)
        // What is read here is a table of a few kilobytes in every real program.
        guard !isBeyond, end <= size, count <= 1 << 22 else { throw ELFProblem("it is cut") }
        let bytes = try handle.bytes(at: Int(offset), count: Int(count))
        guard bytes.count == count else { throw ELFProblem("it is cut") }
        return bytes
    }

    /// The open file, closed with its last user.
    private final class Handle {
        let descriptor: Int32

        init(_ path: String) throws(ELFProblem) {
            // A pipe would be waited for.
            descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            guard descriptor != -1 else { throw ELFProblem("it is no file that can be read") }
        }

        deinit { close(descriptor) }

        /// Some bytes; fewer at the end of the file.
        func bytes(at offset: Int, count: Int) throws(ELFProblem) -> [UInt8] {
            var bytes = [UInt8](repeating: 0, count: count)
            let (found, code) = bytes.withUnsafeMutableBytes { readAll(into: $0, from: descriptor, at: Int64(offset)) }
            guard code == 0 else { throw ELFProblem("it cannot be read: \(systemMessage(code))") }
            return Array(bytes[..<found])
        }
    }

    /// A number of the header.
    func number(_ offset: Int, _ length: Int) -> UInt64 { number(in: header, offset, length) }

    /// A number in the file's own order of bytes.
    func number(in bytes: [UInt8], _ offset: Int, _ length: Int) -> UInt64 {
        let digits = bytes[offset..<offset + length]
        return (isLittleEndian ? Array(digits.reversed()) : Array(digits)).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
