/// Whether a variable looks as if it held a secret: told by its name, and by its value where the name may mean both.
///
/// Everybody on a host, and everybody who has the RPM, can read the variables of a manifest.
package enum SecretName {
    /// A name of a variable whose value, as it stands there, would be a secret.
    ///
    /// `DB_PASSWORD`, `apiKey`, `PGPASSWORD` and `AUTH_TOKEN` are; `KEYBOARD`, `TOKENIZERS_PARALLELISM`, `PUBLIC_KEY` and
    /// `DB_PASSWORD_FILE` with a path are not.
    package static func isSecret(_ name: String, value: String) -> Bool {
        let words = words(of: name)
        guard let word = words.lastIndex(where: isSecretWord), !saysNothing(value) else { return false }
        if words.first == "PUBLIC" || words.contains("PUB") { return false }
        if words.dropFirst(word + 1).contains(where: properties.contains) { return false }
        if let last = words.last, places.contains(last) { return !isPlace(value) }
        // A number of tokens, a column that is a key, the file of a key.
        if isKey(words[word]) || words[word].hasSuffix("TOKEN") { return !isNumber(value) && !isPath(value) }
        return true
    }

    /// Whether a value holds a password beside other things: `postgres://me:PASSWORD@db`, `host=db password=PASSWORD`.
    package static func hasPassword(_ value: String) -> Bool {
        let login = value.firstMatch(of: /:\/\/[^\/?#\s:@]*:([^\/?#\s@]+)@/)?.1
        let field = value.firstMatch(of: /(?i)(?:^|[\s;&?])(?:password|passwd|pwd|accountkey|secret)=([^\s;&]+)/)?.1
        return [login, field].compactMap(\.self).contains { !isReference(String($0)) }
    }

    /// What a template leaves for others to fill in: `${PASSWORD}`, `<password>`, `{password}`, `***`.
    package static func isReference(_ text: String) -> Bool { text.first.map { "$<{%*".contains($0) } ?? true }

    /// The words of a name in upper case: `dbPassword`, `db-password` and `DB_PASSWORD` have the same.
    static func words(of name: String) -> [String] {
        var words: [String] = []
        var word = ""
        var previous: Character = "_"
        for character in name {
            if !character.isLetter && !character.isNumber || previous.isLowercase && character.isUppercase {
                words.append(word)
                word = ""
            }
            if character.isLetter || character.isNumber { word.append(character) }
            previous = character
        }
        return (words + [word]).filter { !$0.isEmpty }.map { $0.uppercased() }
    }

    /// What ends a word that stands for a secret, written together with others or alone: `PGPASSWORD`, `AUTHTOKEN`.
    private static let endings = [
        "PASSWORD", "PASSWORDS", "PASSWD", "PASSPHRASE", "SECRET", "SECRETS", "CREDENTIAL", "CREDENTIALS", "TOKEN",
    ]

    /// Of keys only these: so many other words end like them.
    private static let keys: Set<String> = [
        "KEY", "APIKEY", "ACCESSKEY", "ACCOUNTKEY", "AUTHKEY", "ENCRYPTIONKEY", "MASTERKEY", "PRIVATEKEY", "PRIVKEY",
        "SECRETKEY", "SIGNINGKEY", "SSHKEY", "STORAGEKEY",
    ]

    /// What a secret has beside its value: `API_KEY_ID`, `TOKEN_TTL`.
    private static let properties: Set<String> = [
        "ALGORITHM", "COLUMN", "COUNT", "EXPIRY", "FIELD", "FORMAT", "HEADER", "ID", "LENGTH", "LIFETIME", "LIMIT",
        "MAX", "MIN", "NAME", "PREFIX", "SIZE", "TIMEOUT", "TTL", "TYPE", "VERSION",
    ]

    /// What says that the value is the place of a secret.
    private static let places: Set<String> = [
        "ARN", "DIR", "DIRECTORY", "ENDPOINT", "FILE", "FILENAME", "FOLDER", "PATH", "URI", "URL",
    ]

    private static func isSecretWord(_ word: String) -> Bool {
        isKey(word) || ["PWD", "PASS"].contains(word) || endings.contains { word.hasSuffix($0) }
    }

    private static func isKey(_ word: String) -> Bool { keys.contains(word) }

    /// Nothing, a switch, or what a template leaves for others to fill in.
    private static func saysNothing(_ value: String) -> Bool {
        ["", "true", "false", "yes", "no", "on", "off", "none", "null"].contains(value.lowercased())
            || value.hasPrefix("${") && value.hasSuffix("}")
    }

    private static func isPath(_ value: String) -> Bool {
        ["/", "./", "../", "~/", "$", "%d/"].contains { value.hasPrefix($0) } && !value.contains(where: \.isWhitespace)
    }

    private static func isPlace(_ value: String) -> Bool {
        value.contains("/") || value.contains(":") || isFileName(value)
    }

    /// `token.txt`, `db.key`.
    private static func isFileName(_ value: String) -> Bool {
        value.wholeMatch(of: /[A-Za-z0-9_-]+\.[A-Za-z]{2,5}/) != nil
    }

    private static func isNumber(_ value: String) -> Bool { Double(value) != nil }
}
