import CondaPrefix
import ServiceRelease

/// The look at a release that is there already, before it may serve: whether its files are those that were recorded, and
/// whether its checks succeed.
///
/// It may have lain there for months. What is not fit is refused, and what serves goes on.
struct Fitness: Sendable {
    let home: ServiceHome
    let identifier: String
    /// The release of the installed RPM.
    let installed: String?
    let events: @Sendable (HostEvent) -> Void

    /// - Throws: `HostError.notFit`.
    func require() throws {
        do {
            events(.verifying(release: identifier))
            try Verification(home: home).requireWhole(identifier)
            try ReleaseChecks(
                home: home, identifier: identifier, release: try home.readDocument(identifier), events: events
            ).run()
        } catch HostError.interrupted(let signal) {
            throw HostError.interrupted(signal: signal)
        } catch PrefixError.interrupted(let signal) {
            throw HostError.interrupted(signal: signal)
        } catch {
            throw HostError.notFit(release: identifier, reason: "\(error)", remedy: remedy(error))
        }
    }

    /// A release whose RPM is not installed any more has no archives here to be mended from.
    private func remedy(_ error: any Error) -> String {
        let others = home.completeReleases().filter { $0 != identifier && $0 != home.serving() }
        let choice = others.joined(separator: "|")
        let other = others.isEmpty ? "" : "; or let another serve: NAME-release rollback \(choice)"
        let package = (try? home.readDocument(identifier))?.identifier ?? identifier
        let mend =
            switch error {
            case HostError.checkFailed: "mend what the check needs"
            case PrefixError.cannotRun: (error as? PrefixError)?.hint ?? "mend what keeps it from running"
            case _ where package == installed: "mend it with: NAME-release repair"
            default: "put its files back with: dnf downgrade NAME-\(package)"
            }
        return "\(mend)\(other); --force lets it serve without a look"
    }
}
