import CondaModel
import HostSystem

/// Why there is no solution.
package enum SolveError: ActionableError, Hashable {
    /// A requirement or pin names a package that no channel and no virtual package has.
    ///
    /// `nearest` is the known name that was probably meant. Only the records of the request are known here: the
    /// caller can say which channels were searched and look among all of their names.
    case unknownRequirement(spec: MatchSpec, nearest: String?)
    /// A requirement or pin that a solver cannot use, such as a name with a glob.
    case unsupportedRequirement(spec: MatchSpec, reason: String)
    /// The requirements exclude each other or ask for what the channels and the target do not have.
    case unsatisfiable(Explanation)

    /// What was wanted and what stands against it.
    package var description: String {
        switch self {
        case .unknownRequirement(let spec, _):
            "no package is named '\(spec.name ?? spec.description)', which the requirement '\(spec)' asks for"
        case .unsupportedRequirement(let spec, let reason): "the requirement '\(spec)' cannot be used: \(reason)"
        case .unsatisfiable(let explanation): explanation.description
        }
    }

    /// What to do next.
    package var hint: String? {
        switch self {
        case .unknownRequirement(_, let nearest?): "did you mean '\(nearest)'?"
        case .unknownRequirement: "check the spelling and the channels"
        case .unsupportedRequirement: "write the package's full name, such as 'python >=3.10'"
        case .unsatisfiable(let explanation): explanation.hint
        }
    }
}
