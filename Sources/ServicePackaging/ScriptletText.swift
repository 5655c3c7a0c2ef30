import FoundationEssentials
import RPMFormat
import ServiceManifest
import ServiceRelease

/// Fills the scriptlets of `scripts/rpm` in with one package's values.
///
/// The files are valid shell before and after: every `@WORD@` stands in single quotes, in a default value, or on a
/// line of its own, and every value is checked by the manifest's rules to need no quoting there.
struct ScriptletText {
    let release: Release
    let users: [ServiceUser]
    let scripts: ResolvedScripts
    /// KiB that bundle and linked release need beside what is there.
    let neededKiB: Int64
    /// The same where no file can be shared with unpacked packages.
    let copiedKiB: Int64
    /// What of them the bootstrap needs, and frees again.
    var bootstrapKiB: Int64 = 0

    /// The files, with at-signs around their words.
    enum Templates {
        static let pre = Template(PackageResources.pre_sh, mark: "@")
        static let post = Template(PackageResources.post_sh, mark: "@")
        static let preun = Template(PackageResources.preun_sh, mark: "@")
        static let postun = Template(PackageResources.postun_sh, mark: "@")
        static let trust = Template(PackageResources.trust_sh, mark: "@")
        static let verify = Template(PackageResources.verify_sh, mark: "@")
    }

    var scriptlets: RPMScriptlets {
        RPMScriptlets(
            pre: filled(Templates.pre, own: scripts.pre),
            post: filled(Templates.post, own: scripts.post),
            preun: filled(Templates.preun, own: scripts.preun),
            postun: filled(Templates.postun, own: scripts.postun),
            verify: filled(Templates.verify, own: nil))
    }

    private func filled(_ template: Template, own script: String?) -> RPMScriptlet {
        RPMScriptlet(body: template.filled(values(own: script)))
    }

    /// What the words of the templates stand for.
    func values(own script: String?) -> [String: String] {
        [
            "NAME": release.name,
            "IDENTIFIER": release.identifier,
            "ARCHITECTURE": release.target.architecture,
            "GLIBC": release.target.glibc,
            "NEEDED_KIB": "\(neededKiB)",
            "COPIED_KIB": "\(copiedKiB)",
            "BOOTSTRAP": release.bootstrap.kind,
            "BOOTSTRAP_KIB": "\(bootstrapKiB)",
            "PREFIX": release.prefix,
            "LAYOUT": release.layout.rawValue,
            "TRUST": Templates.trust.filled(["NAME": release.name]),
            "USERS": users.map(\.commands).joined(separator: "\n"),
            "SCRIPT": script.map(Self.subshell) ?? ":",
        ]
    }

    /// The packager's script runs by itself: its `exit`, variables and options end with it.
    private static func subshell(_ script: String) -> String {
        ResolvedScripts.opening + script + ResolvedScripts.closing
    }
}

/// The texts of the packager's own scripts.
package struct ResolvedScripts: Sendable, Hashable {
    package var pre: String?
    package var post: String?
    package var preun: String?
    package var postun: String?

    static let opening = "(\nset +eu\n"
    static let closing = "\n)"

    /// The packager's own script in the text of a scriptlet; nil where there is none.
    package static func own(in scriptlet: String) -> String? {
        // rpm keeps scriptlets without the line end behind them.
        let text = scriptlet + "\n"
        guard let start = text.firstRange(of: opening),
            let end = text[start.upperBound...].ranges(of: closing + "\n").last
        else { return nil }
        return String(text[start.upperBound..<end.lowerBound])
    }

    /// Reads scripts that stand in files.
    ///
    /// - Throws: `PackagingError.fileUnreadable`, `PackagingError.unsupportedScript`.
    package init(_ manifest: Manifest) throws(PackagingError) {
        let scripts = manifest.rpm.scripts
        pre = try Self.text(scripts.pre, key: "rpm.scripts.pre", manifest)
        post = try Self.text(scripts.post, key: "rpm.scripts.post", manifest)
        preun = try Self.text(scripts.preun, key: "rpm.scripts.preun", manifest)
        postun = try Self.text(scripts.postun, key: "rpm.scripts.postun", manifest)
    }

    private static func text(_ script: Script?, key: String, _ manifest: Manifest) throws(PackagingError) -> String? {
        guard let script else { return nil }
        guard script.interpreter == "/bin/sh" else {
            throw .unsupportedScript(key: key, interpreter: script.interpreter)
        }
        switch script.source {
        case .inline(let text): return text
        case .file(let path):
            let resolved = manifest.resolved(path)
            let bytes: Data
            do {
                bytes = try Data(contentsOf: URL(fileURLWithPath: resolved))
            } catch {
                throw .fileUnreadable(path: resolved, key: key, reason: error.systemReason)
            }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw .fileUnreadable(path: resolved, key: key, reason: "expected UTF-8 text, found other bytes")
            }
            return text
        }
    }
}
