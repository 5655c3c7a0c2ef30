import FoundationEssentials

/// When the manifest was last committed, which dates the change that it makes.
enum ManifestCommit {
    /// Seconds since 1970 of the last commit that changed a file; nil where git does not know the file as it is now.
    static func time(_ path: String, environment: [String: String]) -> UInt32? {
        guard let git = Program.find("git", environment: environment) else { return nil }
        let file = URL(fileURLWithPath: path).standardizedFileURL
        func ask(_ arguments: String...) -> String? {
            let place = ["-C", file.deletingLastPathComponent().path]
            let answer = try? git.run(
                place + arguments + ["--", file.lastPathComponent], environment: environment, withErrors: false)
            return answer.flatMap { $0.status == 0 ? $0.text : nil }
        }
        // Of a file with changes that are not committed no commit tells the time.
        guard ask("status", "--porcelain", "--untracked-files=no") == "" else { return nil }
        return ask("log", "-1", "--format=%ct").flatMap { UInt32($0) }
    }
}
