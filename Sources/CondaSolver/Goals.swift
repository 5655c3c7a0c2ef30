import CondaModel

/// What a request asks for, in the catalog's terms.
struct Goals {
    /// What the target offers, which is part of every solution.
    let virtual: [RequirementID]
    /// The user's requirements, in their order.
    var required: [RequirementID]
    /// The pins.
    var pinned: [RequirementID]

    /// Looks up every name that the request mentions.
    ///
    /// - Throws: ``SolveError`` when a spec has no plain name, or a required name is unknown.
    init(_ request: SolveRequest, in catalog: inout Catalog) throws(SolveError) {
        virtual = request.virtualPackages.map { catalog.requirementID(MatchSpec(name: $0.name), name: $0.name) }
        required = try request.specs.map { spec throws(SolveError) in
            let name = try Self.name(of: spec)
            guard catalog.isKnown(name) || spec.isVirtual else {
                throw .unknownRequirement(spec: spec, nearest: nearest(to: name, in: catalog.knownNames))
            }
            return catalog.requirementID(spec, name: name)
        }
        pinned = try request.pinned.map { spec throws(SolveError) in
            catalog.requirementID(spec, name: try Self.name(of: spec))
        }
    }

    private static func name(of spec: MatchSpec) throws(SolveError) -> String {
        guard let name = spec.name else {
            throw .unsupportedRequirement(spec: spec, reason: "it names no single package")
        }
        return name
    }
}
