import Foundation

extension Scratch {
    /// Rewrites the documents of `conda-meta` as conda 26.7 writes them when it links the same packages.
    ///
    /// Paths of `noarch: python` packages are as in the archive, and only `files` tells where they went; byte code, also of
    /// modules that do not compile, and entry points have a size at most; links have no text; and much is there that we do not
    /// write.
    func makeDocumentsCondas(uncompiled: [String: [String]] = [:]) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: "\(prefix)/conda-meta")
        where name.hasSuffix(".json") {
            let path = "\(prefix)/conda-meta/\(name)"
            var document = try self.document(String(name.dropLast(".json".count)))
            let isPython = document["noarch"] as? String == "python"
            let list = document["paths_data"] as? [String: Any] ?? [:]
            var entries = list["paths"] as? [[String: Any]] ?? []
            entries += (uncompiled[name] ?? []).map { ["_path": $0, "path_type": "pyc_file"] }
            document["files"] = entries.filter { $0["path_type"] as? String != "directory" }.compactMap { $0["_path"] }
            document["paths_data"] = ["paths_version": 1, "paths": entries.map { Self.condas($0, isPython) }]
            document["link"] = ["source": "/opt/conda/pkgs/\(name.dropLast(5))", "type": 1]
            document["extracted_package_dir"] = "/opt/conda/pkgs/\(name.dropLast(5))"
            document["package_tarball_full_path"] = "/opt/conda/pkgs/\(name.dropLast(5)).conda"
            if isPython { document["package_type"] = "noarch_python" }
            try JSONSerialization.data(withJSONObject: document).write(to: URL(fileURLWithPath: path))
        }
    }

    private static func condas(_ entry: [String: Any], _ isPython: Bool) -> [String: Any] {
        var entry = entry
        entry["link_target"] = nil
        switch entry["path_type"] as? String {
        case "pyc_file", "unix_python_entry_point": entry["sha256_in_prefix"] = nil
        case "hardlink" where isPython:
            let path = entry["_path"] as? String ?? ""
            let folders = [("lib/python3.11/site-packages/", "site-packages/"), ("bin/", "python-scripts/")]
            for (target, source) in folders where path.hasPrefix(target) {
                entry["_path"] = source + path.dropFirst(target.count)
            }
        default: break
        }
        return entry
    }
}
