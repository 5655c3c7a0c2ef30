import CondaModel
import Foundation
import RPMFormat

/// Signs RPMs with a key of gpg, through `rpmsign`.
///
/// A program of its own and not librpmsign: that library is GPL-only as librpmbuild is, and it takes the process that
/// calls it along when gpg dies. Programs and key are looked for before any package is touched.
package struct Signing: Sendable {
    /// Fingerprint of the key.
    package let fingerprint: String
    private let algorithm: Int
    private let rpmsign: Program
    private let gpg: Program
    private let environment: [String: String]

    /// Finds the programs and the secret key: the one given, else `%_gpg_name` of this machine's rpm.
    ///
    /// - Throws: `SigningError.noProgram`, `.noKeyNamed`, `.noSecretKey`.
    package init(key: String?, environment: [String: String]) throws {
        guard let rpmsign = Program.find("rpmsign", environment: environment),
            let rpm = Program.find("rpm", environment: environment)
        else { throw SigningError.noProgram(name: "rpmsign", package: "rpm-sign (rpm on Debian)") }
        func macro(_ name: String) throws -> String {
            try rpm.run(["--eval", "%{?\(name)}"], environment: environment, withErrors: false).text
        }
        var environment = environment
        // What rpm does itself before it calls gpg.
        let home = try macro("_gpg_path")
        if !home.isEmpty { environment["GNUPGHOME"] = home }
        let configured = Program(path: try macro("__gpg"))
        let isThere = FileManager.default.isExecutableFile(atPath: configured.path)
        guard let gpg = isThere ? configured : Program.find("gpg2", "gpg", environment: environment) else {
            throw SigningError.noProgram(name: "gpg", package: "gnupg2 (gnupg on Debian)")
        }
        let named = try key ?? macro("_gpg_name")
        if named.isEmpty { throw SigningError.noKeyNamed }
        (fingerprint, algorithm) = try Self.secretKey(named, gpg, environment)
        self.rpmsign = rpmsign
        self.gpg = gpg
        self.environment = environment
    }

    /// The first secret key that gpg has under a name, from its machine-readable list (`doc/DETAILS` of GnuPG).
    private static func secretKey(
        _ name: String, _ gpg: Program, _ environment: [String: String]
    ) throws -> (fingerprint: String, algorithm: Int) {
        let arguments = ["--batch", "--with-colons", "--list-secret-keys", "--", name]
        let answer = try gpg.run(arguments, environment: environment)
        let rows = answer.text.split(separator: "\n").map { $0.split(separator: ":", omittingEmptySubsequences: false) }
        guard answer.status == 0,
            let key = rows.first(where: { $0.first == "sec" && $0.count > 4 }), let algorithm = Int(key[3]),
            let print = rows.first(where: { $0.first == "fpr" && $0.count > 9 })
        else { throw SigningError.noSecretKey(key: name, said: answer.text) }
        return (String(print[9]), algorithm)
    }

    /// Signs a package under a name of its own, and then gives it the old name.
    package func sign(_ path: String) throws {
        let target = try? Inspection.read(path).target.name
        let draft = "\(path).\(getpid()).unsigned"
        try? FileManager.default.removeItem(atPath: draft)
        do {
            try FileManager.default.copyItem(atPath: path, toPath: draft)
        } catch {
            throw WorkflowError.unreadable(path: path, reason: error.localizedDescription)
        }
        try finish(draft, as: path, target: target)
    }

    /// Signs the package at `draft`, which nobody else knows, and renames it; removes it where that fails.
    func finish(_ draft: String, as path: String, target: String?) throws {
        do {
            try check(target: target)
            let definitions = ["__gpg \(gpg.path)", "_gpg_name \(fingerprint)", "_gpg_digest_algo sha256"]
            let answer = try rpmsign.run(
                definitions.flatMap { ["--define", $0] } + ["--addsign", draft], environment: environment)
            guard answer.status == 0, try RPMReader(path: draft).signature.isSigned else {
                throw SigningError.failed(rpm: path, said: answer.text)
            }
            try FileContents.finish(draft, as: path)
        } catch {
            unlink(draft)
            throw error
        }
    }

    /// Writes the signature of a file beside it, as `FILE.asc`.
    func signDetached(_ path: String) throws {
        let arguments = ["--batch", "--yes", "--armor", "--digest-algo", "SHA256", "--local-user", fingerprint]
        let answer = try gpg.run(
            arguments + ["--output", "\(path).asc", "--detach-sign", path], environment: environment)
        guard answer.status == 0 else { throw SigningError.failed(rpm: path, said: answer.text) }
    }

    /// rpm before 4.16 verifies neither EdDSA nor ECDSA (OpenPGP algorithms 22 and 19).
    private func check(target: String?) throws(SigningError) {
        guard let target, ["el7", "el8", "amzn2"].contains(target), algorithm != 1 else { return }
        let names = [17: "DSA", 19: "ECDSA", 22: "EdDSA"]
        throw .weakTarget(key: fingerprint, algorithm: names[algorithm] ?? "\(algorithm)", target: target)
    }
}
