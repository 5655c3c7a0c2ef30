/// What authenticates a request, in the forms that conda knows.
package struct Credentials: Sendable, Hashable {
    /// A token that goes into the path as `/t/TOKEN`, behind `prefix`, which is empty on anaconda.org.
    package struct Token: Sendable, Hashable {
        let value: String
        let prefix: String
    }

    var token: Token?
    var user: String?
    var password: String?

    var isEmpty: Bool { token == nil && user == nil }

    /// The value of an `Authorization` header, or nil when only a token or nothing is known.
    var authorization: String? {
        guard let user else { return nil }
        return "Basic " + base64("\(user):\(password ?? "")".utf8)
    }
}

/// RFC 4648 base64, for the one header that wants it.
func base64(_ bytes: some Sequence<UInt8>) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    var word: UInt32 = 0
    var held = 0
    func emit(_ count: Int) {
        for place in 0..<4 {
            let index = Int(word >> UInt32(18 - 6 * place)) & 63
            result.append(place <= count ? alphabet[index] : UInt8(ascii: "="))
        }
    }
    for byte in bytes {
        word |= UInt32(byte) << UInt32(16 - 8 * held)
        held += 1
        if held == 3 {
            emit(3)
            word = 0
            held = 0
        }
    }
    if held > 0 { emit(held) }
    return String(decoding: result, as: UTF8.self)
}
