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
        if section.layout == .split {
            throw .unsupported(
                feature: "the layout split", key: "rpm.layout", remedy: "use 'layout: archives' or 'layout: prefix'")
        }
        if section.layout == .prefix { try checkPrefix(section) }
        if section.rollback == .auto, section.health.isEmpty {
            throw .unsupported(
                feature: "automatic rollback without a health check", key: "rpm.rollback",
                remedy: "add rpm.health, such as [curl -fsS http://127.0.0.1:8000/]")
        }
    }

    /// The build links the prefix itself, and hosts get no archives.
    private static func checkPrefix(_ section: RPMSection) throws(PackagingError) {
        if section.bootstrap.kind != .builtin {
            throw .unsupported(
                feature: "a bootstrap in layout prefix", key: "rpm.bootstrap",
                remedy: "leave rpm.bootstrap out: the build links the packages, and hosts need none")
        }
        if section.transmute {
            throw .unsupported(
                feature: "transmuting archives in layout prefix", key: "rpm.transmute",
                remedy: "leave rpm.transmute out: the RPM carries no archives")
        }
        if !section.keepArchives {
            throw .unsupported(
                feature: "dropping archives in layout prefix", key: "rpm.keep_archives",
                remedy: "leave rpm.keep_archives out: the RPM carries no archives")
        }
    }
}
