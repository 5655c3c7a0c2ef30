import ArgumentParser
import FoundationEssentials
import HostLifecycle
import ServiceRelease

/// Where the service lives; both answers come from the tool's own place unless they are given.
struct Place: ParsableArguments {
    @Option(help: "The bundle of the release, e.g. /opt/orders/bundle/2.4.0-1.")
    var bundle: String?

    @Option(help: "The service's home, e.g. /opt/orders. By default the bundle's.")
    var root: String?

    /// A word that is empty is a variable that was not set, in the script that calls.
    func validate() throws {
        if bundle?.isEmpty == true { throw ValidationError("expected a folder after --bundle, found nothing") }
        guard let root else { return }
        guard root.hasPrefix("/"), root.contains(where: { $0 != "/" }) else {
            throw ValidationError("expected an absolute path after --root, such as /opt/orders, found '\(root)'")
        }
    }

    func bundlePath() throws -> String {
        guard let bundle else { return try Self.ownBundle() }
        return Self.trimmed(OwnPath.absolute(bundle))
    }

    /// The directory this program stands in, when it is a bundle.
    static func ownBundle() throws -> String {
        let folders = OwnPath.folders
        guard let found = folders.first(where: { FileManager.default.fileExists(atPath: "\($0)/\(Release.fileName)") })
        else { throw HostError.notABundle(path: folders.first ?? "this program's folder") }
        return found
    }

    func home() throws -> ServiceHome {
        if let root { return ServiceHome(root: Self.trimmed(root)) }
        return try ServiceHome(bundle: try bundlePath())
    }

    func operations() throws -> Operations {
        Operations(home: try home(), bundle: try bundlePath(), events: report)
    }

    private static func trimmed(_ path: String) -> String {
        path.hasSuffix("/") ? trimmed(String(path.dropLast())) : path
    }
}
