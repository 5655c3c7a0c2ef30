import HostSystem

/// A text that is no MatchSpec, or one that asks for something that is not supported.
package struct MatchSpecError: ActionableError, Hashable {
    /// The text that was read.
    package let text: String
    /// What is wrong with it.
    package let problem: TextProblem

    /// The 1-based column of the offence, in characters.
    package var column: Int { problem.column(in: text) }

    /// Names the text, the column, what was expected and what was found; URLs without credentials.
    package var description: String {
        "'\(shownText)' is not a package specification: expected \(problem.expected) in column \(column), "
            + "found \(problem.found)"
    }

    /// What to write instead.
    package var hint: String? {
        problem.hint ?? "write a name and what is wanted of it, such as 'numpy >=1.26,<2' or 'conda-forge::python=3.12'"
    }

    private var shownText: String {
        text.contains("@") || text.contains("/t/") ? ChannelName.withoutCredentials(text) : text
    }
}
