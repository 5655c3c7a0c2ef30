import CondaModel

/// A solver that gives rattler's answers: the same records for the same request.
///
/// It makes resolvo's choices in resolvo's order. Candidates are preferred as rattler prefers them: without tracked
/// features, from the channel of higher priority (with flexible priority), of the higher version, of the higher build
/// number, with the higher versions of shared dependencies, built later.
package struct ClauseLearningSolver: Solving {
    /// Makes a solver; it keeps nothing between requests.
    package init() {}

    /// Finds the best set of records that meets the request; see ``Solving/solve(_:)``.
    package func solve(_ request: SolveRequest) throws(SolveError) -> [PackageRecord] {
        var catalog = Catalog(request)
        let goals = try Goals(request, in: &catalog)
        var encoder = Encoder(catalog)
        encoder.encode(requirements: goals.virtual + goals.required, constraints: goals.pinned)
        var search = Search(encoder.takeProblem())
        switch search.run() {
        case .solved(let variables):
            let chosen = variables.compactMap { search.candidate($0) }.map { encoder.catalog[$0] }
            return PackageRecord.topologicallySorted(chosen.filter { $0.kind != .virtual }.map(\.record))
        case .impossible(let clauses):
            throw .unsatisfiable(Explanation(requirements: [], reasons: []))
        }
    }
}
