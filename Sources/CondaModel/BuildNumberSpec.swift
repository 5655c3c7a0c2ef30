/// A condition on the build number, such as `3` or `>=2`.
package struct BuildNumberSpec: Hashable, Sendable, CustomStringConvertible {
    /// How the number of a record compares with the demanded one.
    package enum Relation: String, Hashable, Sendable, CaseIterable {
        /// The same number, written without an operator.
        case equal = ""
        /// Another number.
        case notEqual = "!="
        /// At most the number.
        case lessOrEqual = "<="
        /// At least the number.
        case greaterOrEqual = ">="
        /// Below the number.
        case less = "<"
        /// Above the number.
        case greater = ">"
    }

    /// The comparison.
    package let relation: Relation
    /// The number that is compared with.
    package let number: Int

    /// Makes a condition.
    package init(_ relation: Relation, _ number: Int) {
        (self.relation, self.number) = (relation, number)
    }

    /// Reads a number with an optional operator; `=` and `==` are the same.
    init(_ text: String) throws(TextProblem) {
        let sign = text.prefix { "=!<>~".contains($0) }
        let relation = sign == "=" || sign == "==" ? .equal : Relation(rawValue: String(sign))
        guard let relation else {
            throw TextProblem(
                at: 0, expected: "one of the operators ==, !=, <, <=, > and >=", found: "'\(sign)'")
        }
        let digits = text.dropFirst(sign.count).drop { $0 == " " }
        guard let number = Int(digits), number >= 0, digits.utf8.allSatisfy(isDigit) else {
            throw TextProblem(at: sign.utf8.count, expected: "a build number", found: "'\(digits)'")
        }
        self.init(relation, number)
    }

    /// Whether a build number fulfils the condition.
    package func matches(_ candidate: Int) -> Bool {
        switch relation {
        case .equal: candidate == number
        case .notEqual: candidate != number
        case .less: candidate < number
        case .lessOrEqual: candidate <= number
        case .greater: candidate > number
        case .greaterOrEqual: candidate >= number
        }
    }

    /// The operator and the number.
    package var description: String { relation.rawValue + String(number) }
}
