import ArgumentParser
import FoundationEssentials
import Workflow

/// `conda-rpm test`.
struct Test: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Install an RPM in a throw-away host without network, and see whether it works.",
        discussion: """
            The host is this machine's base system in memory, with an empty /opt and no Python, no compiler and no \
            network. The RPM is installed by dnf, checked, reinstalled and erased; nothing reaches this machine. Needs \
            root.

            The RPM may be a stranger's. All that runs in the host is confined to it: a file system that is the only one \
            (pivot_root), own process, network, IPC and name spaces, a user namespace where the kernel lets it, eleven \
            capabilities (no mounting, no devices, no modules, no other process), no new privileges, no terminal, no key \
            and no open file of yours, /sys and the kernel's part of /proc read-only, and a filter of system calls. Files \
            below /etc that only root may read are not in the host, nor are /var, /home, /root, /opt and /srv.

            What remains: the RPM can read what everybody may read below /usr and /etc; it can take processor time, memory \
            (6 GB of files, and processes without bound) and your patience; it can make its own result good, because it is \
            root where that is found out; and a fault of the kernel that its system calls reach is still a fault. RPMs that \
            make device nodes, mount or load modules fail here. An RPM that you would not run at all belongs into a \
            virtual machine.

            EXAMPLES
              sudo conda-rpm test dist/orders-2.4.0-1.el9.x86_64.rpm                        (exit code 2: it failed)
            """)

    @Argument(help: "The RPM.", completion: .file(extensions: ["rpm"]))
    var file: String

    @Flag(name: .long, help: "Print the result as JSON.")
    var json = false

    func run() throws {
        let test = try HostTest.run(file, environment: ProcessInfo.processInfo.environment)
        var options = RunOptions()
        options.json = json
        try options.output(test, text: Self.text(test))
        guard test.passed else { throw ExitCode(2) }
    }

    private static func text(_ test: HostTest) -> String {
        let lines = test.steps.map { step in
            let output = step.output.split(separator: "\n").map { "\n    \($0)" }.joined()
            return "  \(step.passed ? "ok    " : "FAILED") \(step.title)\(output)"
        }
        return (["\(test.rpm): \(test.passed ? "works" : "does not work")"] + lines).joined(separator: "\n")
    }
}
