/// Why a candidate may not be chosen, whatever else is.
enum Exclusion: Hashable {
    /// A channel of higher priority has the name.
    case hidden(byChannel: String)
    /// The user asked for the name from another channel.
    case otherChannel(wanted: String)
    /// Built after the cutoff, or at an unknown time.
    case tooNew
    /// One of its dependencies or constraints cannot be read.
    case unreadable(dependency: String, problem: String)
}
