/// A place that serves conda packages, under a name that is safe to write anywhere.
///
/// Two channels are the same when they serve from the same place, whatever authenticates the requests. ``description``,
/// ``name`` and ``baseURL`` never hold credentials; those travel in ``location`` behind ``Redacted``.
package struct Channel: Hashable, Sendable, CustomStringConvertible {
    /// Canonical name (CEP 26): `conda-forge`, `conda-forge/label/dev`, or the URL when no configured place covers it.
    package let name: String
    /// Where the subdirectories are, without credentials and without trailing slash.
    package var baseURL: String { location.description }
    /// Where requests go, with what authenticates them.
    let location: ResourceURL

    package var description: String { name }

    init(name: String, location: ResourceURL) {
        self.name = name
        self.location = location
    }

    /// The URL of a subdirectory, without trailing slash.
    func subdirectory(_ subdir: String) -> ResourceURL { location.appending(subdir) }

    package static func == (left: Channel, right: Channel) -> Bool {
        left.name == right.name && left.baseURL == right.baseURL
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(baseURL)
    }
}
