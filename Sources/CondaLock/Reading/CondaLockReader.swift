import CondaModel
import StrictYAML

/// Reads `conda-lock.yml` of format v1 (CEP 37), from whatever tool.
struct CondaLockReader {
    let root: YAMLNode
    let reading: LockReading

    func lock() throws(LockError) -> Lock {
        let top = try Fields(root, "a conda-lock.yml")
        if let version = top["version"], try version.text() != "1" {
            throw version.error(
                expected: "format version 1", found: version.summary,
                advice: "write the lock with conda-lock 1 or newer")
        }
        var lock = Lock()
        lock.origin = .condaLock
        try readMetadata(try Fields(try top.required("metadata"), "metadata"), into: &lock)
        let location = LockedLocation(reading: reading, folder: "")
        let items = try top.required("package").items(expected: "a list of packages")
        lock.packages.reserveCapacity(items.count)
        for item in items { lock.packages.append(try package(item, location, lock.platforms)) }
        return lock
    }

    private func readMetadata(_ metadata: Fields, into lock: inout Lock) throws(LockError) {
        for node in try metadata.required("platforms").items() { lock.platforms.append(try subdir(node)) }
        for node in try metadata.required("channels").items() {
            let url = try node.kind == .mapping ? Fields(node, "a channel").required("url").text() : node.text()
            lock.channels.append(ChannelName.withoutCredentials(url))
        }
        for entry in try metadata.required("content_hash").entries() {
            if let platform = Subdir(rawValue: entry.name) { lock.contentHash[platform] = try entry.value.text() }
        }
        for node in try metadata["sources"]?.items() ?? [] { lock.sources.append(try node.text()) }
        if let custom = metadata["custom_metadata"], custom.kind != .nothing {
            for entry in try custom.entries() { lock.customMetadata[entry.name] = try emptyOrText(entry.value) }
        }
        if lock.customMetadata[Lock.generatorKey] == Lock.generator { lock.origin = .ours }
        for entry in try metadata.node.entries() where !Self.knownMetadata.contains(entry.name) {
            if entry.value.kind != .nothing { lock.otherMetadata[entry.name] = try entry.value.yaml() }
        }
    }

    private static let knownMetadata: Set = ["platforms", "channels", "content_hash", "sources", "custom_metadata"]

    private func package(
        _ node: YAMLNode, _ location: LockedLocation, _ platforms: [Subdir]
    ) throws(LockError) -> LockedPackage {
        let fields = try Fields(node, "a package")
        let platform = try fields.required("platform")
        var package = LockedPackage(
            name: try fields.required("name").text(), version: try fields.required("version").text(),
            manager: try manager(fields.required("manager")), platform: try subdir(platform), url: "")
        guard platforms.contains(package.platform) else {
            throw platform.error(
                expected: "one of the lock's platforms (\(platforms.map(\.rawValue).joined(separator: ", ")))",
                found: platform.summary)
        }
        location.place(try fields.required("url").text(expected: "a URL"), in: &package)
        // conda-lock puts the commit of a Git source where a digest belongs.
        if !package.url.hasPrefix("git+") {
            let hash = try Fields(try fields.required("hash"), "hash")
            package.md5 = try hash.digest("md5", digits: 32)
            package.sha256 = try hash.digest("sha256", digits: 64)
        }
        if let build = fields["build"], build.kind == .text { package.build = try build.text() }
        if let category = fields["category"] { package.category = try category.text() }
        if let optional = fields["optional"] { package.isOptional = try optional.boolean() }
        if let dependencies = fields["dependencies"], dependencies.kind != .nothing {
            package.dependencies = try dependencyMap(dependencies)
        }
        return package
    }

    private func dependencyMap(_ node: YAMLNode) throws(LockError) -> [LockedPackage.Dependency] {
        var dependencies: [LockedPackage.Dependency] = []
        for entry in try node.entries() {
            dependencies.append(LockedPackage.Dependency(name: entry.name, constraint: try emptyOrText(entry.value)))
        }
        return dependencies.sorted { $0.name < $1.name }
    }

    private func emptyOrText(_ node: YAMLNode) throws(LockError) -> String {
        node.kind == .nothing ? "" : try node.text()
    }

    private func manager(_ node: YAMLNode) throws(LockError) -> LockedPackage.Manager {
        guard let manager = LockedPackage.Manager(rawValue: try node.text()) else {
            throw node.unexpected(expected: "conda or pip")
        }
        return manager
    }

    private func subdir(_ node: YAMLNode) throws(LockError) -> Subdir {
        guard let subdir = Subdir(rawValue: try node.text()), subdir != .noarch else {
            throw node.unexpected(expected: "a platform such as linux-64")
        }
        return subdir
    }
}
