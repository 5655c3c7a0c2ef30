import CondaModel
import FoundationEssentials

extension CarriedProgram {
    /// A constructor-made installer: its header tells name, version and licence text, the names of the archives in it what
    /// it brings; of conda's own program in it nothing is told.
    package init(installer path: String, sha256: String, license: String?, url: String?) throws(PackagingError) {
        let file: Data
        do {
            file = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        } catch {
            throw .bootstrapUnreadable(path: path, reason: error.systemReason)
        }
        // Headers are some tens of kilobytes.
        let header = String(decoding: file.prefix(1 << 18), as: UTF8.self)
        let packages = InstallerArchives.names(in: file)
        self.init(
            name: Self.value("NAME", in: header) ?? "miniconda", version: Self.value("VER", in: header),
            license: license, sha256: sha256, url: url, parts: packages.map(Self.part),
            knowledge: packages.isEmpty ? .unknown : .incomplete)
        if let text = Self.licenseText(in: header) {
            texts = [BundledLicense(package: name, path: "LICENSE", text: Array(text.utf8))]
        }
    }

    /// One micromamba binary, which tells nothing of itself without being run.
    package init(micromamba sha256: String, license: String?, url: String?) {
        self.init(name: "micromamba", license: license, sha256: sha256, url: url)
    }

    /// `# NAME:  Miniconda3`, in letters that paths and addresses take.
    private static func value(_ key: String, in header: String) -> String? {
        let lines = header.split(separator: "\n", maxSplits: 100).prefix(100)
        guard let line = lines.first(where: { $0.hasPrefix("# \(key):") }) else { return nil }
        let value = line.dropFirst(key.count + 3).trimmingBlanks
        let isPlain = value.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-+".contains($0)) }
        return value.isEmpty || value.hasPrefix(".") || !isPlain ? nil : value
    }

    /// The text that the installer shows before it asks whether one agrees.
    private static func licenseText(in header: String) -> String? {
        guard let found = header.firstMatch(of: /(?:pager"?|more) <<'?EOF'?\n(?<text>(?:.*\n)*?)EOF\n/) else {
            return nil
        }
        let text = String(found.output.text)
        return text.contains(where: \.isLetter) ? text : nil
    }

    private static func part(_ archive: ArchiveName) -> Part {
        let type = archive.format == .conda ? "conda" : "tar.bz2"
        return Part(
            name: archive.name, version: archive.version,
            purl: "pkg:conda/\(archive.name)@\(archive.version)?build=\(archive.build)&type=\(type)")
    }
}

/// The conda packages in an installer: all constructors put them as `pkgs/NAME-VERSION-BUILD.conda` into a tar without
/// compression.
enum InstallerArchives {
    private static let block = 512

    /// Sorted; nothing where the installer keeps them in another way.
    static func names(in file: Data) -> [ArchiveName] {
        var place = file.startIndex
        while let magic = file.firstRange(of: "ustar", from: place) {
            place = magic.upperBound
            let start = magic.lowerBound - 257
            guard start >= file.startIndex, isHeader(start, file) else { continue }
            let names = members(from: start, file).compactMap { path in
                path.hasPrefix("pkgs/") ? ArchiveName(String(path.dropFirst("pkgs/".count))) : nil
            }
            if !names.isEmpty { return Set(names).sorted { $0.description < $1.description } }
        }
        return []
    }

    private static func members(from start: Int, _ file: Data) -> [String] {
        var paths: [String] = []
        var place = start
        while isHeader(place, file), let size = octal(place + 124, 12, file) {
            paths.append(text(place, 100, file))
            let blocks = (size + block - 1) / block
            guard blocks < file.count / block else { break }
            place += (1 + blocks) * block
        }
        return paths
    }

    /// The sum of a header's bytes, its own field taken for blanks, stands in it.
    private static func isHeader(_ start: Int, _ file: Data) -> Bool {
        guard start + block <= file.endIndex, let expected = octal(start + 148, 8, file) else { return false }
        let bytes = file[start..<start + block]
        let sum = bytes.reduce(0) { $0 + Int($1) } - file[start + 148..<start + 156].reduce(0) { $0 + Int($1) } + 8 * 32
        return sum == expected
    }

    private static func octal(_ start: Int, _ length: Int, _ file: Data) -> Int? {
        let digits = text(start, length, file).trimmingBlanks
        guard let value = Int(digits, radix: 8), value >= 0 else { return nil }
        return value
    }

    private static func text(_ start: Int, _ length: Int, _ file: Data) -> String {
        guard start + length <= file.endIndex else { return "" }
        return String(decoding: file[start..<start + length].prefix { $0 != 0 }, as: UTF8.self)
    }
}
