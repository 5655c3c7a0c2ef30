import Foundation
import Glibc
import Testing

@testable import CondaPrefix

/// Programs that are run, watched, interrupted and ended.
@Suite struct ChildProcessTests {
    /// A folder of its own; it goes with the test.
    private final class Folder {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path

        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func shell(_ script: String) -> ChildProcess {
            ChildProcess(
                executable: "/bin/sh", arguments: ["-c", script], environment: ["PATH": "/usr/bin:/bin"],
                directory: path)
        }

        func text(_ name: String) -> String? {
            try? String(contentsOfFile: "\(path)/\(name)", encoding: .utf8).trimmingCharacters(in: .newlines)
        }

        /// Whether the process whose number a script has written to a file runs; one that nobody waits for does not.
        func runs(_ name: String) -> Bool {
            guard let process = text(name).flatMap({ pid_t($0) }) else { return false }
            let stat = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ") Z"
            return !stat.contains(") Z")
        }

        func wait(for condition: () -> Bool) -> Bool {
            for _ in 0..<200 where !condition() { usleep(20_000) }
            return condition()
        }
    }

    private func text(_ outcome: ChildProcess.Outcome) -> String { String(decoding: outcome.output, as: UTF8.self) }

    @Test func aChildLeadsItsOwnSessionAndBearsTheMark() throws {
        let folder = try Folder()
        let outcome = try folder.shell(
            "read -r number name state parent group session rest </proc/self/stat; echo $number $group $session; env"
        ).run()
        let lines = text(outcome).split(separator: "\n").map(String.init)
        let numbers = lines[0].split(separator: " ")
        #expect(numbers.count == 3 && Set(numbers).count == 1 && pid_t(numbers[0]) != getpid())
        #expect(lines.contains("\(ProcessMark.variable)=\(ProcessMark.own)"))
        #expect(ProcessMark.own.utf8.count == 32)
    }

    /// Files of ours, of rpm's or of the shell that called it.
    @Test func aChildGetsNoOtherFiles() throws {
        let folder = try Folder()
        let other = dup2(open("/dev/null", O_RDONLY), 77)
        defer { close(other) }
        let outcome = try folder.shell("for file in /proc/self/fd/*; do echo ${file##*/}; done; cat").run()
        #expect(text(outcome).split(separator: "\n").filter { (Int($0) ?? 0) > 9 }.isEmpty)
        #expect(!text(outcome).contains("77"))
    }

    @Test func aSignalIsAFailure() throws {
        let folder = try Folder()
        let outcome = try folder.shell("kill -INT $$; exit 0").run()
        #expect(outcome.failure == "signal 2")
        #expect(outcome.wasEnded)
        #expect(try folder.shell("exit 3").run().failure == "exit status 3")
        #expect(try folder.shell("").run().failure == nil)
    }

    @Test func whatCannotStartSaysWhy() throws {
        let missing = ChildProcess(executable: "/no/program", arguments: [], environment: [:], directory: "/")
        #expect(throws: PrefixError.self) { try missing.run() }
        let nowhere = ChildProcess(executable: "/bin/sh", arguments: [], environment: [:], directory: "/no/folder")
        let error = #expect(throws: PrefixError.self) { try nowhere.run() }
        #expect(error?.description.contains("/no/folder cannot be entered: No such file") == true)
    }

    @Test func aChildThatDoesNothingIsEnded() throws {
        let folder = try Folder()
        var child = folder.shell("echo begun; sleep 60")
        child.patience = 0.4
        let outcome = try child.run()
        #expect(outcome.failure == "it neither worked nor printed anything for 1 s, and was ended")
        #expect(text(outcome) == "begun\n")
    }

    /// Not those that print, or that let others work for them.
    @Test func aChildThatDoesSomethingIsNot() throws {
        let folder = try Folder()
        var child = folder.shell("for i in 1 2 3 4 5 6; do sleep 0.3; echo $i; done")
        child.patience = 1
        #expect(try child.run().failure == nil)
        child = folder.shell("sh -c 'i=0; while [ $i -lt 400000 ]; do i=$((i + 1)); done'")
        child.patience = 0.5
        #expect(try child.run().failure == nil)
    }

    @Test func aChildThatTakesTooLongIsEnded() throws {
        let folder = try Folder()
        var child = folder.shell("sleep 60")
        child.limit = 0.2
        #expect(try child.run().failure == "it had not finished after 1 s, and was ended")
    }

    /// The whole group goes, also what does not heed SIGTERM, and the child may tidy up before.
    @Test func anInterruptionEndsTheGroup() throws {
        let folder = try Folder()
        let interruption = Interruption()
        var child = folder.shell(
            "trap 'echo tidied >tidied; exit' TERM; sh -c 'trap \"\" TERM; echo $$ >other; sleep 60' & wait")
        child.interruption = interruption
        Thread.detachNewThread { [path = folder.path] in
            while access("\(path)/other", F_OK) != 0 { usleep(10_000) }
            interruption.note(SIGTERM)
        }
        let error = #expect(throws: PrefixError.self) { try child.run() }
        #expect(error?.description == "interrupted by SIGTERM")
        #expect(folder.text("tidied") == "tidied")
        #expect(folder.wait { !folder.runs("other") })
        // Once interrupted nothing new begins.
        #expect(throws: PrefixError.self) { try child.run() }
        child.interruption = nil
    }

    /// What fails leaves nobody who writes on; what succeeds may have begun a daemon.
    @Test func aFailureEndsWhatIsLeft() throws {
        let folder = try Folder()
        _ = try folder.shell("sleep 60 & echo $! >failed; exit 1").run()
        _ = try folder.shell("sleep 60 & echo $! >daemon").run()
        #expect(folder.wait { !folder.runs("failed") })
        #expect(folder.runs("daemon"))
        if let daemon = folder.text("daemon").flatMap({ pid_t($0) }) { kill(daemon, SIGKILL) }
    }

    @Test func workIsDoneInOrderOnAsManyThreadsAsThereAre() throws {
        for limit in [0, 1, 3, 100] {
            #expect(try concurrently(Array(0..<50), limit: limit) { $0 * 2 } == (0..<50).map { $0 * 2 })
        }
        struct Failure: Error, Equatable { let number: Int }
        let error = #expect(throws: Failure.self) {
            try concurrently(Array(0..<50), limit: 4) { number in if number > 2 { throw Failure(number: number) } }
        }
        #expect(error == Failure(number: 3))
    }

    @Test func theTableKnowsWhoDescendsFromWhom() throws {
        let table = try #require(ProcessTable())
        #expect(table.ancestors(of: getpid()).contains(getppid()))
        #expect(table.descendants(of: getppid()).contains(getpid()))
        #expect(!table.descendants(of: getpid()).contains(getppid()))
    }
}
