import CondaModel

/// The `files` of a document in `conda-meta`, by which paths are found that `paths_data` has as the package spells them.
///
/// conda writes the paths of a `noarch: python` package as they are in the archive, `site-packages/flask/app.py`, and only
/// its `files` tell where they went; rattler and micromamba write both as they are in the prefix. conda makes both lists from
/// one (`CreatePrefixRecordAction.execute` in its `path_actions.py`), so that they agree place by place, but for directories,
/// which are no files.
struct ListedFiles {
    private let files: [String]
    private let known: Set<String>

    init(_ files: [String]) {
        self.files = files
        known = Set(files)
    }

    /// Brings each path to where the file is.
    func mapped(_ paths: [InstalledPath]) -> [InstalledPath] {
        let indices = paths.indices.filter { paths[$0].kind != .directory }
        guard indices.count == files.count else { return paths }
        var mapped = paths
        for (file, index) in zip(files, indices) where !known.contains(paths[index].path) {
            guard let rest = Self.sourceSuffix(paths[index].path), file.hasSuffix(rest) else { continue }
            mapped[index].move(to: file)
        }
        return mapped
    }

    /// What stays of a path wherever it goes: what is below `site-packages` or `python-scripts` (CEP 34).
    private static func sourceSuffix(_ path: String) -> Substring? {
        for folder in ["site-packages", "python-scripts"] where path.hasPrefix("\(folder)/") {
            return path.dropFirst(folder.count)
        }
        return nil
    }
}
