import ServiceManifest
import ServicePackaging

/// Keys of the manifest that are valid, and that this version does not act on: refused, never ignored.
enum Supported {
    static func check(_ manifest: Manifest) throws(PackagingError) {
        let section = manifest.rpm
        if section.layout != .archives {
            throw .unsupported(
                feature: "the layout \(section.layout.rawValue)", key: "rpm.layout", remedy: "use 'layout: archives'")
        }
        if section.transmute {
            throw .unsupported(feature: "transmuting", key: "rpm.transmute", remedy: "remove the key")
        }
        if section.rollback == .auto {
            throw .unsupported(
                feature: "automatic rollback", key: "rpm.rollback", remedy: "roll back by hand: NAME-release rollback")
        }
        if section.monitor != .never {
            throw .unsupported(
                feature: "a verify timer", key: "rpm.monitor", remedy: "call NAME-release verify from a timer of yours")
        }
        if !section.keepArchives {
            throw .unsupported(
                feature: "dropping the archives", key: "rpm.keep_archives", remedy: "use 'keep_archives: true'")
        }
    }
}
