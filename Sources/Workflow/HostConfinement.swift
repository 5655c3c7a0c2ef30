import CConfinement
import Glibc
import HostSystem

/// Runs a command as root of a throw-away host out of which it cannot get, whatever it tries: a stranger's scriptlets.
///
/// What it is kept from, and by what, is told in `CConfinement`.
package enum HostConfinement {
    /// Bytes of what the command prints; the rest is lost, so that nobody can fill this machine's memory with it.
    private static let outputLimit = 16 << 20

    /// Runs a command that begins with an absolute path.
    ///
    /// - Parameter root: the folder of the host's file system; the caller's network, IPC and host name are the host's already.
    /// - Returns: the exit status, or 128 and the signal's number.
    /// - Throws: `HostTestError.noHost`.
    package static func run(_ command: [String], root: String) throws -> Int32 {
        var arguments = command.map { strdup($0) } + [nil]
        defer { for text in arguments { free(text) } }
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        let status = confine(root, &arguments, &environment, STDOUT_FILENO, outputLimit)
        guard status != -1 else { throw HostTestError.noHost(said: systemMessage()) }
        return status
    }
}
