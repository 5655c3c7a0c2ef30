import Glibc
import Testing

@testable import Workflow

@Suite("Programs of this machine") struct ProgramTests {
    private func run(_ script: String, withErrors: Bool = true, input: Int32? = nil) throws -> Program.Answer {
        try Program(path: "/bin/sh")
            .run(["-c", script], environment: ["A": "b c"], withErrors: withErrors, input: input)
    }

    @Test(
        "The answer has the exit status, or the signal, and what was written without the blanks around it",
        arguments: [
            ("echo $A; echo e >&2; exit 3", true, 3, "b c\ne", ""), ("echo $A; echo e >&2", false, 0, "b c", "e"),
            ("kill -9 $$", true, 9, "", ""), ("printf ' \\n x \\n'", true, 0, "x", ""),
        ])
    func answers(script: String, withErrors: Bool, status: Int32, text: String, errors: String) throws {
        let answer = try run(script, withErrors: withErrors)
        #expect(answer.status == status && answer.text == text && answer.errors == errors)
    }

    @Test("A program that writes more than a pipe holds is read to its end")
    func long() throws {
        #expect(try run("yes | head -n 200000").text.utf8.count == 399_999)
    }

    @Test("It is ended by a signal that we ignore")
    func signals() throws {
        let before = signal(SIGPIPE, SIG_IGN)
        defer { signal(SIGPIPE, before) }
        #expect(try run("kill -PIPE $$; echo goes on").status == SIGPIPE)
    }

    @Test("It gets no file of ours but its three")
    func descriptors() throws {
        let file = open("/", O_RDONLY)
        try #require(file > STDERR_FILENO)
        defer { close(file) }
        #expect(try run("test -e /proc/self/fd/\(file) && echo open || echo closed").text == "closed")
    }

    @Test(
        "Who has an input of its own is alone in its process group, where no key of a terminal reaches it",
        arguments: [true, false])
    func processGroups(hasInput: Bool) throws {
        let input = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { close(input) }
        let numbers = try run("echo $$; ps -o pgid= -p $$", input: hasInput ? input : nil).text
            .split(whereSeparator: \.isWhitespace).map { String($0) }
        #expect(numbers.count == 2 && (numbers[0] == numbers[1]) == hasInput)
        #expect(hasInput || numbers.last == "\(getpgrp())")
    }

    @Test("A thread that waits for it does other work meanwhile, and standard error is apart")
    func aside() async throws {
        let answer = try await Program(path: "/bin/sh").runAside(["-c", "echo a; echo b >&2"], environment: [:])
        #expect(answer.text == "a" && answer.errors == "b")
    }

    @Test("What cannot be started is told with the system's reason")
    func missing() {
        let error = #expect(throws: WorkflowError.self) {
            try Program(path: "/no/such").run([], environment: [:])
        }
        #expect(error?.description.contains("No such file or directory") == true)
    }
}
