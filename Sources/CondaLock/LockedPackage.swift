import CondaModel

/// One archive or wheel of a lock.
package struct LockedPackage: Hashable, Sendable {
    /// The ecosystem a package belongs to.
    package enum Manager: String, Hashable, Sendable, CaseIterable {
        case conda
        /// PyPI.
        case pip
    }

    /// A package that is needed, and which versions of it.
    package struct Dependency: Hashable, Sendable {
        /// The name.
        package var name: String
        /// The rest of the requirement after the name; empty: any version.
        package var constraint: String

        /// Describes a dependency.
        package init(name: String, constraint: String) {
            self.name = name
            self.constraint = constraint
        }
    }

    /// The name.
    package var name: String
    /// The version as its archive spells it.
    package var version: String
    /// The build string of a conda package.
    package var build: String?
    /// The ecosystem.
    package var manager: Manager
    /// The platform it was locked for; never `noarch`.
    package var platform: Subdir
    /// What it needs, virtual packages (`__glibc`) included, one entry for each name, sorted by name.
    package var dependencies: [Dependency] = []
    /// Where its archive is, without credentials.
    package var url: String
    /// Where its archive is, with the credentials that the lock's file held; `nil`: as ``url``.
    package var privateURL: PrivateText?
    /// The archive's MD5 digest in lower-case hexadecimal.
    package var md5: String?
    /// The archive's SHA-256 digest in lower-case hexadecimal.
    package var sha256: String?
    /// The group it belongs to.
    package var category = "main"
    /// Whether it is left out unless its group is asked for.
    package var isOptional = false
    /// What only richer lock formats tell.
    package var details = Details()

    /// What a `pixi.lock` tells beyond a `conda-lock.yml`.
    package struct Details: Hashable, Sendable {
        /// The build number; `nil`: derived from the build string.
        package var buildNumber: Int?
        /// The archive's size in bytes.
        package var size: Int64?
        /// When it was built, in milliseconds since 1970.
        package var timestamp: Int64?
        /// The licence expression.
        package var license: String?
        /// What it does not tolerate beside it.
        package var constrains: [String] = []

        /// Nothing known.
        package init() {}
    }

    /// Describes a package with everything else at its default.
    package init(name: String, version: String, manager: Manager, platform: Subdir, url: String) {
        self.name = name
        self.version = version
        self.manager = manager
        self.platform = platform
        self.url = url
    }

    /// The last part of the URL's path.
    package var fileName: String { ArchiveLocation.fileName(of: url) }
}

/// A text that may hold credentials: it never appears in a description, a dump or a message.
package struct PrivateText: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
{
    /// The text itself; never to be written or printed.
    package let value: String

    /// Wraps a text.
    package init(_ value: String) { self.value = value }

    package var description: String { "(hidden)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
