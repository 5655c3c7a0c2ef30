import CLinux
import Glibc

/// A program that is run to its end with a given environment and nothing of the caller's.
package struct ChildProcess: Sendable {
    /// What a run left behind.
    package struct Outcome: Sendable {
        /// nil when the program exited with 0, else what happened: `exit status 2`, `signal 9`.
        package let failure: String?
        /// The standard output.
        package let output: [UInt8]
        /// The standard error; empty when it was joined to the output.
        package let errorOutput: [UInt8]
    }

    /// The absolute path of the program.
    package let executable: String

    /// The arguments after the program's name.
    package let arguments: [String]

    /// All variables that the program sees.
    package let environment: [String: String]

    /// The directory it starts in.
    package let directory: String

    /// Whether the standard error goes where the output goes, in the order of writing.
    package var joinsErrors = true

    /// The most bytes of output that are kept; of more, the last ones.
    package var outputLimit = 64 << 10

    /// Describes a program to run.
    package init(executable: String, arguments: [String], environment: [String: String], directory: String) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
    }

    /// Runs the program and waits for it, not for what it left running in the background.
    ///
    /// Output goes to files without a name rather than through pipes: a daemon that a script leaves behind would hold
    /// a pipe open for ever. Input comes from such a file, too: a root that an image is made of may have no /dev/null.
    package func run() throws(PrefixError) -> Outcome {
        let input = try ScratchFile(for: executable)
        let output = try ScratchFile(for: executable)
        let errors = joinsErrors ? output : try ScratchFile(for: executable)
        let process = try Spawn(
            executable: executable, arguments: arguments, environment: environment, directory: directory
        ).start(input: input.number, output: output.number, errors: errors.number)
        let failure = try Self.failure(of: process, executable)
        return Outcome(
            failure: failure, output: try output.tail(outputLimit, of: executable),
            errorOutput: joinsErrors ? [] : try errors.tail(outputLimit, of: executable))
    }

    /// Waits for a process; the thread has nothing else to do meanwhile.
    private static func failure(of process: pid_t, _ executable: String) throws(PrefixError) -> String? {
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1 {
            guard errno == EINTR else {
                throw .cannotRun(executable, problem: "its end is not known: \(String(cString: strerror(errno)))")
            }
        }
        // As <sys/wait.h> takes the number apart: a signal in the lowest bits, the exit status above them.
        let signal = status & 0x7f
        if signal != 0 { return "signal \(signal)" }
        let code = (status >> 8) & 0xff
        return code == 0 ? nil : "exit status \(code)"
    }
}

/// A file without a name; in memory where no temporary one can be made.
private final class ScratchFile: Sendable {
    let number: Int32

    init(for program: String) throws(PrefixError) {
        if let stream = tmpfile() {
            defer { fclose(stream) }
            number = fcntl(fileno(stream), F_DUPFD_CLOEXEC, 3)
        } else {
            number = memfd_create("conda-rpm", closeOnExec)
        }
        guard number >= 0 else {
            throw .cannotRun(program, problem: "no temporary file: \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        close(number)
    }

    /// Reads the last bytes.
    func tail(_ limit: Int, of program: String) throws(PrefixError) -> [UInt8] {
        var offset = max(0, Int(lseek(number, 0, SEEK_END)) - limit)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count < limit {
            let count = chunk.withUnsafeMutableBytes { pread(number, $0.baseAddress, $0.count, offset) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw .cannotRun(program, problem: "its output is lost: \(String(cString: strerror(errno)))")
            }
            if count == 0 { break }
            bytes.append(contentsOf: chunk[..<count])
            offset += count
        }
        return bytes
    }
}

/// `MFD_CLOEXEC`, which the C library declares under _GNU_SOURCE only.
private let closeOnExec: UInt32 = 1
