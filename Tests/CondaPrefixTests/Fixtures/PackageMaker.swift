import CBZip2
import CondaModel
import CondaPrefix
import Foundation

/// A package that a test makes: its members, its metadata, and what it writes to disk.
struct PackageMaker {
    /// One member of the archive.
    struct Member {
        var path: [UInt8]
        var type: Character = "0"
        var data: [UInt8] = []
        var link = ""
        var mode = 0o644
        var time = 1_600_000_000
        /// The keys of its entry in `paths.json`; nil leaves it out of the list.
        var entry: [String: Any]? = [:]
        /// Whether it is in the list alone.
        var isLeftOut = false
    }

    var name: String
    var version = "1.0"
    var depends: [String] = []
    var noarch: String?
    var entryPoints: [String] = []
    var extraIndex: [String: Any] = [:]
    var members: [Member] = []
    /// Whether the paths stand in `info/files`, which holds any bytes, as before there was `paths.json`.
    var listsPlainly = false
    /// Whether the blocks of zeros stand at the end that tell that nothing was cut off.
    var endsProperly = true

    init(_ name: String, version: String = "1.0", depends: [String] = [], noarch: String? = nil) {
        self.name = name
        self.version = version
        self.depends = depends
        self.noarch = noarch
    }

    /// Adds a file; with `placeholder` the list says that it holds one.
    mutating func file(
        _ path: String, _ text: String = "", mode: Int = 0o644, placeholder: String? = nil, binary: Bool = false,
        entry: [String: Any]? = [:]
    ) {
        file(path, Array(text.utf8), mode: mode, placeholder: placeholder, binary: binary, entry: entry)
    }

    mutating func file(
        _ path: String, _ data: [UInt8], mode: Int = 0o644, placeholder: String? = nil, binary: Bool = false,
        entry: [String: Any]? = [:]
    ) {
        var keys = entry
        if let placeholder {
            keys?["prefix_placeholder"] = placeholder
            keys?["file_mode"] = binary ? "binary" : "text"
        }
        members.append(Member(path: Array(path.utf8), data: data, mode: mode, entry: keys))
    }

    mutating func symlink(_ path: String, to target: String) {
        members.append(
            Member(path: Array(path.utf8), type: "2", link: target, mode: 0o777, entry: ["path_type": "softlink"]))
    }

    mutating func hardlink(_ path: String, to target: String, placeholder: String? = nil) {
        var entry: [String: Any] = [:]
        if let placeholder { entry = ["prefix_placeholder": placeholder, "file_mode": "text"] }
        members.append(Member(path: Array(path.utf8), type: "1", link: target, entry: entry))
    }

    /// Writes the archive into a directory and returns it as it is given to an installer.
    func make(in directory: String, specs: [String] = []) throws -> PrefixPackage {
        let path = "\(directory)/\(name)-\(version)-0.tar.bz2"
        try Data(Self.compressed(tar())).write(to: URL(fileURLWithPath: path))
        var record = PackageRecord(name: name, version: try Version(version), build: "0", subdir: "linux-64")
        record.depends = depends
        record.channel = "conda-forge"
        record.url = "https://conda.example.org/conda-forge/linux-64/\(name)-\(version)-0.tar.bz2"
        return PrefixPackage(record: record, archivePath: path, requestedSpecs: specs)
    }

    private func tar() throws -> [UInt8] {
        var index: [String: Any] = [
            "name": name, "version": version, "build": "0", "build_number": 0, "depends": depends,
            "subdir": "linux-64", "timestamp": 1_700_000_000_000,
        ]
        index["noarch"] = noarch
        index.merge(extraIndex) { $1 }
        let link: [String: Any] = [
            "package_metadata_version": 1, "noarch": ["type": noarch ?? "generic", "entry_points": entryPoints],
        ]
        let paths = members.compactMap { member in
            member.entry.map { entry in
                ["_path": String(decoding: member.path, as: UTF8.self), "path_type": "hardlink"].merging(entry) { $1 }
            }
        }
        var tar: [UInt8] = []
        let list: [String: Any] = ["paths_version": 1, "paths": paths]
        for (name, document) in [("index", index), ("paths", list), ("link", link)]
        where name != "paths" || !listsPlainly {
            let data = Array(try JSONSerialization.data(withJSONObject: document))
            tar += Self.block(Member(path: Array("info/\(name).json".utf8), data: data))
        }
        if listsPlainly {
            let lines = members.flatMap { (member) -> [UInt8] in member.path + [0x0A] }
            tar += Self.block(Member(path: Array("info/files".utf8), data: lines))
        }
        for member in members where !member.isLeftOut { tar += Self.block(member) }
        return endsProperly ? tar + [UInt8](repeating: 0, count: 1024) : tar
    }

    /// One tar member: a header of the ustar form and the data padded to whole blocks.
    private static func block(_ member: Member) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: some Sequence<UInt8>, at offset: Int) {
            for (index, byte) in text.enumerated() { header[offset + index] = byte }
        }
        func octal(_ value: Int, digits: Int) -> String.UTF8View {
            let text = String(value, radix: 8)
            return (String(repeating: "0", count: digits - text.count) + text).utf8
        }
        put(member.path, at: 0)
        put(octal(member.mode, digits: 7), at: 100)
        put(octal(0, digits: 7), at: 108)
        put(octal(0, digits: 7), at: 116)
        put(octal(member.data.count, digits: 11), at: 124)
        put(octal(member.time, digits: 11), at: 136)
        put(String(member.type).utf8, at: 156)
        put(member.link.utf8, at: 157)
        put("ustar\u{0}00".utf8, at: 257)
        put("        ".utf8, at: 148)
        put(octal(header.reduce(0) { $0 + Int($1) }, digits: 6), at: 148)
        header[154] = 0
        return header + member.data + [UInt8](repeating: 0, count: (512 - member.data.count % 512) % 512)
    }

    private static func compressed(_ bytes: [UInt8]) -> [UInt8] {
        var output = [CChar](repeating: 0, count: bytes.count + bytes.count / 50 + 1_000)
        var count = UInt32(output.count)
        var input = bytes.map { CChar(bitPattern: $0) }
        let status = BZ2_bzBuffToBuffCompress(&output, &count, &input, UInt32(input.count), 9, 0, 0)
        precondition(status == BZ_OK)
        return output[..<Int(count)].map { UInt8(bitPattern: $0) }
    }
}
