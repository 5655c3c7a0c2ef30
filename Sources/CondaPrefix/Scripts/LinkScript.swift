import CondaArchive
import CondaModel

/// A script that a package brings to be run when it is linked or unlinked (CEP 34).
package struct LinkScript: Sendable {
    /// When a script runs.
    package enum Kind: String, Sendable, Hashable {
        case preLink = "pre-link"
        case postLink = "post-link"
        case preUnlink = "pre-unlink"

        /// Where the script of a package lies below the prefix.
        func path(package name: String) -> String { "bin/.\(name)-\(rawValue).sh" }
    }

    /// The package that the script belongs to.
    let record: PackageRecord

    /// When it runs.
    let kind: Kind

    /// The prefix, as an absolute path.
    let prefix: String

    /// Where the script's tree is: the prefix, or for pre-link the unpacked package.
    var source: String

    /// The activation scripts to source first, as absolute paths.
    var activation: [String] = []

    /// The shell text that sources its arguments one after the other, none of them seeing the others as arguments.
    private static let sourceAll = "umask 022\nfor script in \"$@\"; do set --; . \"$script\"; done\n"

    /// Runs the script to its end.
    func run() throws(PrefixError) -> ChildProcess.Outcome {
        let script = "\(source)/\(kind.path(package: record.name))"
        let process = ChildProcess(
            executable: ShellEnvironment.shell, arguments: ["-c", Self.sourceAll, script] + activation + [script],
            environment: environment, directory: "\(source)/bin")
        return try process.run()
    }

    /// The variables of CEP 34 on top of those that conda's activation sets.
    private var environment: [String: String] {
        var variables = ShellEnvironment.activated(prefix: prefix)
        variables["PREFIX"] = prefix
        variables["SOURCE_DIR"] = source
        variables["ROOT_PREFIX"] = ""
        variables["PKG_NAME"] = record.name
        variables["PKG_VERSION"] = record.version.text
        variables["PKG_BUILDNUM"] = String(record.buildNumber)
        variables["PATH"] = "\(source)/bin:\(prefix)/bin:\(ShellEnvironment.hostPath)"
        return variables
    }
}
