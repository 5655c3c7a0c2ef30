import Crypto

/// A running digest of one of the algorithms that `RECORD` may use: SHA-256 or better (PEP 427).
enum WheelDigest {
    case sha256(SHA256, expected: String)
    case sha384(SHA384, expected: String)
    case sha512(SHA512, expected: String)

    /// Starts a digest by its name.
    init?(_ algorithm: some StringProtocol, expected: String = "") {
        switch algorithm {
        case "sha256": self = .sha256(SHA256(), expected: expected)
        case "sha384": self = .sha384(SHA384(), expected: expected)
        case "sha512": self = .sha512(SHA512(), expected: expected)
        default: return nil
        }
    }

    /// Starts the digest that a row asks for; nil for a row without.
    init?(row: WheelRecord.Row?) {
        guard let row, let (algorithm, _) = row.namedDigest else { return nil }
        self.init(algorithm, expected: row.unpaddedDigest)
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        switch self {
        case .sha256(var hash, let expected):
            hash.update(bufferPointer: bytes)
            self = .sha256(hash, expected: expected)
        case .sha384(var hash, let expected):
            hash.update(bufferPointer: bytes)
            self = .sha384(hash, expected: expected)
        case .sha512(var hash, let expected):
            hash.update(bufferPointer: bytes)
            self = .sha512(hash, expected: expected)
        }
    }

    /// Why the bytes are not those that were listed; nil when they are.
    func problem() -> String? {
        let (expected, found) =
            switch self {
            case .sha256(let hash, let expected): (expected, WheelRecord.Row.digest("sha256", of: hash.finalize()))
            case .sha384(let hash, let expected): (expected, WheelRecord.Row.digest("sha384", of: hash.finalize()))
            case .sha512(let hash, let expected): (expected, WheelRecord.Row.digest("sha512", of: hash.finalize()))
            }
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
