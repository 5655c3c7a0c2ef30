import CondaSolver

/// Shorthands for the solver under test.
enum ClauseLearning {
    /// The file names of a solution, in the order of installation.
    static func files(_ scenario: Scenario, _ specs: String...) throws -> [String] {
        try ClauseLearningSolver().solve(scenario.request(specs)).map(\.fileName)
    }
}
