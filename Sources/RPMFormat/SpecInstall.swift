/// The commands of `%install`, which puts every file of a package below the build root, and sets its time.
enum SpecInstall {
    /// One command for each directory, then one for each file and link; then the programs that make trees.
    static func lines(of plan: PackagePlan, _ sources: [SpecSource]) -> [String] {
        let numbers = Dictionary(sources.map { ($0.contents, $0.number) }) { first, _ in first }
        let directories = directories(of: plan.plainFiles).map { "mkdir -p \($0)" }
        let files = plan.plainFiles.compactMap { file in
            let place = place(of: file.path)
            if file.needsSource { return numbers[file.contents].map { "put \"%{SOURCE\($0)}\" \(place)" } }
            return switch file.contents {
            case .directory: nil
            case .symlink(let target): "ln -s \(target.shellQuoted) \(place)"
            case .data, .file: "truncate --size=\(file.size) \(place)"
            }
        }
        return directories + files + plan.description.trees.flatMap { lines(of: $0, numbers) }
    }

    /// The program runs in a folder of its own in which its inputs have the names that it expects.
    private static func lines(of tree: RPMTree, _ numbers: [RPMFile.Contents: Int]) -> [String] {
        let folders = Set(tree.inputs.compactMap { input in input.path.lastSlash.map { input.path[..<$0] } }).sorted()
        let inputs = tree.inputs.flatMap { input -> [String] in
            guard let number = numbers[input.contents] else { return [] }
            let place = "\"$inputs\"/\(input.path.shellQuoted)"
            guard input.path == tree.program else { return ["ln -s \"%{SOURCE\(number)}\" \(place)"] }
            return ["put \"%{SOURCE\(number)}\" \(place)", "chmod 0755 \(place)"]
        }
        let arguments = ([tree.program] + tree.arguments).map(\.shellQuoted)
        let ghosts = tree.files.filter { !$0.isInPayload }.map { "truncate --size=0 \(place(of: $0.path))" }
        return ["# \(tree.root.macroEscaped) and all that is in it:", #"inputs=$(mktemp -d -p "%{_builddir}")"#]
            + folders.map { "mkdir -p \"$inputs\"/\(String($0).shellQuoted)" } + inputs
            + [
                "mkdir -p \(place(of: tree.root))",
                "(root=$PWD && cd \"$inputs\" && ./\(arguments.joined(separator: " "))"
                    + " --destination \"$root\"\(tree.root.shellQuoted))",
                #"rm -rf "$inputs""#,
            ] + ghosts
    }

    /// One command for each file that does not carry the package's time; programs give their files times themselves.
    static func times(of plan: PackagePlan) -> [String] {
        let ghosts = plan.description.trees.flatMap(\.files).filter { !$0.isInPayload }
        let own = plan.plainFiles.filter { plan.time(of: $0) != plan.description.buildTime }
        return (own + ghosts).map { file in
            "touch --no-dereference --date=@\(plan.time(of: file)) \(place(of: file.path))"
        }
    }

    /// What `find` passes over when everything gets the package's time.
    static func kept(of plan: PackagePlan) -> String {
        plan.description.trees.map { " -not '(' -path \(place(of: $0.root + "/*")) -not -type d ')'" }.joined()
    }

    /// The directories that the package has or that its files are in, shell words, parents first.
    private static func directories(of files: [RPMFile]) -> [String] {
        var paths: Set<String> = []
        for file in files {
            if file.contents == .directory { paths.insert(file.path) }
            if let slash = file.path.lastSlash, slash > file.path.startIndex {
                paths.insert(String(file.path[..<slash]))
            }
        }
        return paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { ".\($0)".shellQuoted }
    }

    private static func place(of path: String) -> String { ".\(path)".shellQuoted }
}
