import CondaLock
import CondaModel

/// What changed between two versions of a service.
package struct Comparison: Codable, Sendable, Hashable {
    /// How a package moved.
    package enum Move: String, Codable, Sendable, CaseIterable {
        case up, down
        /// The same version, built anew.
        case rebuilt
        /// The same version, from PyPI instead of a conda channel or the other way round.
        case moved
    }

    /// A package on both sides, not the same.
    package struct Change: Codable, Sendable, Hashable {
        package var move: Move
        package var name: String
        package var from: Contents.Item
        package var to: Contents.Item
    }

    /// A licence that is another one now.
    package struct LicenseChange: Codable, Sendable, Hashable {
        package var name: String
        package var from: String
        package var to: String
    }

    /// What came, went, and is no longer what it was, by name.
    package struct Names: Codable, Sendable, Hashable {
        package var added: [String] = []
        package var removed: [String] = []
        package var changed: [String] = []

        package var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }

        init(_ old: [String]?, _ new: [String]?) {
            guard let old, let new else { return }
            added = Set(new).subtracting(old).sorted()
            removed = Set(old).subtracting(new).sorted()
        }

        init(_ old: [String: String]?, _ new: [String: String]?) {
            self.init(old.map { Array($0.keys) }, new.map { Array($0.keys) })
            guard let old, let new else { return }
            changed = old.filter { name, value in new[name] ?? value != value }.keys.sorted()
        }
    }

    /// Bytes before and after.
    package struct Sizes: Codable, Sendable, Hashable {
        package var from: Int64
        package var to: Int64

        init?(_ from: Int64?, _ to: Int64?) {
            guard let from, let to, from != to else { return nil }
            (self.from, self.to) = (from, to)
        }
    }

    package var old: String
    package var new: String
    package var added: [Contents.Item]
    package var removed: [Contents.Item]
    /// Sorted by name.
    package var changed: [Change]
    package var licenses: [LicenseChange]
    package var requirements: Names
    package var commands: Names
    package var services: Names
    package var files: Names
    package var scripts: Names
    package var size: Sizes?
    package var installedSize: Sizes?

    /// Compares two sides; what one of them cannot tell is no difference.
    package init(_ old: Contents, _ new: Contents) {
        (self.old, self.new) = (old.title, new.title)
        let before = Dictionary(old.items.map { (Self.key($0), $0) }) { first, _ in first }
        let after = Dictionary(new.items.map { (Self.key($0), $0) }) { first, _ in first }
        added = after.filter { before[$0.key] == nil }.values.sorted { $0.name < $1.name }
        removed = before.filter { after[$0.key] == nil }.values.sorted { $0.name < $1.name }
        let common = before.compactMap { key, item in after[key].map { (item, $0) } }.sorted { $0.0.name < $1.0.name }
        changed = common.compactMap { from, to in
            Self.move(from, to).map { Change(move: $0, name: to.name, from: from, to: to) }
        }
        licenses = common.compactMap { from, to in
            guard let was = from.license, let now = to.license, was != now else { return nil }
            return LicenseChange(name: to.name, from: was, to: now)
        }
        requirements = Names(old.requirements, new.requirements)
        commands = Names(old.commands, new.commands)
        services = Names(old.services, new.services)
        files = Names(old.files, new.files)
        scripts = Names(old.scripts, new.scripts)
        size = Sizes(old.size, new.size)
        installedSize = Sizes(old.installedSize, new.installedSize)
    }

    /// Whether nothing differs but the name of the release.
    package var isEmpty: Bool {
        added.isEmpty && removed.isEmpty && changed.isEmpty && licenses.isEmpty
            && [requirements, commands, services, files, scripts].allSatisfy(\.isEmpty)
    }

    /// A distribution is one package, whether conda or a wheel brings it.
    private static func key(_ item: Contents.Item) -> String { DistributionName.canonical(item.name) }

    private static func move(_ from: Contents.Item, _ to: Contents.Item) -> Move? {
        if from.version != to.version {
            guard let was = try? Version(from.version), let now = try? Version(to.version) else { return .up }
            if was != now { return was < now ? .up : .down }
        }
        if from.kind != to.kind { return .moved }
        let isSameFile = from.sha256 == nil || to.sha256 == nil || from.sha256 == to.sha256
        return from.build == to.build && isSameFile ? nil : .rebuilt
    }
}
