/// The commands of `%install`, which puts every file of a package below the build root, and sets its time.
enum SpecInstall {
    /// One command for each directory, then one for each file and link.
    static func lines(of plan: PackagePlan, _ sources: [SpecSource]) -> [String] {
        var numbers = sources.map(\.number).makeIterator()
        let directories = directories(of: plan).map { "mkdir -p \($0)" }
        return directories
            + plan.files.compactMap { file in
                let place = place(of: file)
                if file.needsSource { return numbers.next().map { "put \"%{SOURCE\($0)}\" \(place)" } }
                return switch file.contents {
                case .directory: nil
                case .symlink(let target): "ln -s \(target.shellQuoted) \(place)"
                case .data, .file: "truncate --size=\(file.size) \(place)"
                }
            }
    }

    /// One command for each file that does not carry the package's time.
    static func times(of plan: PackagePlan) -> [String] {
        plan.files.compactMap { file in
            let time = plan.time(of: file)
            guard time != plan.description.buildTime else { return nil }
            return "touch --no-dereference --date=@\(time) \(place(of: file))"
        }
    }

    /// The directories that the package has or that its files are in, shell words, parents first.
    private static func directories(of plan: PackagePlan) -> [String] {
        var paths: Set<String> = []
        for file in plan.files {
            if file.contents == .directory { paths.insert(file.path) }
            if let slash = file.path.lastSlash, slash > file.path.startIndex {
                paths.insert(String(file.path[..<slash]))
            }
        }
        return paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { ".\($0)".shellQuoted }
    }

    private static func place(of file: RPMFile) -> String { ".\(file.path)".shellQuoted }
}
