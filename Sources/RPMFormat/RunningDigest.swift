import CondaModel
import Crypto

/// A digest over bytes that come in pieces, in one of the algorithms that packages use for their files.
enum RunningDigest {
    case md5(Insecure.MD5)
    case sha1(Insecure.SHA1)
    case sha256(SHA256)
    case sha384(SHA384)
    case sha512(SHA512)

    /// Takes OpenPGP's number of the algorithm; nil for those that no package has used for twenty years.
    init?(algorithm: Int) {
        switch algorithm {
        case 1: self = .md5(Insecure.MD5())
        case 2: self = .sha1(Insecure.SHA1())
        case 8: self = .sha256(SHA256())
        case 9: self = .sha384(SHA384())
        case 10: self = .sha512(SHA512())
        default: return nil
        }
    }

    /// Adds bytes.
    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        switch self {
        case .md5(var hasher): hasher.update(bufferPointer: bytes); self = .md5(hasher)
        case .sha1(var hasher): hasher.update(bufferPointer: bytes); self = .sha1(hasher)
        case .sha256(var hasher): hasher.update(bufferPointer: bytes); self = .sha256(hasher)
        case .sha384(var hasher): hasher.update(bufferPointer: bytes); self = .sha384(hasher)
        case .sha512(var hasher): hasher.update(bufferPointer: bytes); self = .sha512(hasher)
        }
    }

    /// The digest of everything so far, lower-case hexadecimal.
    func finish() -> String {
        switch self {
        case .md5(let hasher): hexadecimal(hasher.finalize())
        case .sha1(let hasher): hexadecimal(hasher.finalize())
        case .sha256(let hasher): hexadecimal(hasher.finalize())
        case .sha384(let hasher): hexadecimal(hasher.finalize())
        case .sha512(let hasher): hexadecimal(hasher.finalize())
        }
    }
}
