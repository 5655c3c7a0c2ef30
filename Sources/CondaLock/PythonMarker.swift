import CondaModel

/// A condition on the target, such as `sys_platform == 'linux' and python_version < '3.13'` (PEP 508).
struct PythonMarker {
    /// Why a condition has no answer.
    enum Problem: Error, Hashable {
        case malformed
        /// A variable whose value only the host knows, such as `platform_release`.
        case unknown(variable: String)
    }

    /// What the variables stand for.
    private(set) var environment: [String: String]
    private var tokens: ArraySlice<Token> = []
    private var depth = 0
    /// Parentheses within each other; real conditions have two or three.
    private static let depthLimit = 64

    /// The values of one CPython on Linux; without a version, conditions on it have no answer.
    init(python: String?, platform: Subdir) {
        var values = [
            "os_name": "posix", "sys_platform": "linux", "platform_system": "Linux",
            "platform_python_implementation": "CPython", "implementation_name": "cpython",
        ]
        values["platform_machine"] = platform.rpmArchitecture
        if let python {
            values["python_full_version"] = python
            values["implementation_version"] = python
            values["python_version"] = python.split(separator: ".").prefix(2).joined(separator: ".")
        }
        environment = values
    }

    /// The same for the requirements of one extra of a distribution; empty: of the distribution itself.
    func with(extra: String) -> PythonMarker {
        var marker = self
        marker.environment["extra"] = extra
        return marker
    }

    /// Whether a condition holds.
    func holds(_ text: String) throws(Problem) -> Bool {
        var parser = self
        parser.tokens = try Token.all(in: text)[...]
        let result = try parser.alternatives()
        guard parser.tokens.isEmpty else { throw .malformed }
        return result
    }

    private mutating func alternatives() throws(Problem) -> Bool {
        var result = try conjunction()
        while take(.word("or")) {
            let next = try conjunction()
            result = result || next
        }
        return result
    }

    private mutating func conjunction() throws(Problem) -> Bool {
        var result = try condition()
        while take(.word("and")) {
            let next = try condition()
            result = result && next
        }
        return result
    }

    private mutating func condition() throws(Problem) -> Bool {
        if take(.sign("(")) {
            depth += 1
            defer { depth -= 1 }
            guard depth <= Self.depthLimit else { throw .malformed }
            let result = try alternatives()
            guard take(.sign(")")) else { throw .malformed }
            return result
        }
        let left = try operand()
        let comparison = try comparison()
        let right = try operand()
        return try compare(left, comparison, right)
    }

    private struct Operand {
        let value: String
        var isVersion = false
        var isExtra = false
    }

    private mutating func operand() throws(Problem) -> Operand {
        switch tokens.popFirst() {
        case .text(let value): return Operand(value: value)
        case .word(let name):
            guard let value = environment[name] else { throw .unknown(variable: name) }
            return Operand(value: value, isVersion: name.hasSuffix("_version"), isExtra: name == "extra")
        default: throw .malformed
        }
    }

    private mutating func comparison() throws(Problem) -> String {
        switch tokens.popFirst() {
        case .sign(let sign) where sign != "(" && sign != ")": return sign
        case .word("in"): return "in"
        case .word("not") where take(.word("in")): return "not in"
        default: throw .malformed
        }
    }

    private func compare(_ left: Operand, _ comparison: String, _ right: Operand) throws(Problem) -> Bool {
        switch comparison {
        case "in": return right.value.contains(left.value)
        case "not in": return !right.value.contains(left.value)
        case "===": return left.value == right.value
        default: break
        }
        // `'3.9' <= python_version` reads the other way round.
        if right.isVersion, !left.isVersion {
            return try compare(right, Self.mirrored[comparison] ?? comparison, left)
        }
        if left.isVersion, let version = try? Version(left.value),
            let spec = try? VersionSpec(comparison + right.value)
        {
            return spec.matches(version)
        }
        guard left.isExtra || right.isExtra else { return try compare(texts: left.value, comparison, right.value) }
        // Names of extras have several spellings, as those of distributions do (PEP 685).
        return try compare(
            texts: DistributionName.canonical(left.value), comparison, DistributionName.canonical(right.value))
    }

    private static let mirrored = ["<": ">", "<=": ">=", ">": "<", ">=": "<="]

    private func compare(texts left: String, _ comparison: String, _ right: String) throws(Problem) -> Bool {
        switch comparison {
        case "==": left == right
        case "!=": left != right
        case "<": left < right
        case "<=": left <= right
        case ">": left > right
        case ">=": left >= right
        default: throw .malformed
        }
    }

    private mutating func take(_ token: Token) -> Bool {
        guard tokens.first == token else { return false }
        tokens.removeFirst()
        return true
    }
}

extension PythonMarker {
    private enum Token: Hashable {
        case word(String)
        case text(String)
        case sign(String)

        static func all(in text: String) throws(Problem) -> [Token] {
            var tokens: [Token] = []
            var rest = text[...]
            while let first = rest.first {
                if first.isWhitespace {
                    rest.removeFirst()
                } else if first == "'" || first == "\"" {
                    rest.removeFirst()
                    guard let end = rest.firstIndex(of: first) else { throw .malformed }
                    tokens.append(.text(String(rest[..<end])))
                    rest = rest[rest.index(after: end)...]
                } else if let sign = signs.first(where: rest.hasPrefix) {
                    tokens.append(.sign(sign))
                    rest.removeFirst(sign.count)
                } else {
                    let word = rest.prefix { $0 == "_" || $0 == "." || ($0.isASCII && ($0.isLetter || $0.isNumber)) }
                    guard !word.isEmpty else { throw .malformed }
                    tokens.append(.word(String(word)))
                    rest.removeFirst(word.count)
                }
            }
            return tokens
        }

        private static let signs = ["===", "==", "!=", "~=", "<=", ">=", "<", ">", "(", ")"]
    }
}
