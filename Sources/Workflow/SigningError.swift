import CondaModel
import HostSystem

/// Why a package could not be signed; the package is as it was.
package enum SigningError: ActionableError, Hashable {
    case noProgram(name: String, package: String)
    case noKeyNamed
    case noSecretKey(key: String, said: String)
    case unusable(key: String)
    case shortKey(key: String, bits: Int)
    case weakTarget(key: String, algorithm: String, target: String)
    case failed(rpm: String, said: String)

    package var description: String {
        switch self {
        case .noProgram(let name, _): "signing needs \(name), which is not on PATH"
        case .noKeyNamed: "no key to sign with: expected one that is named, found none"
        case .noSecretKey(let key, let said): "there is no secret key '\(key)' to sign with\n  gpg: \(said)"
        case .weakTarget(let key, let algorithm, let target):
            "the key \(key) signs with \(algorithm): expected RSA, which is what rpm of \(target) verifies"
        case .unusable(let key):
            "the key \(key) cannot sign: expected a key or subkey made for signing, found none that is valid now"
        case .shortKey(let key, let bits):
            "the key \(key) is RSA with \(bits) bits: expected at least 2048, which is what hosts accept"
        case .failed(let rpm, let said): "\(rpm) could not be signed:\n  \(said.replacing("\n", with: "\n  "))"
        }
    }

    package var hint: String? {
        switch self {
        case .noProgram(_, let package): "install \(package)"
        case .noKeyNamed: "pass --key ID, set rpm.sign in the manifest, or %_gpg_name in ~/.rpmmacros"
        case .noSecretKey: "see gpg --list-secret-keys; GNUPGHOME names another key ring"
        case .unusable: "gpg --quick-set-expire FINGERPRINT 2y prolongs a key that has expired"
        case .weakTarget, .shortKey: "make one with: gpg --quick-gen-key NAME rsa3072 sign never"
        case .failed: "where gpg cannot ask for a passphrase, let gpg-agent have it beforehand (gpg-preset-passphrase)"
        }
    }
}
