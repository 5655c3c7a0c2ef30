/// Where conda looks for configuration, lowest priority first: a later file's value wins.
enum CondarcFiles {
    static func paths(environment: [String: String]) -> [String] {
        func value(_ key: String) -> String? { environment[key].flatMap { $0.isEmpty ? nil : $0 } }
        var paths = folder("/etc/conda") + folder("/var/lib/conda")
        if let root = value("CONDA_ROOT") { paths += folder(root) }
        let home = value("HOME")
        if let configuration = value("XDG_CONFIG_HOME") { paths += folder("\(configuration)/conda") }
        if let home {
            paths += folder("\(home)/.config/conda") + folder("\(home)/.conda") + ["\(home)/.condarc"]
        }
        if let prefix = value("CONDA_PREFIX") { paths += folder(prefix) }
        if let file = value("CONDARC") { paths.append(absolutePath(file)) }
        if let file = value("MAMBARC") { paths.append(absolutePath(file)) }
        var seen: Set<String> = []
        return paths.filter { seen.insert($0).inserted }
    }

    private static func folder(_ path: String) -> [String] {
        let names = namesInDirectory("\(path)/condarc.d").filter { $0.hasSuffix(".yml") || $0.hasSuffix(".yaml") }
        return ["\(path)/.condarc", "\(path)/condarc"] + names.map { "\(path)/condarc.d/\($0)" }
    }
}
