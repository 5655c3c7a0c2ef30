import CondaModel

/// Whether a lock answers a requirement set, and if not, why.
package struct LockAnswer: Hashable, Sendable {
    /// One reason why a lock does not answer, in words by its `description`.
    package enum Reason: Hashable, Sendable, CustomStringConvertible {
        case noPackages(platform: Subdir, known: [Subdir])
        case channelsDiffer(locked: [String], wanted: [String])
        case notLocked(requirement: String)
        case doesNotMatch(requirement: String, locked: String)
        case added(requirement: String)
        case removed(requirement: String)
        case targetDiffers(locked: [String], wanted: [String])
        case broken(package: String, dependency: String, locked: String?)
        case contentHashDiffers

        package var description: String {
            switch self {
            case .noPackages(let platform, let known):
                "the lock has no packages for \(platform.rawValue), it is for \(list(known.map(\.rawValue)))"
            case .channelsDiffer(let locked, let wanted):
                "the channels are \(list(wanted)), the lock was made with \(list(locked))"
            case .notLocked(let requirement): "the requirement \(requirement) is not in the lock"
            case .doesNotMatch(let requirement, let locked):
                "the requirement \(requirement) does not match the locked \(locked)"
            case .added(let requirement): "the requirement \(requirement) was added since the lock was made"
            case .removed(let requirement): "the requirement \(requirement) was removed since the lock was made"
            case .targetDiffers(let locked, let wanted):
                "the target brings \(list(wanted)), the lock was made for \(list(locked))"
            case .broken(let package, let dependency, let locked?):
                "\(package) needs \(dependency), the lock has \(locked)"
            case .broken(let package, let dependency, nil): "\(package) needs \(dependency), the lock has none"
            case .contentHashDiffers: "the lock's content hash is not that of its requirements: it was edited"
            }
        }

        private func list(_ items: [String]) -> String { items.isEmpty ? "none" : items.joined(separator: ", ") }
    }

    /// The reasons; none when the lock answers.
    package var reasons: [Reason]

    /// Whether the lock answers.
    package var isAnswered: Bool { reasons.isEmpty }
}
