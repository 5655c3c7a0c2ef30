import Foundation

@testable import CondaArchive
@testable import CondaPrefix

/// A wheel that a test makes; its members are stored, so that a digest that does not fit is not found by zlib first.
struct WheelMaker {
    var name: String
    var version = "1.0"
    var wheel = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    var metadata: String?
    var files: [(path: String, text: String, mode: UInt16)] = []
    /// Changes the text of `RECORD`.
    var editRecord: (String) -> String = { $0 }
    /// Changes what a member holds after `RECORD` was made.
    var editMember: (String, [UInt8]) -> [UInt8] = { $1 }

    init(_ name: String, version: String = "1.0") {
        self.name = name
        self.version = version
    }

    var stem: String { "\(name)-\(version)" }

    mutating func file(_ path: String, _ text: String = "", mode: UInt16 = 0o644) {
        files.append((path, text, mode))
    }

    mutating func info(_ name: String, _ text: String) { file("\(stem).dist-info/\(name)", text) }

    mutating func data(_ path: String, _ text: String = "", mode: UInt16 = 0o644) {
        file("\(stem).data/\(path)", text, mode: mode)
    }

    func make(in directory: String, isRequested: Bool = false) throws -> PrefixWheel {
        var maker = self
        maker.info("METADATA", metadata ?? "Metadata-Version: 2.1\nName: \(name)\nVersion: \(version)\n\ntext\n")
        maker.info("WHEEL", wheel)
        let rows = maker.files.map { file in
            let digest = WheelRecord.Row.digest(of: Self.sha256(Array(file.text.utf8)))
            return WheelRecord.Row(path: file.path, digest: digest, size: Int64(file.text.utf8.count))
        }
        let record = WheelRecord(rows: rows + [WheelRecord.Row(path: "\(stem).dist-info/RECORD")]).text
        maker.info("RECORD", editRecord(record))
        let path = "\(directory)/\(stem)-py3-none-any.whl"
        try Data(maker.zip()).write(to: URL(fileURLWithPath: path))
        return PrefixWheel(name: name, version: version, path: path, isRequested: isRequested)
    }

    private static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array(FileLinker.digest(of: bytes).utf8).map { $0 < 0x3A ? $0 - 0x30 : $0 - 0x57 }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    private func zip() -> [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for (path, text, mode) in files {
            let data = editMember(path, Array(text.utf8))
            var checksum = CRC32()
            data.withUnsafeBytes { checksum.update($0) }
            let name = Array(path.utf8)
            // 21 November 2026, 12:30:00.
            let common =
                le(UInt16(20)) + le(UInt16(0)) + le(UInt16(0)) + le(UInt16(0x63C0)) + le(UInt16(0x5D75))
                + le(checksum.value) + le(UInt32(data.count)) + le(UInt32(data.count)) + le(UInt16(name.count))
                + le(UInt16(0))
            directory += [0x50, 0x4B, 1, 2] + le(UInt16(0x0314)) + common + le(UInt16(0)) + le(UInt32(0))
            directory += le(UInt32(mode | 0o100000) << 16) + le(UInt32(file.count)) + name
            file += [0x50, 0x4B, 3, 4] + common + name + data
        }
        let end = le(UInt16(files.count)) + le(UInt16(files.count)) + le(UInt32(directory.count))
        return file + directory + [0x50, 0x4B, 5, 6] + le(UInt32(0)) + end + le(UInt32(file.count)) + le(UInt16(0))
    }

    private func le<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        (0..<(Value.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> Value($0 * 8)) }
    }
}
