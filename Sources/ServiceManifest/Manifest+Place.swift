extension Manifest {
    /// Where on every host somebody other than root may make, move or exchange things.
    private static let openPlaces: [(path: String, reason: String)] = [
        ("/tmp", "everybody may write"), ("/var/tmp", "everybody may write"), ("/dev/shm", "everybody may write"),
        ("/var/lock", "everybody may write on some hosts"), ("/run/lock", "everybody may write on some hosts"),
        ("/home", "everybody's own folders are"), ("/run/user", "everybody's own folders are"),
    ]

    /// Refuses a `rpm.prefix` that somebody other than root could exchange on a host.
    ///
    /// Root runs and reads what is there: link scripts, this tool, the archives. A host refuses it too, in `%pre`; here it is
    /// known earlier.
    /// - Throws: which directory is whose, with a better place.
    package func checkPlace() throws(ManifestError) {
        guard let prefix = rpm.prefix ?? name.map({ "/opt/\($0)" }) else { return }
        guard
            let (place, owner) = untrustedPlaces(package: name ?? "").first(where: { place, _ in
                prefix == place || prefix.hasPrefix(place + "/")
            })
        else { return }
        throw ManifestError(
            file: path.isEmpty ? "command line" : path, key: "rpm.prefix",
            problem: "root runs what is in \(prefix), and below \(place) \(owner): they could exchange it",
            expected: "a directory below such as belong to root alone", advice: "choose a place such as /opt/NAME")
    }

    private func untrustedPlaces(package name: String) -> [(path: String, reason: String)] {
        let state = rpm.services.compactMap { service in
            service.stateDirectory.map {
                (
                    path: "/var/lib/\($0)",
                    reason: "the user \(service.user ?? name) of \(service.name).service may write"
                )
            }
        }
        let files = rpm.files.compactMap { file -> (path: String, reason: String)? in
            if let owner = file.owner, owner != "root" { return (file.destination, "\(owner) may write, by rpm.files") }
            guard let mode = file.mode, mode & 0o022 != 0 else { return nil }
            return (file.destination, "others than root may write, by the mode in rpm.files")
        }
        return Self.openPlaces + state + files
    }
}
