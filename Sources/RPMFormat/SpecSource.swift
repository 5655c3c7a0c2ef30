/// A file that stands beside a spec file: the contents of one file of the package.
package struct SpecSource: Sendable, Hashable {
    /// Name beside the spec file; no two sources have the same.
    package let name: String
    /// Contents.
    package let contents: RPMFile.Contents
    /// Number of its `Source` line.
    let number: Int

    /// The sources of a plan, in the order of its files, then of its trees' inputs; equal contents are one source.
    ///
    /// Files of two directories may share a name, and a name may hold what a `Source` line cannot: such a source is
    /// named `NUMBER-NAME`, with `_` for every other character.
    static func all(of plan: PackagePlan, spec: String) -> [SpecSource] {
        let inputs = plan.description.trees.flatMap { tree in tree.inputs.map { ($0.path, $0.contents) } }
        var seen: Set<RPMFile.Contents> = []
        let sources = (plan.plainFiles.filter(\.needsSource).map { ($0.path, $0.contents) } + inputs)
            .filter { seen.insert($0.1).inserted }
        var counts: [String: Int] = [spec: 1]
        for (path, _) in sources { counts[path.sourceName, default: 0] += 1 }
        return sources.enumerated().map { index, source in
            let plain = source.0.sourceName
            let isUnique = counts[plain] == 1 && !(plain.utf8.first?.isDigit == true && plain.contains("-"))
            let name = isUnique ? plain : "\(index + 1)-\(plain.suffix(200))"
            return SpecSource(name: name, contents: source.1, number: index + 1)
        }
    }
}

extension RPMFile {
    /// Whether its contents have to be brought along.
    var needsSource: Bool {
        switch contents {
        case .directory, .symlink: false
        case .data(let bytes): isInPayload && !bytes.isEmpty
        case .file: isInPayload
        }
    }
}

extension String {
    /// Last part of the path, in the characters that a `Source` line can hold.
    fileprivate var sourceName: String {
        let plain = self[baseNameStart...].utf8.map { byte in
            byte.isLetterOrDigit || "-._+~".utf8.contains(byte) ? byte : UInt8(ascii: "_")
        }
        return String(decoding: plain, as: UTF8.self)
    }
}
