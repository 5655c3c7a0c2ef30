/// An error that tells its reader what to do next.
///
/// `description` says what was expected, what was found and where, in one or more lines without a final period.
/// ``hint`` is printed apart from it, so that a renderer can set it off and a program can leave it out.
package protocol ActionableError: Error, CustomStringConvertible, Sendable {
    /// What to do next; nil where the description already says it all.
    var hint: String? { get }
}
