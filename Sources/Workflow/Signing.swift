import CondaModel
import FoundationEssentials
import Glibc
import RPMFormat
import ServicePackaging

/// Signs RPMs with a key of gpg, through `rpmsign`.
///
/// A program of its own and not librpmsign: that library is GPL-only as librpmbuild is, and it takes the process that
/// calls it along when gpg dies. Programs and key are looked for before any package is touched.
package struct Signing: Sendable {
    /// Fingerprint of the key.
    package let fingerprint: String
    private let kind: Kind
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
        (fingerprint, kind) = try Self.secretKey(named, gpg, environment)
        self.rpmsign = rpmsign
        self.gpg = gpg
        self.environment = environment
    }

    /// What a signature is made with.
    private struct Kind {
        /// OpenPGP's number.
        let algorithm: Int
        let bits: Int

        var isRSA: Bool { algorithm == 1 }

        var name: String {
            let names = [1: "RSA", 17: "DSA", 19: "ECDSA", 22: "EdDSA"]
            return "\(names[algorithm] ?? "OpenPGP's number \(algorithm)")\(isRSA ? " with \(bits) bits" : "")"
        }
    }

    /// The first secret key that gpg has under a name, from its machine-readable list (`doc/DETAILS` of GnuPG), and what
    /// gpg signs with under that name: the newest subkey made for signing, else the key itself.
    private static func secretKey(
        _ name: String, _ gpg: Program, _ environment: [String: String]
    ) throws -> (fingerprint: String, kind: Kind) {
        let arguments = ["--batch", "--with-colons", "--list-secret-keys", "--", name]
        let answer = try gpg.run(arguments, environment: environment)
        let rows = answer.text.split(separator: "\n").map { $0.split(separator: ":", omittingEmptySubsequences: false) }
        guard answer.status == 0,
            let start = rows.firstIndex(where: { $0.first == "sec" }),
            let print = rows[start...].first(where: { $0.first == "fpr" && $0.count > 9 }).map({ String($0[9]) })
        else { throw SigningError.noSecretKey(key: name, said: answer.text) }
        let end = rows[(start + 1)...].firstIndex { $0.first == "sec" } ?? rows.endIndex
        let keys = rows[start..<end].filter { ["sec", "ssb"].contains($0.first) && $0.count > 11 }
        let usable = keys.filter { $0[11].contains("s") && !["e", "r", "d", "i"].contains($0[1]) }
        let newest = usable.max { (String($0[0]), Int($0[5]) ?? 0) < (String($1[0]), Int($1[5]) ?? 0) }
        guard let newest, let algorithm = Int(newest[3]), let bits = Int(newest[2]) else {
            throw SigningError.unusable(key: print)
        }
        return (print, Kind(algorithm: algorithm, bits: bits))
    }

    /// Signs a package under a name of its own, and then gives it the old name.
    package func sign(_ path: String) throws {
        let reader = try RPMReader(path: path)
        // A shared package of layout `split` has no release document; its release number ends with the target.
        let target =
            (try? Inspection.read(path).target?.name)
            ?? Self.oldTargets.first { reader.release.hasSuffix(".\($0)") }
        let draft = "\(path).\(getpid()).unsigned"
        try? FileManager.default.removeItem(atPath: draft)
        do {
            try FileManager.default.copyItem(atPath: path, toPath: draft)
        } catch {
            throw WorkflowError.unreadable(path: path, reason: error.systemReason)
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
            let signature = try RPMReader(path: draft).signature
            guard answer.status == 0, signature.isSigned else {
                throw SigningError.failed(rpm: path, said: answer.text)
            }
            // Whatever gpg chose: the package itself tells.
            if let target, Self.oldTargets.contains(target), !signature.isRSA {
                throw SigningError.weakTarget(key: fingerprint, algorithm: "another algorithm", target: target)
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

    /// Whose rpm, before 4.16, verifies neither EdDSA nor ECDSA (OpenPGP algorithms 22 and 19).
    private static let oldTargets = ["el7", "el8", "amzn2"]

    /// Hosts in FIPS mode, and those of EL9 and later, take no shorter RSA key than 2048 bits.
    private func check(target: String?) throws(SigningError) {
        if kind.isRSA, kind.bits < 2048 { throw .shortKey(key: fingerprint, bits: kind.bits) }
        guard let target, Self.oldTargets.contains(target), !kind.isRSA else { return }
        throw .weakTarget(key: fingerprint, algorithm: kind.name, target: target)
    }
}
