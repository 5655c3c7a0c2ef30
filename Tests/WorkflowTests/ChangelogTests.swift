import CondaModel
import Foundation
import Testing

@testable import Workflow

/// What the `%changelog` says of a change, and when.
@Suite struct ChangelogTests {
    private func lines(_ old: [String], _ new: [String], settings: [ManifestDifference.Change] = []) -> [String] {
        var (before, after) = (Contents(title: "", items: []), Contents(title: "", items: []))
        (before.requirements, after.requirements) = (old, new)
        return Changelog.lines(Comparison(before, after), settings: settings)
    }

    @Test(
        arguments: [
            (["flask >=3"], ["flask >=3.1"], ["- requirement flask >=3 -> flask >=3.1"]),
            (["flask"], ["flask", "numpy 2.*"], ["- add the requirement numpy 2.*"]),
            (["flask", "numpy"], ["flask"], ["- remove the requirement numpy"]),
            (["flask >=3"], ["conda-forge::flask >=3"], ["- requirement flask >=3 -> conda-forge::flask >=3"]),
            (["pip: a ==1", "a"], ["pip: a ==2", "a"], ["- requirement pip: a ==1 -> pip: a ==2"]),
            (["pip: a[x]>=1"], ["pip: a"], ["- requirement pip: a[x]>=1 -> pip: a"]),
            (["a"], ["a"], ["- Build anew"]),
        ] as [([String], [String], [String])])
    func requirementsAreNamed(old: [String], new: [String], expected: [String]) {
        #expect(lines(old, new) == expected)
    }

    @Test func settingsThatShowInNothingElseAreNamed() throws {
        let changes = try ManifestDifference.changes(
            #"{"dependencies": ["a"], "rpm": {"version": "1", "keep": 1, "summary": "x"}}"#,
            #"{"dependencies": ["b"], "rpm": {"version": "2", "keep": 3, "summary": "one\ntwo"}}"#)
        #expect(
            lines([], [], settings: changes)
                == ["- rpm.keep changed from 1 to 3", "- rpm.summary changed from x to one two"])
    }

    /// A repository with a manifest that was committed at a time of long ago.
    private func committed(_ scratch: Scratch) throws -> (manifest: String, environment: [String: String]) {
        var variables = environment(home: scratch)
        for key in ["GIT_AUTHOR", "GIT_COMMITTER"] {
            variables["\(key)_NAME"] = "tests"
            variables["\(key)_EMAIL"] = "tests@localhost"
            variables["\(key)_DATE"] = "1600000000 +0000"
        }
        variables["GIT_CONFIG_GLOBAL"] = "/dev/null"
        let folder = try scratch.folder("repository")
        try Data("name: a\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/environment.yml"))
        try run(["init", "--quiet"], in: folder, variables)
        try run(["add", "."], in: folder, variables)
        try run(["commit", "--quiet", "--message", "one"], in: folder, variables)
        return ("\(folder)/environment.yml", variables)
    }

    private func run(_ arguments: [String], in folder: String, _ variables: [String: String]) throws {
        let git = try #require(Program.find("git", environment: variables))
        let answer = try git.run(["-C", folder] + arguments, environment: variables)
        try #require(answer.status == 0, "\(answer.text)")
    }

    @Test func theCommitOfTheManifestTellsTheTime() throws {
        let scratch = try Scratch()
        var (manifest, variables) = try committed(scratch)
        let folder = (manifest as NSString).deletingLastPathComponent
        #expect(ManifestCommit.time(manifest, environment: variables) == 1_600_000_000)
        // Another file's commit is none of the manifest's.
        variables["GIT_COMMITTER_DATE"] = "1700000000 +0000"
        try Data().write(to: URL(fileURLWithPath: "\(folder)/other"))
        try run(["add", "."], in: folder, variables)
        try run(["commit", "--quiet", "--message", "two"], in: folder, variables)
        #expect(ManifestCommit.time(manifest, environment: variables) == 1_600_000_000)
        #expect(ManifestCommit.time("\(folder)/other", environment: variables) == 1_700_000_000)
        // What was not committed has no commit.
        try Data("name: b\n".utf8).write(to: URL(fileURLWithPath: manifest))
        #expect(ManifestCommit.time(manifest, environment: variables) == nil)
        try Data().write(to: URL(fileURLWithPath: "\(folder)/new"))
        #expect(ManifestCommit.time("\(folder)/new", environment: variables) == nil)
        #expect(ManifestCommit.time("\(scratch.path)/none/environment.yml", environment: variables) == nil)
        #expect(ManifestCommit.time("command line", environment: ["PATH": "/none"]) == nil)
    }
}
