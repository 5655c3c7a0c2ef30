/// A statement that is true or false in a solution, such as "this candidate is installed".
struct Variable: Hashable {
    /// The number of the variable, dense from 0.
    let index: UInt32

    /// The statement that everything else follows from: the request is met.
    static let root = Variable(index: 0)

    /// The literal that is true when the variable is.
    var isTrue: Literal { Literal(code: index << 1) }
    /// The literal that is true when the variable is false.
    var isFalse: Literal { Literal(code: index << 1 | 1) }
}

/// A variable or its negation.
struct Literal: Hashable {
    /// Twice the variable's number, plus one for the negation.
    let code: UInt32

    var variable: Variable { Variable(index: code >> 1) }
    /// Whether the literal is the variable itself and not its negation.
    var isPositive: Bool { code & 1 == 0 }
    var negated: Literal { Literal(code: code ^ 1) }
    var index: Int { Int(code) }
}

/// The place of a clause in a ``ClauseStore``.
struct ClauseID: Hashable {
    let index: Int32

    /// Ends a list, and stands for the missing reason of a free choice's absence.
    static let none = ClauseID(index: -1)
}
