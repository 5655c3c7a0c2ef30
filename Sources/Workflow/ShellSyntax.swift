import CondaModel
import FoundationEssentials
import Glibc
import RPMFormat
import ServiceManifest
import ServicePackaging

/// Has a shell read the scripts of a package, as `sh -n` does: a scriptlet that cannot be read would fail on every host.
///
/// /bin/sh of every target is bash, so it is asked first, as it behaves under that name; a machine without bash asks its own
/// /bin/sh.
struct ShellSyntax {
    private let shell: Program
    private let options: [String]
    private let folder: String

    init(environment: [String: String]) {
        let bash = Program.find("bash", environment: environment)
        shell = bash ?? Program(path: "/bin/sh")
        options = bash == nil ? ["-n"] : ["--posix", "-n"]
        folder = FileManager.default.temporaryDirectory.path
    }

    /// A text of the manifest that a shell will run.
    private struct Source {
        let key: String
        let text: String
        /// The file in which it stands, and the line before its first one.
        var file: String?
        var start: Int?

        func place(_ line: Int?) -> String? {
            guard let file else { return nil }
            guard let line, let start else { return file }
            return "\(file):\(start + line)"
        }
    }

    /// Reads the scripts, checks and health lines that the manifest gives.
    ///
    /// - Throws: `PackagingError.badScript`, `WorkflowError`.
    func check(_ project: Project, _ scripts: ResolvedScripts) throws {
        for source in Self.sources(project, scripts) {
            guard let fault = try fault(in: source.text) else { continue }
            throw PackagingError.badScript(key: source.key, place: source.place(fault.line), problem: fault.problem)
        }
    }

    /// Reads what rpm will run: an end that is missing in a script, of a here-document or a quotation, is missing in the
    /// scriptlet around it.
    ///
    /// - Throws: `PackagingError.badScript`, `WorkflowError`.
    func check(_ scriptlets: RPMScriptlets) throws {
        let bodies = [
            ("%pre", scriptlets.pre), ("%post", scriptlets.post), ("%preun", scriptlets.preun),
            ("%postun", scriptlets.postun), ("%verifyscript", scriptlets.verify),
        ]
        for (key, scriptlet) in bodies {
            guard let body = scriptlet?.body, let fault = try fault(in: body) else { continue }
            let problem = fault.line.map { "\(fault.problem) (line \($0) of the whole scriptlet)" } ?? fault.problem
            throw PackagingError.badScript(key: key, place: nil, problem: problem)
        }
    }

    private static func sources(_ project: Project, _ scripts: ResolvedScripts) -> [Source] {
        let section = project.manifest.rpm
        let written = [
            ("pre", section.scripts.pre, scripts.pre), ("post", section.scripts.post, scripts.post),
            ("preun", section.scripts.preun, scripts.preun), ("postun", section.scripts.postun, scripts.postun),
        ]
        let own = written.compactMap { name, script, text -> Source? in
            guard let script, let text else { return nil }
            let key = "rpm.scripts.\(name)"
            if case .file(let path) = script.source { return Source(key: key, text: text, file: path, start: 0) }
            return inManifest(key, text, project)
        }
        let checks = section.checks.compactMap { check -> Source? in
            guard case .runs(let command) = check else { return nil }
            return inManifest("rpm.checks", command, project)
        }
        return own + checks + section.health.map { inManifest("rpm.health", $0, project) }
    }

    /// Finds the lines of a text in the manifest; where they are written otherwise there, only the file is told.
    private static func inManifest(_ key: String, _ text: String, _ project: Project) -> Source {
        func lines(_ text: String) -> [String] {
            text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.trimmingBlanks }
        }
        let document = FileManager.default.contents(atPath: project.manifestPath) ?? Data()
        let (all, wanted) = (lines(String(decoding: document, as: UTF8.self)), lines(text).dropLast(while: \.isEmpty))
        let starts = all.indices.filter { all[$0...].starts(with: wanted) }
        let file = project.manifestPath.split(separator: "/").last.map(String.init)
        return Source(key: key, text: text, file: file, start: starts.count == 1 ? starts[0] : nil)
    }

    /// What is wrong with a script, and in which of its lines; nil when nothing is.
    func fault(in script: String) throws -> (line: Int?, problem: String)? {
        let path = "\(folder)/conda-rpm-script-\(UUID().uuidString)"
        defer { unlink(path) }
        try FileContents.replace(path, with: script, mode: 0o600)
        // Nothing of the caller's: BASH_ENV would be run.
        let answer = try shell.run(options + [path], environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C"])
        guard answer.status != 0 else { return nil }
        let first = answer.text.split(separator: "\n").first.map(String.init) ?? "exit status \(answer.status)"
        let said = first.hasPrefix("\(path): ") ? String(first.dropFirst(path.count + 2)) : first
        let numbered = said.hasPrefix("line ") ? said.dropFirst(5) : said[...]
        let digits = numbered.prefix { $0.isASCII && $0.isNumber }
        guard let line = Int(digits), numbered[digits.endIndex...].hasPrefix(": ") else { return (nil, said) }
        return (line, String(numbered[digits.endIndex...].dropFirst(2)))
    }
}

extension Array {
    /// Without the last elements that answer a condition.
    fileprivate func dropLast(while condition: (Element) -> Bool) -> ArraySlice<Element> {
        let end = lastIndex { !condition($0) }.map { $0 + 1 } ?? startIndex
        return self[..<end]
    }
}
