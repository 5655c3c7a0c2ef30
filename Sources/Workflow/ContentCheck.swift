import Glibc
import RPMFormat
import ServicePackaging
import ServiceRelease

/// Reads what the package carries beside the archives, for what must not leave the build machine.
///
/// Archives stay as the channel serves them, and so do the bootstrap and the host tool; everything else is looked
/// through, and the digest of every file is compared on the way.
struct ContentCheck {
    typealias Finding = Verification.Finding

    private let release: Release
    private let bundle: String

    static func findings(_ reader: RPMReader, _ release: Release) -> [Finding] {
        let check = ContentCheck(release: release, bundle: "\(release.prefix)/bundle/\(release.identifier)/")
        return headerFindings(reader) + SecretScan.findings(release, place: check.bundle + Release.fileName)
            + check.fileFindings(reader)
    }

    /// Texts of the header; scriptlets may name such paths, and credentials in them are as public as the rest.
    static func headerFindings(_ reader: RPMReader) -> [Finding] {
        let lines = [reader.summary, reader.description, reader.vendor, reader.packager, reader.url, reader.buildHost]
        let changes = reader.changelog.flatMap { [$0.author, $0.text] }
        let texts = (lines + changes).compactMap { $0 }.joined(separator: "\n")
        let scripts = reader.scriptlets
        let bodies = [scripts.pretrans, scripts.pre, scripts.post, scripts.preun, scripts.postun, scripts.posttrans]
        let shell = bodies.compactMap { $0?.body }.joined(separator: "\n")
        return scan(Array(texts.utf8), place: "header", as: .document)
            + scan(Array(shell.utf8), place: "scriptlets", as: .text)
            + SecretScan.assignments(in: shell).map { Finding(kind: .credentials, place: "scriptlets", problem: $0) }
    }

    private func fileFindings(_ reader: RPMReader) -> [Finding] {
        var findings: Set<Finding> = []
        var current = ""
        var tail: [UInt8] = []
        var lists = FileListCheck(release)
        do {
            try reader.readFiles { entry, bytes in
                lists.take(entry.path, bytes)
                guard !isSealed(entry.path) else { return }
                if entry.path != current { (current, tail) = (entry.path, []) }
                let piece = tail + bytes
                findings.formUnion(Self.scan(piece, place: entry.path, as: kind(of: entry.path)))
                let problems = SecretScan.problems(of: entry.path, in: piece)
                findings.formUnion(problems.map { Finding(kind: .credentials, place: entry.path, problem: $0) })
                // What is looked for may lie across two pieces.
                tail = Array(piece.suffix(1024))
            }
            if release.layout == .prefix { findings.formUnion(lists.findings(reader.files)) }
        } catch {
            findings.insert(Finding(kind: .digest, place: "payload", problem: error.description))
        }
        return findings.sorted { ($0.place, $0.kind.rawValue, $0.problem) < ($1.place, $1.kind.rawValue, $1.problem) }
    }

    private func isSealed(_ path: String) -> Bool {
        guard path.hasPrefix(bundle) else { return false }
        let name = path.dropFirst(bundle.count)
        return name.hasPrefix("pkgs/") || name.hasPrefix("wheels/") || name == "conda-rpm-host"
            || name == release.bootstrap.fileName ?? ""
    }

    private func kind(of path: String) -> LeakScan.Kind {
        let tree = "\(release.prefix)/releases/\(release.identifier)/"
        if path.hasPrefix(tree) { return path.hasPrefix("\(tree)conda-meta/") ? .record : .linked }
        return path.hasPrefix(bundle) || path == ServicePackage.billPath(release.name) ? .document : .text
    }

    private static func scan(_ bytes: [UInt8], place: String, as kind: LeakScan.Kind) -> [Finding] {
        let found = LeakScan.leaks(in: bytes, as: kind)
        return found.map { Finding(kind: $0.kind, place: place, problem: $0.problem) }
    }
}

/// Finds credentials, paths of build machines, and placeholders of prefixes among bytes.
enum LeakScan {
    struct Leak: Hashable {
        let kind: Verification.Finding.Kind
        let problem: String
    }

    /// Folders that only the machine has on which something was built.
    private static let buildFolders = ["/home/", "/root/", "/builddir/", "/tmp/", "/var/tmp/"]
    /// What a conda package holds instead of the prefix until it is linked: conda-build's, and conda's oldest.
    private static let placeholders = ["_placehold_placehold", "/opt/anaconda1anaconda2anaconda3"]

    /// Whose bytes they are, which decides what in them is a leak.
    enum Kind {
        /// Our own, so that every path in it is ours.
        case document
        /// Conda's, linked: it may name the placeholder that was replaced.
        case record
        /// The user's; it may speak of `/tmp` with good reason.
        case text
        /// A linked file of a package: the channel's, with addresses such as `http://user:password@example.com` in its
        /// documentation.
        case linked
    }

    static func leaks(in bytes: [UInt8], as kind: Kind) -> [Leak] {
        (kind == .linked ? [] : SecretScan.leaks(in: bytes)) + (kind == .record ? [] : leftPlaceholders(in: bytes))
            + ([.document, .record].contains(kind) ? buildPaths(in: bytes) : [])
    }

    private static func leftPlaceholders(in bytes: [UInt8]) -> [Leak] {
        placeholders.filter { !places(of: $0, in: bytes).isEmpty }
            .map { Leak(kind: .prefix, problem: "the placeholder \($0) was not replaced") }
    }

    private static func buildPaths(in bytes: [UInt8]) -> [Leak] {
        buildFolders.filter { places(of: $0, in: bytes).contains { isPathStart($0, bytes) } }
            .map { Leak(kind: .buildPath, problem: "a path below \($0)") }
    }

    /// Whether a path begins here, and not in the middle of another one or of a URL with a host.
    private static func isPathStart(_ place: Int, _ bytes: [UInt8]) -> Bool {
        if place == 0 || bytes[place - 1].endsURL || "=:".utf8.contains(bytes[place - 1]) { return true }
        return bytes[..<place].suffix(7).elementsEqual("file://".utf8)
    }

    static func places(of text: String, in bytes: [UInt8]) -> [Int] {
        let needle = Array(text.utf8)
        var places: [Int] = []
        bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return }
            var start = 0
            while start + needle.count <= buffer.count,
                let found = memchr(base + start, Int32(needle[0]), buffer.count - needle.count - start + 1)
            {
                let place = UnsafeRawPointer(found) - base
                if memcmp(base + place, needle, needle.count) == 0 { places.append(place) }
                start = place + 1
            }
        }
        return places
    }
}

extension UInt8 {
    /// Whether the byte cannot stand in a URL.
    var endsURL: Bool { self <= 0x20 || self == 0x7f || "\"'<>`\\(),".utf8.contains(self) }

    /// Whether the byte may stand in a token.
    var isWordByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
