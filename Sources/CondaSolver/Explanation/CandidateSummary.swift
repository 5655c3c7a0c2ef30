import CondaModel

/// Names several candidates of one name in a few words, such as `numpy 1.24.0, 1.24.1` or
/// `numpy 1.20.0 to 1.26.4 (31 versions)`.
struct CandidateSummary: CustomStringConvertible {
    private let name: String
    /// Distinct versions, ascending.
    private let versions: [Version]
    private let channels: [String]

    /// How many versions are named one by one.
    private static let versionLimit = 3

    init(_ candidates: [Candidate]) {
        name = candidates.first?.record.name ?? ""
        var versions: [Version] = []
        for version in candidates.map(\.record.version).sorted() where versions.last != version {
            versions.append(version)
        }
        self.versions = versions
        channels = Set(candidates.map(\.record.channel)).sorted()
    }

    /// A verb in the form that fits the number of versions.
    func verb(_ infinitive: String) -> String {
        switch (infinitive, versions.count == 1) {
        case ("be", let isOne): isOne ? "is" : "are"
        case ("do", true): "does"
        case (_, true): infinitive + "s"
        case (_, false): infinitive
        }
    }

    /// The name and the versions.
    var description: String {
        guard let first = versions.first, let last = versions.last else { return name }
        guard versions.count > Self.versionLimit else {
            return "\(name) \(versions.map(\.text).joined(separator: ", "))"
        }
        return "\(name) \(first) to \(last) (\(versions.count) versions)"
    }

    /// What an exclusion says about the candidates.
    func sentence(_ exclusion: Exclusion) -> String {
        let verb = verb("be")
        switch exclusion {
        case .hidden(let channel):
            let place = channels.map { "'\($0)'" }.joined(separator: ", ")
            return "\(self) of \(place) \(verb) hidden by '\(channel)', which has \(name) too and a higher priority"
        case .otherChannel(let wanted): return "\(self) \(verb) not in the channel '\(wanted)'"
        case .tooNew: return "\(self) \(verb) newer than the cutoff date, or of unknown age"
        case .unreadable(let dependency, let problem):
            return "\(self) cannot be used: its dependency '\(dependency)' cannot be read: \(problem)"
        }
    }
}

extension Exclusion {
    /// The sort of statement that the exclusion makes.
    var kind: Explanation.Kind {
        switch self {
        case .hidden: .hidden
        case .otherChannel: .otherChannel
        case .tooNew: .tooNew
        case .unreadable: .unreadable
        }
    }
}
