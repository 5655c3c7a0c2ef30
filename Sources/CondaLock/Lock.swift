import CondaModel
import StrictYAML

/// A lock error: the place in the file, what was expected, what was found.
package typealias LockError = DocumentError

/// The exact archives that answer a requirement set, for one or more platforms.
///
/// Whatever file it was read from, a lock has this form; written it is always a `conda-lock.yml` of format v1 (CEP 37).
package struct Lock: Hashable, Sendable {
    /// What wrote a lock.
    package enum Origin: Hashable, Sendable {
        /// This tool: content hashes and requirements in it are ours and can be compared.
        case ours
        /// conda-lock, mamba or another writer of `conda-lock.yml`.
        case condaLock
        /// A list of archives (`@EXPLICIT`, CEP 23).
        case explicit
        /// pixi, with the version of its lock format and the environment chosen from it.
        case pixi(version: Int, environment: String)
        /// A PEP 751 `pylock.toml`; holds wheels only.
        case pylock

        /// What a format that is read and never written is called; nil for a `conda-lock.yml`.
        package var foreignFormat: String? {
            switch self {
            case .ours, .condaLock: nil
            case .explicit: "an @EXPLICIT list"
            case .pixi: "a pixi.lock"
            case .pylock: "a pylock.toml"
            }
        }
    }

    /// What wrote it.
    package var origin = Origin.ours
    /// The channels in priority order: names or URLs, without credentials.
    package var channels: [String] = []
    /// The platforms it holds packages for.
    package var platforms: [Subdir] = []
    /// For each platform the digest of the requirement set; meaningful to the tool that wrote it only.
    package var contentHash: [Subdir: String] = [:]
    /// The manifests it was made from, relative to the lock.
    package var sources: [String] = []
    /// Free metadata; ``Lock/requirements(for:)`` and the mark of this tool are kept in it.
    package var customMetadata: [String: String] = [:]
    /// The packages of all platforms.
    package var packages: [LockedPackage] = []
    /// Why packages of a platform cannot be used, such as a source package in a `pixi.lock`.
    package var unusable: [Subdir: LockError] = [:]
    /// The lock's file in messages; empty for a lock that was never in a file.
    package var path = ""

    /// An empty lock.
    package init() {}

    /// The packages of one platform in the order of the lock.
    ///
    /// - Parameter categories: the groups wanted; a package in several of them is returned once.
    package func packages(
        for platform: Subdir, manager: LockedPackage.Manager? = nil, categories: Set<String> = ["main"]
    ) -> [LockedPackage] {
        var seen: Set<String> = []
        return packages.filter { package in
            package.platform == platform && categories.contains(package.category)
                && (manager == nil || package.manager == manager)
                && seen.insert("\(package.manager) \(package.name)").inserted
        }
    }
}
