import CRPM
import Synchronization

/// What a package's OpenPGP signature is worth.
package enum RPMSignatureState: String, Sendable, Hashable, Codable {
    /// There is none.
    case none
    /// It is that of a known key.
    case valid
    /// It is that of a key that is not known here.
    case unknownKey = "unknown key"
    /// It is that of a key that is not trusted: expired, revoked, or too weak for this host.
    case untrusted
    /// It is wrong, or the header has been changed since it was signed.
    case bad
}

extension RPMReader {
    /// Verifies the signature of the header, with the keys given or else with those that this machine's rpm knows.
    ///
    /// The header holds the payload's digest, which ``checkDigests()`` compares.
    ///
    /// - Throws: ``RPMError/unreadable(path:reason:)`` for a file of keys that is none.
    package func checkSignature(keyFiles: [String]) throws(RPMError) -> RPMSignatureState {
        guard signature.isSigned else { return .none }
        let keyring = try keyFiles.isEmpty ? nil : RPMKeyring(reading: keyFiles)
        // librpm's transactions and its log share global state.
        let code = transactions.withLock { _ in readThroughLibrary(keyring) }
        return switch code {
        case RPMRC_OK: .valid
        case RPMRC_NOKEY: .unknownKey
        case RPMRC_NOTTRUSTED: .untrusted
        default: .bad
        }
    }

    private func readThroughLibrary(_ keyring: RPMKeyring?) -> rpmRC {
        guard rpmReadConfigFiles(nil, nil) == 0, let transaction = rpmtsCreate() else { return RPMRC_FAIL }
        defer { rpmtsFree(transaction) }
        // What it finds is reported here, not by librpm on standard error.
        let mask = rpmlogSetMask(1)
        defer { rpmlogSetMask(mask) }
        rpmtsSetVSFlags(transaction, 0)
        if let keyring, keyring.serve(transaction) != 0 { return RPMRC_FAIL }
        guard let file = Fopen(path, "r.ufdio") else { return RPMRC_FAIL }
        defer { Fclose(file) }
        return rpmReadPackageFile(transaction, file, path, nil)
    }
}

/// One at a time.
private let transactions = Mutex(())

/// OpenPGP keys that signatures are verified with; freed with this object.
private final class RPMKeyring {
    private let keyring: rpmKeyring

    /// Reads ASCII-armoured public keys.
    init(reading paths: [String]) throws(RPMError) {
        guard let keyring = rpmKeyringNew() else { throw .header(reason: "out of memory") }
        self.keyring = keyring
        for path in paths {
            guard let key = rpmPubkeyRead(path) else {
                throw .unreadable(path: path, reason: "expected an ASCII-armoured OpenPGP public key")
            }
            defer { rpmPubkeyFree(key) }
            guard rpmKeyringAddKey(keyring, key) >= 0 else {
                throw .unreadable(path: path, reason: "librpm refuses this key")
            }
        }
    }

    deinit { rpmKeyringFree(keyring) }

    /// Makes a transaction use these keys and no others; 0 where librpm did so.
    func serve(_ transaction: rpmts) -> Int32 { rpmtsSetKeyring(transaction, keyring) }
}
