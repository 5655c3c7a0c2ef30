import ServiceRelease

/// Writes variables in the form that systemd's `EnvironmentFile=` and a POSIX shell read alike.
///
/// Every value stands in double quotes. Both readers take a backslash before `"`, `\`, `` ` `` and `$` as an
/// escape there, and everything else, newlines included, as it is (systemd.exec(5)).
enum EnvironmentFile {
    static func text(_ variables: [EnvironmentVariable]) -> String {
        variables.map { "\($0.name)=\(quoted($0.value))\n" }.joined()
    }

    static func quoted(_ value: String) -> String {
        var result = "\""
        for character in value.unicodeScalars {
            if "\"\\`$".unicodeScalars.contains(character) { result.append("\\") }
            result.unicodeScalars.append(character)
        }
        return result + "\""
    }
}

extension EnvironmentFile {
    /// Reads back what `text` wrote, scalar by scalar: a quote and the accent that a value begins with are one character.
    static func variables(_ text: String) -> [EnvironmentVariable] {
        var result: [EnvironmentVariable] = []
        var rest = text.unicodeScalars[...]
        while let equals = rest.firstIndex(of: "=") {
            let name = String(rest[..<equals])
            rest = rest[rest.index(after: equals)...]
            result.append(EnvironmentVariable(name: name, value: takeQuoted(&rest)))
            rest = rest.dropFirst()
        }
        return result
    }

    /// Takes a value in double quotes off the front.
    private static func takeQuoted(_ rest: inout Substring.UnicodeScalarView) -> String {
        var value = String.UnicodeScalarView()
        rest = rest.dropFirst()
        while let scalar = rest.popFirst(), scalar != "\"" {
            guard scalar == "\\", let escaped = rest.popFirst() else {
                value.append(scalar)
                continue
            }
            value.append(escaped)
        }
        return String(value)
    }
}
