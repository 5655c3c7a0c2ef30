import CondaModel
import StrictYAML

/// Reads one environment of a `pixi.lock`, format v6 or v7.
struct PixiReader {
    let root: YAMLNode
    let reading: LockReading

    func lock() throws(LockError) -> Lock {
        let top = try Fields(root, "a pixi.lock")
        let version = try version(try top.required("version"))
        let environment = try environment(try top.required("environments"))
        let entries = try packageEntries(try top.required("packages"))
        let platformNames = try platformNames(top["platforms"])
        var lock = Lock()
        lock.origin = .pixi(version: version, environment: reading.environment)
        for channel in try environment["channels"]?.items() ?? [] {
            let url = try Fields(channel, "a channel").required("url").text()
            let trimmed = url.hasSuffix("/") ? String(url.dropLast()) : url
            lock.channels.append(ChannelName.withoutCredentials(trimmed))
        }
        let packages = try environment.required("packages")
        for entry in packages.kind == .nothing ? [] : try packages.entries() {
            let platform = try platform(entry, platformNames)
            lock.platforms.append(platform)
            try read(try entry.value.items(), entries, platform, into: &lock)
        }
        return lock
    }

    private func read(
        _ selectors: [YAMLNode], _ entries: [String: Fields], _ platform: Subdir, into lock: inout Lock
    ) throws(LockError) {
        let location = LockedLocation(reading: reading, folder: folder)
        for selector in selectors {
            let key = try self.key(of: try Fields(selector, "a package reference"))
            guard let fields = entries[key.text] else {
                throw selector.error("the package is not described under \"packages\"", found: quoted(key.text))
            }
            if key.kind == "pypi" {
                lock.packages.append(try wheel(fields, key.location, platform, location))
            } else if let archive = ArchiveName(ArchiveLocation.fileName(of: key.location)), key.kind == "conda" {
                lock.packages.append(try conda(fields, archive, key.location, platform, location))
            } else {
                lock.unusable[platform] = selector.error(
                    "a source package stands in the environment", found: quoted(key.location),
                    advice: "build the package, publish it to a channel, and lock again")
            }
        }
    }

    private func conda(
        _ fields: Fields, _ archive: ArchiveName, _ place: String, _ platform: Subdir, _ location: LockedLocation
    ) throws(LockError) -> LockedPackage {
        var package = LockedPackage(
            name: try fields.text("name") ?? archive.name, version: try fields.text("version") ?? archive.version,
            manager: .conda, platform: platform, url: "")
        package.build = try fields.text("build") ?? archive.build
        location.place(place, in: &package)
        package.md5 = try fields.digest("md5", digits: 32)
        package.sha256 = try fields.digest("sha256", digits: 64)
        package.dependencies = LockedPackage.Dependency.list(of: try fields.texts("depends"))
        package.details.constrains = try fields.texts("constrains")
        package.details.license = try fields.text("license")
        package.details.buildNumber = try fields.integer("build_number")
        package.details.size = try fields.integer("size").map(Int64.init)
        package.details.timestamp = try fields.integer("timestamp").map(Int64.init)
        return package
    }

    private func wheel(
        _ fields: Fields, _ place: String, _ platform: Subdir, _ location: LockedLocation
    ) throws(LockError) -> LockedPackage {
        var package = LockedPackage(
            name: try fields.required("name").text(), version: try fields.text("version") ?? "", manager: .pip,
            platform: platform, url: "")
        location.place(place, in: &package)
        package.md5 = try fields.digest("md5", digits: 32)
        package.sha256 = try fields.digest("sha256", digits: 64)
        for requirement in try fields.texts("requires_dist") {
            let name = PythonRequirement(requirement).name
            package.dependencies.append(LockedPackage.Dependency(name: name, constraint: ""))
        }
        package.dependencies = Array(Set(package.dependencies)).sorted { $0.name < $1.name }
        return package
    }

    private func version(_ node: YAMLNode) throws(LockError) -> Int {
        guard let version = Int(try node.text()), (6...7).contains(version) else {
            throw node.unexpected(
                expected: "pixi.lock format 6 or 7", advice: "write the lock anew with a current pixi (`pixi lock`)")
        }
        return version
    }

    private func environment(_ node: YAMLNode) throws(LockError) -> Fields {
        let environments = try Fields(node, "environments")
        if let environment = environments[reading.environment] {
            return try Fields(environment, "an environment")
        }
        let names = try node.entries().map(\.name)
        throw node.error(
            "the lock has no environment \(quoted(reading.environment))",
            found: names.isEmpty ? "none" : names.joined(separator: ", "),
            nearest: nearest(to: reading.environment, in: names), advice: "choose one of them")
    }

    /// The packages by kind and location, as the environments refer to them.
    private func packageEntries(_ node: YAMLNode) throws(LockError) -> [String: Fields] {
        var entries: [String: Fields] = [:]
        for item in try node.items(expected: "a list of packages") {
            let fields = try Fields(item, "a package")
            entries[try key(of: fields).text] = fields
        }
        return entries
    }

    private func key(of fields: Fields) throws(LockError) -> (kind: String, location: String, text: String) {
        for kind in ["conda", "pypi", "conda_source"] {
            if let location = try fields.text(kind) { return (kind, location, "\(kind) \(location)") }
        }
        throw fields.node.unexpected(expected: "a package with the key conda, pypi or conda_source")
    }

    /// The subdirs of the platforms that a v7 lock names freely.
    private func platformNames(_ node: YAMLNode?) throws(LockError) -> [String: String] {
        var names: [String: String] = [:]
        for item in try node?.items() ?? [] {
            let fields = try Fields(item, "a platform")
            let name = try fields.required("name").text()
            guard names.updateValue(try fields.text("subdir") ?? name, forKey: name) == nil else {
                throw item.error("the platform \(quoted(name)) is listed twice")
            }
        }
        return names
    }

    private func platform(_ entry: YAMLNode.Entry, _ names: [String: String]) throws(LockError) -> Subdir {
        guard let subdir = Subdir(rawValue: names[entry.name] ?? entry.name), subdir != .noarch else {
            throw entry.keyNode.error(expected: "a platform such as linux-64", found: entry.keyNode.summary)
        }
        return subdir
    }

    private var folder: String {
        root.file.lastIndex(of: "/").map { String(root.file[..<$0]) } ?? ""
    }
}
