/// What the host tool does, told while it does it; the door renders these, nothing here prints.
package enum HostEvent: Sendable, Equatable {
    case reusing(release: String)
    case linking(packages: Int, prefix: String, bootstrap: String)
    /// A link script's own words (`.messages.txt`), or two packages that bring the same path.
    case note(String)
    /// `user`: whom they run as, where that is not whoever runs the tool.
    case checking(count: Int, user: String?)
    case verifying(release: String)
    case serving(release: String, before: String?)
    case removing(release: String)
    case repaired(files: Int)
    /// Files with rpm's own temporary names.
    case removingRemains(files: Int)
    /// What this tool has not made, and leaves in its home.
    case leaving(paths: [String], folder: String)
    case service(name: String, action: String)
    case warning(String)

    /// One plain line.
    package var line: String {
        switch self {
        case .reusing(let release): "\(release) is already linked: verifying it"
        case .linking(let packages, let prefix, let bootstrap):
            "linking \(packages) packages into \(prefix)" + (bootstrap == "builtin" ? "" : " with \(bootstrap)")
        case .note(let text): text
        case .checking(let count, let user):
            "running \(count) check\(count == 1 ? "" : "s")" + (user.map { " as \($0)" } ?? "")
        case .verifying(let release): "verifying \(release)"
        case .serving(let release, nil): "\(release) serves"
        case .serving(let release, let before?):
            before == release ? "\(release) serves on" : "\(release) serves (before: \(before))"
        case .removing(let release): "removing \(release)"
        case .repaired(let files): files == 0 ? "nothing differs" : "repaired \(files) file\(files == 1 ? "" : "s")"
        case .removingRemains(let files):
            "removed \(files) file\(files == 1 ? "" : "s") that a killed rpm was unpacking"
        case .leaving(let paths, let folder):
            "left alone, as no document of this package names it, and \(folder) with it: \(paths.joined(separator: ", "))"
        case .service(let name, let action): "\(action) \(name)"
        case .warning(let text): "warning: \(text)"
        }
    }
}
