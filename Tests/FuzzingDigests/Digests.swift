import CRPM

/// What is used of swift-crypto, made of librpm's digests: built in a second, where the original needs minutes.
///
/// For `scripts/fuzz` alone, which builds this module under the name `Crypto`. The digests are the real ones.
public protocol HashFunction {
    /// The bytes of a digest.
    associatedtype Digest: Sequence<UInt8>
    /// Begins with no bytes.
    init()
    /// Takes the next bytes.
    mutating func update(bufferPointer: UnsafeRawBufferPointer)
    /// The digest of all bytes so far.
    func finalize() -> Digest
}

extension HashFunction {
    /// Takes the next bytes.
    public mutating func update(data: some Sequence<UInt8>) {
        Array(data).withUnsafeBytes { update(bufferPointer: $0) }
    }

    /// The digest of some bytes.
    public static func hash(data: some Sequence<UInt8>) -> Digest {
        var function = Self()
        function.update(data: data)
        return function.finalize()
    }
}

/// One algorithm, by its number in OpenPGP.
public protocol NumberedAlgorithm: Sendable {
    /// The number that librpm knows it by.
    static var number: CInt { get }
}

/// The algorithms.
public enum Algorithms {
    /// MD5.
    public enum MD5: NumberedAlgorithm {
        /// As in RFC 9580, section 9.5.
        public static let number: CInt = 1
    }
    /// SHA-1.
    public enum SHA1: NumberedAlgorithm {
        /// As in RFC 9580, section 9.5.
        public static let number: CInt = 2
    }
    /// SHA-256.
    public enum SHA256: NumberedAlgorithm {
        /// As in RFC 9580, section 9.5.
        public static let number: CInt = 8
    }
    /// SHA-384.
    public enum SHA384: NumberedAlgorithm {
        /// As in RFC 9580, section 9.5.
        public static let number: CInt = 9
    }
    /// SHA-512.
    public enum SHA512: NumberedAlgorithm {
        /// As in RFC 9580, section 9.5.
        public static let number: CInt = 10
    }
}

/// Keeps the bytes until the digest is wanted, which for inputs of a fuzzer is little.
public struct LibrpmDigest<Algorithm: NumberedAlgorithm>: HashFunction, Sendable {
    private var bytes: [UInt8] = []

    /// Begins with no bytes.
    public init() {}

    /// Takes the next bytes.
    public mutating func update(bufferPointer: UnsafeRawBufferPointer) { bytes += bufferPointer }

    /// The digest of all bytes so far.
    public func finalize() -> [UInt8] {
        let context = rpmDigestInit(Algorithm.number, 0)
        var result: UnsafeMutableRawPointer?
        var length = 0
        guard rpmDigestUpdate(context, bytes, bytes.count) == 0, rpmDigestFinal(context, &result, &length, 0) == 0
        else { fatalError("librpm has no digest \(Algorithm.number)") }
        defer { result?.deallocate() }
        return Array(UnsafeRawBufferPointer(start: result, count: length))
    }
}

/// SHA-256.
public typealias SHA256 = LibrpmDigest<Algorithms.SHA256>
/// SHA-384.
public typealias SHA384 = LibrpmDigest<Algorithms.SHA384>
/// SHA-512.
public typealias SHA512 = LibrpmDigest<Algorithms.SHA512>

/// Algorithms that are no longer safe.
public enum Insecure {
    /// MD5.
    public typealias MD5 = LibrpmDigest<Algorithms.MD5>
    /// SHA-1.
    public typealias SHA1 = LibrpmDigest<Algorithms.SHA1>
}
