/// A package name of a ``Catalog``.
struct NameID: Hashable {
    let index: Int32
}

/// A record, virtual package or locked record of a ``Catalog``.
struct CandidateID: Hashable {
    let index: Int32
}

/// A distinct MatchSpec of a ``Catalog``, whether it is required, constrained or pinned.
struct RequirementID: Hashable {
    let index: Int32
}
