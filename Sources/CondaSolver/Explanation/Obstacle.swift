/// What stands against candidates.
enum Obstacle: Hashable {
    /// They are excluded, whatever else is.
    case excluded(Exclusion)
    /// Someone demands of their name what they do not meet.
    case rival(DemandIndex.Rival)
    /// They require something.
    case needs(RequirementID)
    /// They work only with certain candidates of a name, if that is chosen at all.
    case worksOnlyWith(NameID)
}

/// Candidates against which the same stands.
struct ObstacleGroup {
    let obstacles: [Obstacle]
    var candidates: [CandidateID]
}
