import Foundation
import RPMFormat
import ServicePackaging
import Testing

@testable import Workflow

@Suite struct ShellSyntaxTests {
    private let syntax = ShellSyntax(environment: ["PATH": "/usr/bin:/bin"])

    @Test(arguments: [
        ("if true; then\n  echo\n", 3), ("echo one\necho (two\n", 2), ("case x in\nfoo) echo\nesac esac\n", 3),
        ("for x in 1 2; do echo; fi\n", 1), ("echo )\n", 1),
    ])
    func theLineAtFaultIsTold(script: String, line: Int) throws {
        let fault = try syntax.fault(in: script)
        #expect(fault?.line == line, "\(fault?.problem ?? "nothing")")
        #expect(fault?.problem.lowercased().contains("syntax error") == true)
    }

    @Test(arguments: [
        "", "echo 'é'\n", "touch /tmp/conda-rpm-syntax-ran; exit 1\n", "x=(1 2)\n[[ ${x[0]} == 1 ]]\n",
        "cat <<END\ntext\nEND\n", "# a comment without an end",
    ])
    func whatCanBeReadIsTakenAndNotRun(script: String) throws {
        #expect(try syntax.fault(in: script) == nil)
        #expect(!FileManager.default.fileExists(atPath: "/tmp/conda-rpm-syntax-ran"))
    }

    /// By itself such a script can be read; in the scriptlet around it nothing ends it.
    @Test func aMissingEndIsFoundInTheWholeScriptlet() throws {
        let script = "cat <<END\nnever ended"
        #expect(try syntax.fault(in: script) == nil)
        let scriptlets = RPMScriptlets(post: RPMScriptlet(body: "(\n\(script)\n)\n"))
        let error = #expect(throws: PackagingError.self) { try syntax.check(scriptlets) }
        #expect(error?.description.hasPrefix("%post: expected a script that the shell can read") == true)
    }

    private func project(_ folder: URL, _ manifest: String) throws -> Project {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(manifest.utf8).write(to: folder.appending(path: "environment.yml"))
        try Data("echo\nfi\n".utf8).write(to: folder.appending(path: "post.sh"))
        var source = ProjectSource()
        source.inputs = [folder.path]
        return try source.project(environment: [:])
    }

    @Test(arguments: [
        ("  scripts:\n    post: |\n      true\n      if x\n      fi\n", "environment.yml:9: rpm.scripts.post"),
        ("  scripts:\n    preun: {file: post.sh}\n", "post.sh:2: rpm.scripts.preun"),
        ("  checks:\n    - run: 'echo ('\n", "environment.yml: rpm.checks"),
        ("  health:\n    - echo (\n", "environment.yml: rpm.health"),
    ])
    func manifestAndScriptFilesAreNamedWithTheLine(section: String, place: String) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "syntax-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let project = try project(folder, "name: a\nchannels: [c]\ndependencies: [python]\nrpm:\n\(section)")
        let scripts = try ResolvedScripts(project.manifest)
        let error = #expect(throws: PackagingError.self) { try syntax.check(project, scripts) }
        #expect(error?.description.hasPrefix(place) == true, "\(error?.description ?? "")")
    }
}
