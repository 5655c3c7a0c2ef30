import ArgumentParser
import Workflow

/// `conda-rpm verify`.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find out what an RPM is worth: digests, signature, archives, and what must not be in it.",
        discussion: """
            Compares every digest of the RPM and the sha256 of every archive with what release.json says of it, and \
            looks for credentials in URLs, paths of the build machine, placeholders of prefixes, and permissions that \
            no service needs. A signature is verified where there is one; --key demands one.

            EXAMPLES
              conda-rpm verify dist/orders-2.4.0-1.el9.x86_64.rpm
              conda-rpm verify orders.rpm --lockfile conda-lock.yml --key packages.asc      (exit code 2: no)
            """)

    @Argument(help: "The RPM.", completion: .file(extensions: ["rpm"]))
    var file: String

    @Option(name: .long, help: ArgumentHelp("The lock that the RPM must carry, exactly.", valueName: "path"))
    var lockfile: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A file with a public key that must have signed it; repeat it for several.", valueName: "path"))
    var key: [String] = []

    @Flag(name: .long, help: "Print the result as JSON.")
    var json = false

    func run() throws {
        let verification = try Verification.run(file, lockfile: lockfile, keyFiles: key)
        var options = RunOptions()
        options.json = json
        try options.output(verification, text: VerificationText.text(verification))
        guard verification.findings.isEmpty else { throw ExitCode(2) }
    }
}

/// A verification as lines of text.
enum VerificationText {
    static func text(_ found: Verification) -> String {
        let head =
            "\(found.rpm): \(found.files) files, \(found.packages) packages, signature: \(found.signature.rawValue)"
            + (found.strongDigests ? "" : ", digests that FIPS hosts refuse")
        let findings = found.findings.map { "  \($0.kind.rawValue): \($0.place): \($0.problem)" }
        let warnings = found.warnings.map { "warning: \($0)" }
        let lines = [head] + (findings.isEmpty ? ["nothing is wrong with it"] : findings) + warnings
        return lines.joined(separator: "\n")
    }
}
