import Glibc

/// A program that is run to its end with a given environment and nothing of the caller's.
///
/// It runs in a session and a process group of its own: keys pressed at a terminal reach this program, which then ends its
/// child, and not the child alone. It dies with the thread that waits for it, and carries the ``ProcessMark``, by which
/// what outlives that is found. Our own runner and no library's (2026-11): swift-subprocess waits through threads of
/// libdispatch, and for ever where there can be none.
package struct ChildProcess: Sendable {
    /// What a run left behind.
    package struct Outcome: Sendable {
        /// nil when the program exited with 0, else what happened: `exit status 2`, `signal 9`.
        package let failure: String?
        /// Whether it was ended from outside, by a signal or because it did nothing any more, rather than by its own will.
        package let wasEnded: Bool
        /// The standard output.
        package let output: [UInt8]
        /// The standard error; empty when it was joined to the output.
        package let errorOutput: [UInt8]
    }

    /// The absolute path of the program.
    package let executable: String

    /// The arguments after the program's name.
    package let arguments: [String]

    /// All variables that the program sees, besides the mark.
    package let environment: [String: String]

    /// The directory it starts in.
    package let directory: String

    /// Whether the standard error goes where the output goes, in the order of writing.
    package var joinsErrors = true

    /// The most bytes of output that are kept; of more, the last ones.
    package var outputLimit = 64 << 10

    /// How long it may do nothing, neither use the processor nor print, before it counts as stuck; in seconds.
    package var patience = 600.0

    /// How long it may run altogether; in seconds.
    package var limit: Double?

    /// Whom it runs as, with nothing of this program's powers; nil: as this program.
    package var identity: ChildIdentity?

    /// What may end the run early; nil for what has to be finished once it was begun.
    package var interruption: Interruption? = .ofThisProcess

    /// Describes a program to run.
    package init(executable: String, arguments: [String], environment: [String: String], directory: String) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
    }

    /// Runs the program and waits for it, not for what it left running in the background when all went well.
    ///
    /// Output goes to files without a name rather than through pipes: a daemon that a script leaves behind would hold
    /// a pipe open for ever.
    /// - Throws: ``PrefixError/cannotRun(_:problem:)``, and ``PrefixError/interrupted(signal:)`` when it was ended because
    ///   this program shall end.
    package func run() throws(PrefixError) -> Outcome {
        try interruption?.check()
        let output = try ScratchFile(for: executable)
        let errors = joinsErrors ? output : try ScratchFile(for: executable)
        // What it opens by name, as /dev/stderr, must be its own.
        if let identity {
            for file in [output, errors] { try file.give(to: identity, for: executable) }
        }
        let child = try start(output, errors)
        let watch = ProgressWatch(session: child.process, files: [output.number, errors.number], patience: patience)
        let ending = child.wait(watch: watch, limit: limit, interruption: interruption)
        if case .interrupted(let signal) = ending { throw .interrupted(signal: signal) }
        return Outcome(
            failure: ending.failure, wasEnded: ending.wasEnded, output: try output.tail(outputLimit, of: executable),
            errorOutput: joinsErrors ? [] : try errors.tail(outputLimit, of: executable))
    }

    private func start(_ output: ScratchFile, _ errors: ScratchFile) throws(PrefixError) -> RunningChild {
        var environment = environment
        environment[ProcessMark.variable] = ProcessMark.own
        let input = try ScratchFile.empty(for: executable)
        let start = ChildStart(
            path: executable, arguments: [executable] + arguments,
            environment: environment.map { "\($0.key)=\($0.value)" }.sorted(), directory: directory,
            identity: identity)
        return try start.run(input: input.number, output: output.number, errors: errors.number)
    }
}

extension RunningChild.Ending {
    fileprivate var failure: String? {
        switch self {
        case .exited(0): nil
        case .exited(let code): "exit status \(code)"
        case .signaled(let signal): "signal \(signal)"
        case .stuck(let seconds): "it neither worked nor printed anything for \(Self.text(seconds)), and was ended"
        case .late(let seconds): "it had not finished after \(Self.text(seconds)), and was ended"
        case .interrupted(let signal): Interruption.name(signal)
        }
    }

    fileprivate var wasEnded: Bool {
        if case .exited = self { false } else { true }
    }

    private static func text(_ seconds: Double) -> String {
        seconds >= 120 ? "\(Int(seconds / 60)) minutes" : "\(Int(seconds.rounded(.up))) s"
    }
}
