import CondaModel

extension MatchSpec {
    /// The spec as people write it, `python >=3.10`, where name, version and build are all it has.
    var plain: String {
        guard details == MatchSpecDetails() else { return description }
        let parts = [nameMatcher.description, version?.description ?? (build == nil ? nil : "*"), build?.description]
        return parts.compactMap(\.self).joined(separator: " ")
    }
}
