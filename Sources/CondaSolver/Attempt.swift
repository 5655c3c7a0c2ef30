/// One search for a solution.
struct Attempt {
    let goals: Goals
    /// What there is to choose from, with everything that was derived from it so far.
    private(set) var catalog: Catalog

    /// How an attempt ended.
    enum Outcome {
        case solved([CandidateID])
        case impossible(Conflict)
    }

    init(_ catalog: consuming Catalog, _ request: SolveRequest) throws(SolveError) {
        goals = try Goals(request, in: &catalog)
        self.catalog = catalog
    }

    init(_ catalog: consuming Catalog, _ goals: Goals) {
        self.catalog = catalog
        self.goals = goals
    }

    /// Gives the catalog away, so that it can be changed without a copy.
    private mutating func takeCatalog() -> Catalog {
        let taken = catalog
        catalog = Catalog(prefersChannels: false)
        return taken
    }

    /// Runs the search.
    mutating func run() -> Outcome {
        var encoder = Encoder(takeCatalog())
        encoder.encode(requirements: goals.virtual + goals.required, constraints: goals.pinned)
        catalog = encoder.takeCatalog()
        let meanings = encoder.problem.meanings
        let served = ServedClauses(encoder.problem)
        var search = Search(encoder.takeProblem())
        switch search.run() {
        case .solved(let variables):
            return .solved(
                variables.compactMap { variable in
                    if case .candidate(let id) = meanings[Int(variable.index)] { id } else { nil }
                })
        case .impossible(let proof):
            var reader = ProofReader(meanings: meanings, served: served, pinned: goals.pinned, catalog: catalog)
            for clause in proof { reader.read(clause, search.clauses) }
            return .impossible(reader.conflict)
        }
    }
}
