import CDigests

/// A digest under way: `var digest = Digest(.sha256)`, `digest.update(bytes)` for each piece, `digest.finalize()`.
///
/// A value: a copy goes on by itself. All SHA-2 of FIPS 180-4 that conda, wheels and rpm's headers name, and for what is old
/// SHA-1 and MD5 (RFC 1321), which nothing is trusted for.
///
/// By hand, since December 2026, in place of swift-crypto: of that these few functions were in use, and its BoringSSL was a third
/// of a clean release build's processor time (240 of 737 s), and came twice, for the tests too. OpenSSL's libcrypto, which has the
/// same functions, is no static library on Fedora and RHEL, and the host tool has to be static. SHA-256 with the processor's
/// instructions runs at OpenSSL's speed (1,430 MB/s), without them at 0.6 of it (244 beside 407), MD5 at 0.95.
package struct Digest: Sendable {
    /// What is computed; the numbers are OpenPGP's (RFC 9580, section 9.5), which rpm's headers have too.
    package enum Algorithm: Int, Sendable {
        case md5 = 1, sha1 = 2, sha256 = 8, sha384 = 9, sha512 = 10
    }

    private var state = cdigest()

    /// The digest of no bytes yet.
    package init(_ algorithm: Algorithm) { cdigest_begin(&state, CInt(algorithm.rawValue)) }

    /// Takes the next bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        cdigest_update(&state, bytes.baseAddress, bytes.count)
    }

    /// Takes the next bytes.
    package mutating func update(_ bytes: some Sequence<UInt8>) {
        let isTaken: Void? = bytes.withContiguousStorageIfAvailable { update(UnsafeRawBufferPointer($0)) }
        if isTaken == nil { Array(bytes).withUnsafeBytes { update($0) } }
    }

    /// The digest of all bytes so far, after which more may come.
    package func finalize() -> [UInt8] {
        var last = state
        return Array(unsafeUninitializedCapacity: 64) { $1 = cdigest_end(&last, $0.baseAddress) }
    }

    /// The digest of some bytes.
    package static func sha256(_ bytes: some Sequence<UInt8>) -> [UInt8] { of(.sha256, bytes) }

    /// The digest of some bytes.
    package static func of(_ algorithm: Algorithm, _ bytes: some Sequence<UInt8>) -> [UInt8] {
        var digest = Digest(algorithm)
        digest.update(bytes)
        return digest.finalize()
    }
}
