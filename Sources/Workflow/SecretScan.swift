import ServiceManifest
import ServiceRelease

/// Finds what looks like a secret among bytes that everybody can read.
///
/// What it says never repeats the secret.
enum SecretScan {
    static func leaks(in bytes: [UInt8]) -> [LeakScan.Leak] {
        var problems: [String] = []
        if hasToken(bytes) { problems.append("a URL with a token (/t/...)") }
        if hasLogin(bytes) { problems.append("a URL with a user and a password") }
        if hasSecretParameter(bytes) { problems.append("a URL with a secret among its parameters") }
        if hasPrivateKey(bytes) { problems.append("a private key") }
        if hasAuthorization(bytes) { problems.append("a header with an authorization") }
        if hasWebToken(bytes) { problems.append("what looks like a signed web token (eyJ...)") }
        problems += tokens.filter { hasWord($0.0, $0.1, in: bytes) }.map { "what looks like a token (\($0.0)...)" }
        return problems.map { LeakScan.Leak(kind: .credentials, problem: $0) }
    }

    /// Variables of the environment, which `release.json`, `activate.env` and `conda-meta/state` tell everybody.
    static func findings(_ release: Release, place: String) -> [Verification.Finding] {
        release.variables.compactMap { problem($0.name, $0.value) }.map {
            Verification.Finding(kind: .credentials, place: place, problem: $0)
        }
    }

    /// What is wrong with a variable, if anything.
    static func problem(_ name: String, _ value: String) -> String? {
        let isSecret = SecretName.isSecret(name, value: value) && !SecretName.isReference(value)
        return isSecret || SecretName.hasPassword(value)
            ? "the value of \(name) looks like a secret; use environment_file or credentials of a service" : nil
    }

    /// What is wrong with the assignments of a file; nothing where it is no unit and nothing that units or shells read.
    static func problems(of path: String, in bytes: [UInt8]) -> [String] {
        let isUnit =
            [".service", ".socket", ".timer"].contains { path.hasSuffix($0) }
            || path.contains("/systemd/") && path.hasSuffix(".conf")
        if isUnit { return assignments(inUnit: String(decoding: bytes, as: UTF8.self)) }
        let isList = path.hasSuffix(".env") || ["/etc/sysconfig/", "/etc/default/"].contains { path.hasPrefix($0) }
        return isList ? assignments(in: String(decoding: bytes, as: UTF8.self)) : []
    }

    /// The variables that lines of a shell or of a file such as `/etc/sysconfig/orders` assign.
    static func assignments(in text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).flatMap { line in
            line.matches(of: /(?:^|[\s"'=;])([A-Za-z_][A-Za-z0-9_]*)=("[^"]*"?|'[^']*'?|[^\s"';]*)/).compactMap {
                found in
                problem(String(found.1), String(found.2.drop { "\"'".contains($0) }.prefix { !"\"'".contains($0) }))
            }
        }
    }

    /// The variables that a unit of systemd assigns: of its keys only `Environment=` does.
    static func assignments(inUnit text: String) -> [String] {
        let key = "Environment="
        let lines = text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix(key) }
        return lines.flatMap { assignments(in: String($0.dropFirst(key.count))) }
    }

    /// How tokens of well-known services begin, and the characters that follow at least: GitHub, GitLab, AWS, Slack,
    /// Stripe, Google, npm, PyPI, Hugging Face, Docker, Vault, DigitalOcean, Anaconda.
    private static let tokens = [
        ("ghp_", 36), ("gho_", 36), ("ghu_", 36), ("ghs_", 36), ("ghr_", 36), ("github_pat_", 40), ("glpat-", 20),
        ("gldt-", 20), ("glrt-", 20), ("AKIA", 16), ("ASIA", 16), ("xoxb-", 24), ("xoxp-", 24), ("xoxa-", 24),
        ("xapp-", 24), ("sk_live_", 24), ("rk_live_", 24), ("AIza", 35), ("npm_", 36), ("pypi-AgE", 40), ("hf_", 34),
        ("dckr_pat_", 24), ("hvs.", 24), ("dop_v1_", 64),
    ]

    /// A word that goes on after a prefix for at least so many characters.
    private static func hasWord(_ prefix: String, _ length: Int, in bytes: [UInt8]) -> Bool {
        LeakScan.places(of: prefix, in: bytes).contains { place in
            let startsWord = place == 0 || !bytes[place - 1].isWordByte
            return startsWord && bytes[(place + prefix.utf8.count)...].prefix(length).count { $0.isWordByte } == length
        }
    }

    /// `-----BEGIN ... PRIVATE KEY-----`, as PEM and OpenSSH have it.
    private static func hasPrivateKey(_ bytes: [UInt8]) -> Bool {
        LeakScan.places(of: "-----BEGIN ", in: bytes).contains { place in
            let line = bytes[place...].prefix(64).prefix { $0 != UInt8(ascii: "\n") }
            return String(decoding: line, as: UTF8.self).contains("PRIVATE KEY-----")
        }
    }

    /// `Authorization: Bearer TOKEN`, or `Basic` (RFC 9110).
    private static func hasAuthorization(_ bytes: [UInt8]) -> Bool {
        ["Bearer ", "Basic "].contains { scheme in
            LeakScan.places(of: "uthorization: \(scheme)", in: bytes).contains { place in
                let token = bytes[(place + "uthorization: \(scheme)".utf8.count)...].prefix(4096).prefix {
                    $0.isWordByte || "+/=.~".utf8.contains($0)
                }
                return token.count >= 8
            }
        }
    }

    /// Three parts of base64 with dots between them, of which the first two are JSON objects (RFC 7519).
    private static func hasWebToken(_ bytes: [UInt8]) -> Bool {
        LeakScan.places(of: "eyJ", in: bytes).contains { place in
            let word = bytes[place...].prefix(4096).prefix { $0.isWordByte || $0 == UInt8(ascii: ".") }
            let parts = word.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            return parts.count >= 3 && parts[1].starts(with: "eyJ".utf8) && parts[2].count >= 16
        }
    }

    /// `/t/TOKEN/` behind a `://` of the same word; conda's own `<TOKEN>` is none.
    private static func hasToken(_ bytes: [UInt8]) -> Bool {
        LeakScan.places(of: "/t/", in: bytes).contains { place in
            let token = bytes[(place + 3)...].prefix { $0.isWordByte }
            guard token.count >= 8, bytes[token.endIndex...].first == UInt8(ascii: "/") else { return false }
            let before = bytes[..<place].suffix(512).reversed().prefix { !$0.endsURL }
            return String(decoding: before.reversed(), as: UTF8.self).contains("://")
        }
    }

    /// `://USER:PASSWORD@`; a password that is a variable is none.
    private static func hasLogin(_ bytes: [UInt8]) -> Bool {
        LeakScan.places(of: "://", in: bytes).contains { place in
            let authority = bytes[(place + 3)...].prefix(512).prefix { !$0.endsURL && $0 != UInt8(ascii: "/") }
            guard let at = authority.lastIndex(of: UInt8(ascii: "@")) else { return false }
            let login = authority[..<at]
            guard let colon = login.firstIndex(of: UInt8(ascii: ":")) else { return false }
            let password = String(decoding: login[(colon + 1)...], as: UTF8.self)
            return colon > login.startIndex && !SecretName.isReference(password)
        }
    }

    /// `://...?token=VALUE&...`.
    private static func hasSecretParameter(_ bytes: [UInt8]) -> Bool {
        LeakScan.places(of: "://", in: bytes).contains { place in
            let address = bytes[(place + 3)...].prefix(2048).prefix { !$0.endsURL }
            guard let mark = address.firstIndex(of: UInt8(ascii: "?")) else { return false }
            return address[(mark + 1)...].split(separator: UInt8(ascii: "&")).contains { parameter in
                let parts = parameter.split(separator: UInt8(ascii: "="), maxSplits: 1)
                guard parts.count == 2 else { return false }
                let (name, value) = (
                    String(decoding: parts[0], as: UTF8.self), String(decoding: parts[1], as: UTF8.self)
                )
                return SecretName.isSecret(name, value: value) && !SecretName.isReference(value)
            }
        }
    }
}
