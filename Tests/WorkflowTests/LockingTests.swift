import CondaChannel
import CondaModel
import Foundation
import HostSystem
import Testing

@testable import CondaLock
@testable import Workflow

/// What becomes of a lock: one of ours is kept current, one of another tool is its user's.
@Suite struct LockingTests {
    /// A folder with a channel of `a` 1 and 2, `b` and `c`, and with a lock.
    private struct Place {
        let scratch: Scratch
        var lockPath: String { "\(scratch.path)/the.lock" }
        var channel: String { "\(scratch.path)/channel" }

        init(lock: String? = nil) throws {
            scratch = try Scratch()
            let records = [("a", "1", []), ("a", "2", []), ("b", "1", ["a"]), ("c", "1", [])].map {
                name, version, depends in
                let file = "\(name)-\(version)-0.conda"
                let needs = depends.map { "\"\($0)\"" }.joined(separator: ",")
                return """
                    "\(file)": {"name": "\(name)", "version": "\(version)", "build": "0", "build_number": 0,
                      "depends": [\(needs)], "subdir": "SUBDIR", "size": 1, "sha256": "\(String(repeating: "0", count: 64))"}
                    """
            }
            for subdir in ["linux-64", "linux-aarch64", "noarch"] {
                let own = subdir == "noarch" ? "" : records.joined(separator: ",").replacing("SUBDIR", with: subdir)
                let text = #"{"info": {"subdir": "\#(subdir)"}, "packages": {}, "packages.conda": {\#(own)}}"#
                try Data(text.utf8).write(
                    to: URL(fileURLWithPath: "\(try scratch.folder("channel/\(subdir)"))/repodata.json"))
            }
            if let lock {
                try Data(lock.replacing("CHANNEL", with: "file://\(channel)").utf8).write(
                    to: URL(fileURLWithPath: lockPath))
            }
        }

        func text() throws -> String { try String(contentsOfFile: lockPath, encoding: .utf8) }

        func project(_ requirements: [String] = ["a", "b"], _ change: (inout ProjectSource) -> Void = { _ in }) throws
            -> Project
        {
            var source = ProjectSource()
            source.inputs = requirements
            source.lock = lockPath
            source.platform = "linux-64"
            source.overrides.name = "x"
            source.overrides.version = "1"
            source.overrides.channels = ["file://\(channel)"]
            change(&source)
            return try source.project(environment: environment)
        }

        var environment: [String: String] { ["HOME": scratch.path, "CONDARC": "/dev/null"] }

        func locking(_ project: Project) -> Locking {
            let connection = Connection(
                cache: CacheDirectory(path: "\(scratch.path)/cache"), offline: false, environment: environment)
            return Locking(project: project, connection: connection, events: { _ in })
        }
    }

    private static func condaLock(_ packages: [(name: String, platform: String, category: String, depends: String)])
        -> String
    {
        let platforms = Set(packages.map(\.platform)).sorted()
        let entries = packages.map { package in
            """
            - {name: \(package.name), version: '1', manager: conda, platform: \(package.platform), category: \(package.category),
               dependencies: {\(package.depends)}, optional: false, hash: {sha256: '\(String(repeating: "0", count: 64))'},
               url: 'CHANNEL/\(package.platform)/\(package.name)-1-0.conda'}
            """
        }
        return """
            version: 1
            metadata:
              content_hash: {\(platforms.map { "\($0): abc" }.joined(separator: ", "))}
              channels: [{url: 'CHANNEL', used_env_vars: []}]
              platforms: [\(platforms.joined(separator: ", "))]
              sources: [environment.yml]
              custom_metadata: {team: infra}
            package:\(entries.isEmpty ? " []" : "\n" + entries.joined(separator: "\n"))
            """
    }

    /// Locks that do not answer `a` and `b`, and a word of what is said of each.
    static let foreign: [(text: String, word: String)] = [
        (condaLock([("a", "linux-64", "main", "")]), "requirement b"),
        (condaLock([("a", "linux-64", "main", ""), ("b", "linux-64", "dev", "a: '*'")]), "requirement b"),
        (condaLock([("b", "linux-64", "main", "a: '*'"), ("a", "linux-64", "dev", "")]), "requirement a"),
        (condaLock([("a", "osx-arm64", "main", ""), ("b", "osx-arm64", "main", "")]), "it is for osx-arm64"),
        (condaLock([("a", "linux-64", "prod", ""), ("b", "linux-64", "prod", "")]), "it has prod"),
        (condaLock([]), "no packages for linux-64"),
        ("@EXPLICIT\nCHANNEL/linux-64/a-1-0.conda\n", "requirement b"), ("@EXPLICIT\n", "requirement a"),
        (
            "version: 6\nenvironments:\n  default:\n    channels: [{url: CHANNEL}]\n    packages: {linux-64: []}\npackages: []\n",
            "requirement a"
        ),
        (
            "version: 6\nenvironments:\n  prod:\n    channels: []\n    packages: {}\npackages: []\n",
            "environment \"default\""
        ),
        ("version: 3\nenvironments: {}\npackages: []\n", "version"), ("", "found something else"), ("a: [", "YAML"),
        ("<<<<<<< HEAD\nversion: 1\n", "merge conflict"), ("flask ==3\n", "found something else"),
    ]

    @Test(arguments: foreign)
    func aLockOfAnotherToolStaysAsItIs(text: String, word: String) async throws {
        let place = try Place(lock: text)
        let before = try place.text()
        let locking = place.locking(try place.project())
        var said: [String] = []
        func note(_ work: () async throws -> Void) async {
            do {
                try await work()
                Issue.record("expected an error of: \(text)")
            } catch let error as any ActionableError {
                said.append("\(error)\n\(error.hint ?? "")")
            } catch {
                Issue.record("\(error)")
            }
        }
        await note { _ = try await locking.currentLock() }
        await note { _ = try locking.requireLock() }
        #expect(said.allSatisfy { $0.contains(word) }, "\(said)")
        await note { _ = try await locking.run(update: .nothing) }
        await note { _ = try await locking.run(update: .everything) }
        await note { _ = try await locking.run(update: .packages(["a"])) }
        #expect(said.allSatisfy { !$0.contains("run: conda-rpm lock") || $0.contains("conflict") })
        #expect(try place.text() == before)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: place.scratch.path).filter { $0.hasPrefix("the.lock") }
                == ["the.lock"])
    }

    @Test func anAnsweringLockOfAnotherToolIsUsedAndNotWritten() async throws {
        let place = try Place(
            lock: Self.condaLock([("a", "linux-64", "main", ""), ("b", "linux-64", "main", "a: '*'")]))
        let before = try place.text()
        let locking = place.locking(try place.project())
        #expect(try await locking.currentLock().packages.count == 2)
        #expect(try locking.staleReasons().isEmpty)
        let error = await #expect(throws: WorkflowError.self) { try await locking.run(update: .nothing) }
        #expect(error?.hint?.contains("--update-lock") == true)
        #expect(try place.text() == before)
    }

    @Test func withUpdateLockItBecomesOursAndLosesNothing() async throws {
        let place = try Place(
            lock: Self.condaLock([
                ("a", "linux-64", "main", ""), ("tool", "linux-64", "dev", ""), ("a", "osx-arm64", "main", ""),
            ]))
        let locking = place.locking(try place.project { $0.takesOverLock = true })
        _ = try await locking.currentLock()
        let lock = try Lock.read(path: place.lockPath)
        #expect(lock.origin == .ours && lock.customMetadata["team"] == "infra")
        #expect(
            Set(lock.packages.map { "\($0.name) \($0.version) \($0.platform) \($0.category)" }) == [
                "a 1 linux-64 main", "b 1 linux-64 main", "tool 1 linux-64 dev", "a 1 osx-arm64 main",
            ])
        #expect(try place.locking(place.project()).staleReasons().isEmpty)
        // Formats that are not ours to write are not taken over.
        let list = try Place(lock: "@EXPLICIT\n")
        let before = try list.text()
        let explicit = list.locking(try list.project { $0.takesOverLock = true })
        await #expect(throws: WorkflowError.self) { try await explicit.currentLock() }
        #expect(try list.text() == before)
    }

    @Test func otherPlatformsOfALockOfOursStay() async throws {
        let place = try Place()
        _ = try await place.locking(place.project { $0.platform = "linux-aarch64" }).currentLock()
        _ = try await place.locking(place.project()).currentLock()
        _ = try await place.locking(place.project(["a 1", "b"])).currentLock()
        let lock = try Lock.read(path: place.lockPath)
        #expect(
            Set(lock.packages.map { "\($0.name) \($0.version) \($0.platform)" }) == [
                "a 1 linux-64", "b 1 linux-64", "a 2 linux-aarch64", "b 1 linux-aarch64",
            ])
    }

    @Test func onlyNamesOfTheLockCanBeUpdated() async throws {
        let place = try Place()
        let none = await #expect(throws: WorkflowError.self) {
            try await place.locking(place.project()).run(update: .packages(["a"]))
        }
        #expect("\(none.map(String.init(describing:)) ?? "")".contains("no lock"))
        _ = try await place.locking(place.project(["a 1"])).currentLock()
        let before = try place.text()
        let error = await #expect(throws: WorkflowError.self) {
            try await place.locking(place.project(["a"])).run(update: .packages(["aa"]))
        }
        #expect(error?.hint == "did you mean 'a'?")
        #expect(try place.text() == before)
        let moved = try await place.locking(place.project(["a"])).run(update: .packages(["A"]))
        #expect(moved.lock.packages.map(\.version) == ["2"])
    }

    @Test func thereIsNothingToLockWithoutRequirements() async throws {
        let place = try Place()
        await #expect(throws: WorkflowError.self) { try await place.locking(place.project([])).currentLock() }
        #expect(!FileManager.default.fileExists(atPath: place.lockPath))
    }

    @Test(
        arguments: [
            (condaLock([("a", "linux-64", "prod", "")]), [], nil, "it has prod"),
            (condaLock([("a", "linux-64", "main", "")]), ["dveelop"], nil, "no group 'dveelop'"),
            (condaLock([("a", "linux-64", "main", "")]), ["main", "dev"], nil, "no group 'dev'"),
            (condaLock([("a", "linux-64", "main", "")]), [], "prod", "no environment 'prod'"),
            (condaLock([]), [], nil, "no packages for linux-64"), ("@EXPLICIT\n", [], nil, "has no packages"),
            (
                "version: 6\nenvironments:\n  default:\n    channels: []\n    packages: {linux-64: []}\npackages: []\n",
                [], nil, "has no packages"
            ),
            (
                "version: 6\nenvironments:\n  default:\n    channels: []\n    packages: {}\npackages: []\n", [], nil,
                "no packages for linux-64"
            ),
        ] as [(String, [String], String?, String)])
    func anRPMWithoutPackagesIsRefused(text: String, groups: [String], environment: String?, word: String) throws {
        let place = try Place(lock: text)
        let project = try place.project([]) {
            $0.categories = groups
            $0.lockEnvironment = environment
        }
        let lock = try Lock.read(path: place.lockPath)
        do {
            _ = try LockedPackages(lock, project)
            Issue.record("expected a refusal")
        } catch {
            #expect("\(error)".contains(word))
        }
    }

    @Test func aPageTakesThePlaceOfAPageOnly() throws {
        let place = try Place(lock: "@EXPLICIT\nCHANNEL/linux-64/a-1-0.conda\n")
        let before = try place.text()
        let empty = #"{"title": "x", "facts": [], "packages": []}"#
        let report = try JSONDecoder().decode(Report.self, from: Data(empty.utf8))
        #expect(throws: WorkflowError.self) { try ReportPage(report).write(to: place.lockPath) }
        #expect(try place.text() == before)
        let page = "\(place.scratch.path)/page.html"
        for _ in 0..<2 { try ReportPage(report).write(to: page) }
    }
}
