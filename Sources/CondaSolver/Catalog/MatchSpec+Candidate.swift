import CondaModel

extension MatchSpec {
    /// Whether version numbers alone decide which candidates of a name match.
    var testsOnlyVersion: Bool {
        build == nil && details == MatchSpecDetails()
    }

    /// Whether a candidate fulfils the spec.
    func matches(_ candidate: Candidate) -> Bool {
        if candidate.kind == .virtual {
            let record = candidate.record
            return matches(
                name: record.name, version: record.version, build: record.build, buildNumber: record.buildNumber)
        }
        return matches(candidate.record)
    }
}
