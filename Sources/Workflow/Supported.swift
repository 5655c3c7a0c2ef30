import ServiceManifest
import ServicePackaging

/// Keys of the manifest that are valid, and that this version does not act on: refused, never ignored.
enum Supported {
    static func check(_ manifest: Manifest) throws(PackagingError) {
        let section = manifest.rpm
        if section.bootstrap.kind != .builtin, !manifest.pip.isEmpty || !section.wheels.isEmpty {
            throw .unsupported(
                feature: "a bootstrap that links wheels", key: "rpm.bootstrap",
                remedy: "use 'bootstrap: builtin', or take these packages from a conda channel")
        }
        if section.layout != .archives { try checkWithoutArchives(section) }
        if section.rollback == .auto, section.health.isEmpty {
            throw .unsupported(
                feature: "automatic rollback without a health check", key: "rpm.rollback",
                remedy: "add rpm.health, such as [curl -fsS http://127.0.0.1:8000/]")
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
