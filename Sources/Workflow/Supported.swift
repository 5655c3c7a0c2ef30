import CondaModel
import ServiceManifest
import ServicePackaging

/// What cannot be built is refused, never ignored.
///
/// Keys of the manifest that are valid and that this version does not act on, and packages that the target's hosts could
/// not run.
enum Supported {
    static func check(_ manifest: Manifest) throws {
        try manifest.checkUsers()
        try manifest.checkPlace()
        let section = manifest.rpm
        if section.bootstrap.kind != .builtin, !manifest.pip.isEmpty || !section.wheels.isEmpty {
            throw PackagingError.unsupported(
                feature: "a bootstrap that links wheels", key: "rpm.bootstrap",
                remedy: "use 'bootstrap: builtin', or take these packages from a conda channel")
        }
        if section.layout != .archives { try checkWithoutArchives(section) }
        try checkSecrets(section)
        if section.rollback == .auto, section.health.isEmpty {
            throw PackagingError.unsupported(
                feature: "automatic rollback without a health check", key: "rpm.rollback",
                remedy: "add rpm.health, such as [curl -fsS http://127.0.0.1:8000/]")
        }
    }

    /// Holds what packages say of their hosts against the target.
    ///
    /// A lock that another tool wrote was made for hosts of its own. An NVIDIA driver is left out, for the RPM's description
    /// names who needs it.
    ///
    /// - Throws: `WorkflowError.beyondTarget`.
    static func check(
        _ records: [PackageRecord], virtual: [VirtualPackage], target: String
    ) throws(WorkflowError) {
        let unmet = records.flatMap { record in
            record.depends.filter { isUnmet($0, virtual) }.map { "\(record.name) needs '\($0)'" }
        }
        if unmet.isEmpty { return }
        throw .beyondTarget(target: target, unmet: unmet.sorted(), given: virtual.map(\.description).sorted())
    }

    private static func isUnmet(_ dependency: String, _ virtual: [VirtualPackage]) -> Bool {
        guard dependency.hasPrefix("__"), !dependency.hasPrefix("__cuda"), let spec = try? MatchSpec(dependency) else {
            return false
        }
        return !virtual.contains { spec.matches($0.record) }
    }

    /// The first systemd that knows `LoadCredential=`; an older one warns in its journal and starts the service without.
    private static let credentialsNeed = 247

    /// Secrets stay on the host, and get to the service.
    private static func checkSecrets(_ section: RPMSection) throws(PackagingError) {
        let systemd = section.target.systemd
        if let service = section.services.first(where: { !$0.credentials.isEmpty }), systemd < credentialsNeed {
            throw .unsupported(
                feature:
                    "credentials, which need systemd \(credentialsNeed), on \(section.target.name) with \(systemd)",
                key: "rpm.services.\(service.name).credentials",
                remedy: "use environment_file, or a target of newer hosts")
        }
        let shipped = Set(section.files.map(\.destination))
        for service in section.services {
            let named = service.environmentFile.map { $0.hasPrefix("-") ? String($0.dropFirst()) : $0 }
            let paths = (named.map { [$0] } ?? []) + service.credentials.map(\.path)
            guard let path = paths.first(where: { path in shipped.contains { path == $0 || path.hasPrefix($0 + "/") } })
            else { continue }
            throw .unsupported(
                feature: "a secret of \(service.name) in the RPM (\(path)), where everybody can read it,",
                key: "rpm.files",
                remedy: "ship an example under another name; the file itself is made on each host")
        }
    }

    /// Hosts get no archives: the linked prefix, or packages that are unpacked already.
    private static func checkWithoutArchives(_ section: RPMSection) throws(PackagingError) {
        let layout = "layout \(section.layout.rawValue)"
        if section.bootstrap.kind != .builtin {
            throw .unsupported(
                feature: "a bootstrap in \(layout)", key: "rpm.bootstrap",
                remedy: "leave rpm.bootstrap out: the host tool does what is left to do")
        }
        if section.transmute {
            throw .unsupported(
                feature: "transmuting archives in \(layout)", key: "rpm.transmute",
                remedy: "leave rpm.transmute out: the RPM carries no archives")
        }
        if !section.keepArchives {
            throw .unsupported(
                feature: "dropping archives in \(layout)", key: "rpm.keep_archives",
                remedy: "leave rpm.keep_archives out: the RPM carries no archives")
        }
    }
}
