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
        ///
        /// Told by two marks: `generator` in the metadata, and the comment at the head of the file. conda-lock keeps
        /// metadata that it does not know when it locks anew, but no comment; a person who edits a lock keeps both.
        case ours
        /// conda-lock, mamba or another writer of `conda-lock.yml`.
        case condaLock
        /// A list of archives (`@EXPLICIT`, CEP 23).
        case explicit
        /// pixi, with the version of its lock format and the environment chosen from it.
        case pixi(version: Int, environment: String)
        /// A PEP 751 `pylock.toml`; holds wheels only.
        case pylock

        /// What a lock that is not ours to change is called; nil for one of ours.
        package var foreignFormat: String? {
            switch self {
            case .ours: nil
            case .condaLock: "a lock that another tool wrote"
            case .explicit: "an @EXPLICIT list"
            case .pixi: "a lock of pixi"
            case .pylock: "a lock by PEP 751"
            }
        }

        /// Whether the lock may hold several environments by name.
        package var hasEnvironments: Bool {
            if case .pixi = self { true } else { false }
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
    /// Metadata of other tools that this one has no part in (`git_metadata` and the like), as YAML by its key.
    var otherMetadata: [String: String] = [:]
    /// The packages of all platforms.
    package var packages: [LockedPackage] = []
    /// Why packages of a platform cannot be used, such as a source package in a `pixi.lock`.
    package var unusable: [Subdir: LockError] = [:]
    /// The lock's file in messages; empty for a lock that was never in a file.
    package var path = ""

    /// An empty lock.
    package init() {}

    /// The groups that a platform has packages of, sorted.
    package func categories(for platform: Subdir) -> [String] {
        Set(packages.lazy.filter { $0.platform == platform }.map(\.category)).sorted()
    }

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
