import CondaModel

/// Chooses the packages of an environment.
///
/// The one point where the rest of the project meets a solver: a request goes in, the records to install come out.
package protocol Solving: Sendable {
    /// Finds the best set of packages that meets the request.
    ///
    /// The same request gives the same answer in the same order, dependencies before what needs them.
    ///
    /// - Throws: ``SolveError``, with an explanation that a person can act on when there is no such set.
    func solve(_ request: SolveRequest) throws(SolveError) -> [PackageRecord]
}
