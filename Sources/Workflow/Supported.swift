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
        if section.layout != .archives {
            throw .unsupported(
                feature: "the layout \(section.layout.rawValue)", key: "rpm.layout", remedy: "use 'layout: archives'")
        }
        if section.rollback == .auto, section.health.isEmpty {
            throw .unsupported(
                feature: "automatic rollback without a health check", key: "rpm.rollback",
                remedy: "add rpm.health, such as [curl -fsS http://127.0.0.1:8000/]")
        }
    }
}
