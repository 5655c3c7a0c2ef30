import FoundationEssentials
import RPMFormat
import ServiceRelease

/// Compares linked or unpacked packages with what they say of their own files.
///
/// The lists are in the RPM: `conda-meta/*.json` of a prefix, `info/paths.json` of an unpacked package. Who changed a file
/// between linking and the RPM, or rebuilt it from a source RPM that was tampered with, would have to know them.
struct FileListCheck {
    /// The folder that paths of the lists start from, with a slash at its end.
    private let root: String
    /// The lists' own folder in it, which no list names.
    private let ownFolder: String
    /// The name of the one list in it; nil where every `.json` file there is one.
    private let listName: String?
    /// Whether there are files that no list names: those of wheels.
    private let isOpen: Bool
    private var lists: [String: [UInt8]] = [:]

    /// For a release whose prefix the RPM carries.
    init(_ release: Release) {
        root = "\(release.prefix)/releases/\(release.identifier)/"
        ownFolder = "conda-meta/"
        listName = nil
        isOpen = !release.wheels.isEmpty
    }

    /// For an RPM of one package.
    init(package: RPMReader) {
        let name = package.name.dropFirst("conda-".count)
        root = "\(SharedPackage.root)/\(name)/"
        ownFolder = "info/"
        listName = "paths.json"
        isOpen = false
    }

    /// Keeps the bytes of a list, which may come in pieces.
    mutating func take(_ path: String, _ bytes: UnsafeRawBufferPointer) {
        if isList(path) { lists[path, default: []] += bytes }
    }

    /// Packages bring files of their own that are called the same, such as `info/test/paths.json`.
    private func isList(_ path: String) -> Bool {
        guard path.hasPrefix(root + ownFolder) else { return false }
        let name = path.dropFirst(root.count + ownFolder.count)
        return listName.map { name == $0 } ?? (name.hasSuffix(".json") && !name.contains("/"))
    }

    /// What differs, once all lists were taken.
    func findings(_ entries: [RPMEntry]) -> [Verification.Finding] {
        var findings: [Verification.Finding] = []
        var expected: [String: Set<String?>] = [:]
        for (path, bytes) in lists {
            guard let list = try? JSONDecoder().decode(FileList.self, from: Data(bytes)) else {
                findings.append(finding(path, "expected a list of files, found something else"))
                continue
            }
            for file in list.files { expected[file.path, default: []].insert(file.digest) }
        }
        let found = entries.filter {
            $0.path.hasPrefix(root) && $0.kind != .directory && !$0.flags.contains(.ghost)
        }
        for entry in found {
            let name = String(entry.path.dropFirst(root.count))
            if let digests = expected.removeValue(forKey: name) {
                if entry.kind == .file, !digests.contains(nil), !digests.contains(entry.digest) {
                    findings.append(finding(entry.path, "it is not the file that its package lists"))
                }
            } else if !name.hasPrefix(ownFolder), !isOpen, !Self.isGuard(name) {
                findings.append(finding(entry.path, "no package lists it"))
            }
        }
        findings += expected.keys.map { finding(root + $0, "a package lists it, and it is not there") }
        return findings.sorted { $0.place < $1.place }
    }

    /// Whether it is the file by which the build keeps pip from the environment (PEP 668), which no package brings.
    private static func isGuard(_ name: String) -> Bool {
        name.hasPrefix("lib/") && name.hasSuffix("/EXTERNALLY-MANAGED")
    }

    private func finding(_ path: String, _ problem: String) -> Verification.Finding {
        Verification.Finding(kind: .archive, place: path, problem: problem)
    }
}

/// What both kinds of list have in common.
private struct FileList: Decodable {
    struct File: Decodable {
        let path: String
        let sha256: String?
        let linkedSHA256: String?
        let type: String?

        var digest: String? { linkedSHA256 ?? sha256 }

        enum CodingKeys: String, CodingKey {
            case path = "_path"
            case sha256
            case linkedSHA256 = "sha256_in_prefix"
            case type = "path_type"
        }
    }

    private struct Paths: Decodable { let paths: [File] }

    let files: [File]

    init(from decoder: any Decoder) throws {
        let document = try decoder.container(keyedBy: CodingKeys.self)
        let all =
            try document.decodeIfPresent(Paths.self, forKey: .nested)?.paths
            ?? document.decode([File].self, forKey: .plain)
        files = all.filter { $0.type != "directory" }
    }

    private enum CodingKeys: String, CodingKey {
        case nested = "paths_data"
        case plain = "paths"
    }
}
