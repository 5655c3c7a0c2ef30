import HostSystem

/// A running digest of one of the algorithms that `RECORD` may use: SHA-256 or better (PEP 427).
struct WheelDigest {
    private let algorithm: String
    private let expected: String
    private var digest: Digest

    /// Starts a digest by its name.
    init?(_ algorithm: some StringProtocol, expected: String = "") {
        switch algorithm {
        case "sha256": digest = Digest(.sha256)
        case "sha384": digest = Digest(.sha384)
        case "sha512": digest = Digest(.sha512)
        default: return nil
        }
        self.algorithm = String(algorithm)
        self.expected = expected
    }

    /// Starts the digest that a row asks for; nil for a row without.
    init?(row: WheelRecord.Row?) {
        guard let row, let (algorithm, _) = row.namedDigest else { return nil }
        self.init(algorithm, expected: row.unpaddedDigest)
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) { digest.update(bytes) }

    /// Why the bytes are not those that were listed; nil when they are.
    func problem() -> String? {
        let found = WheelRecord.Row.digest(algorithm, of: digest.finalize())
        return expected == found ? nil : "RECORD expects \(expected), found \(found)"
    }
}

extension WheelRecord.Row {
    /// The digest as it must be; some tools leave the padding of base 64 in it.
    var unpaddedDigest: String {
        let count = digest.utf8.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        return String(digest.dropLast(count))
    }

    /// The algorithm's name and the digest as text.
    var namedDigest: (algorithm: Substring, digest: Substring)? {
        guard let equals = digest.firstIndex(of: "=") else { return nil }
        return (digest[..<equals], digest[digest.index(after: equals)...])
    }
}
