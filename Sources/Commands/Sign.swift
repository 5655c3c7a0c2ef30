import ArgumentParser
import FoundationEssentials
import Workflow

/// `conda-rpm sign`.
struct Sign: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Sign RPMs with a key of gpg.",
        discussion: """
            The key is looked for before a package is touched, and a package is replaced only when it is signed. \
            'rpm.sign: KEY' in the manifest signs each RPM when it is built.

            EXAMPLES
              conda-rpm sign dist/*.rpm --key packages@example.com
              conda-rpm verify dist/orders-2.4.0-1.el9.x86_64.rpm --key packages.asc
            """)

    @Argument(help: "The RPMs.", completion: .file(extensions: ["rpm"]))
    var files: [String]

    @Option(
        name: .long, help: ArgumentHelp("The key's name or number; by default %_gpg_name of rpm.", valueName: "id"))
    var key: String?

    @Flag(name: .long, help: "Print the result as JSON.")
    var json = false

    private struct Signed: Encodable {
        var rpm: String
        var key: String
    }

    func run() throws {
        let signing = try Signing(key: key, environment: ProcessInfo.processInfo.environment)
        var signed: [Signed] = []
        for file in files {
            try signing.sign(file)
            signed.append(Signed(rpm: file, key: signing.fingerprint))
        }
        var options = RunOptions()
        options.json = json
        try options.output(signed, text: signed.map { "\($0.rpm): signed with \($0.key)" }.joined(separator: "\n"))
    }
}
