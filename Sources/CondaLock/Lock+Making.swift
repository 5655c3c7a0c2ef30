import CondaModel

/// The solved packages of one requirement set.
package struct SolvedSet: Sendable {
    /// What was asked for.
    package var requirements: RequirementSet
    /// The answer.
    package var records: [PackageRecord]
    /// The wheels that answer the requirements for PyPI.
    package var wheels: [LockedPackage]

    /// Describes a solved set.
    package init(requirements: RequirementSet, records: [PackageRecord], wheels: [LockedPackage] = []) {
        self.requirements = requirements
        self.records = records
        self.wheels = wheels
    }
}

extension Lock {
    static let generatorKey = "generator"
    static let generator = "conda-rpm"
    /// Without this key conda's own lock plug-in (conda-lockfiles) refuses a lock that has custom metadata.
    static let creatorKey = "created_by"
    static let requirementsKey = "requirements"
    static let virtualPackagesKey = "virtual_packages"
    /// Of a platform whose channels are others than the lock's, which are those of all platforms.
    static let channelsKey = "channels"

    /// Makes a lock of solved requirement sets, one for each platform.
    ///
    /// - Parameters:
    ///   - sets: the solved sets; channels and requirements are taken from them.
    ///   - sources: the manifests, relative to the lock.
    ///   - category: the group all packages belong to (`category:` of the manifest).
    package init(_ sets: [SolvedSet], sources: [String], category: String = "main") {
        self.init()
        self.sources = sources
        customMetadata[Self.generatorKey] = Self.generator
        customMetadata[Self.creatorKey] = Self.generator
        for set in sets {
            let platform = set.requirements.platform
            platforms.append(platform)
            for channel in set.requirements.channels where !channels.contains(channel) { channels.append(channel) }
            contentHash[platform] = set.requirements.contentHash
            customMetadata["\(Self.requirementsKey).\(platform.rawValue)"] =
                set.requirements.requirementLines.joined(separator: "\n")
            customMetadata["\(Self.virtualPackagesKey).\(platform.rawValue)"] =
                set.requirements.virtualPackageLines.joined(separator: "\n")
            packages += set.records.map { LockedPackage($0, platform: platform, category: category) }
            packages += set.wheels.map { wheel in
                var wheel = wheel
                wheel.platform = platform
                wheel.category = category
                wheel.isOptional = category != "main"
                return wheel
            }
        }
    }

    /// Takes from the lock that this one takes the place of what was not solved anew: other platforms, other groups of
    /// packages beside the one solved, and metadata.
    ///
    /// What it held of the group solved is gone; a platform of it that was made for something else stays, and its content
    /// hash tells.
    package mutating func adopt(_ earlier: Lock) {
        let solved = platforms
        let channelsNow = channels
        let group = packages.first?.category ?? "main"
        for platform in earlier.platforms where !solved.contains(platform) {
            platforms.append(platform)
            contentHash[platform] = earlier.contentHash[platform]
        }
        // A manifest whose group got another name has left the old one.
        let groupStays = Set(solved.filter { earlier.categories(for: $0).contains(group) })
        packages += earlier.packages.filter { package in
            !solved.contains(package.platform) || package.category != group && groupStays.contains(package.platform)
        }
        let outdated = Set(solved.map { "\(Self.channelsKey).\($0.rawValue)" })
        customMetadata.merge(earlier.customMetadata.filter { !outdated.contains($0.key) }) { new, _ in new }
        otherMetadata.merge(earlier.otherMetadata) { new, _ in new }
        if earlier.origin != .ours { sources += earlier.sources.filter { !sources.contains($0) } }
        adoptChannels(earlier, beside: solved, channelsNow)
    }

    /// Notes the channels of each platform where they are not the same for all.
    private mutating func adoptChannels(_ earlier: Lock, beside solved: [Subdir], _ now: [String]) {
        let others = platforms.filter { !solved.contains($0) }
        guard others.contains(where: { earlier.channels(for: $0) != now }) else { return }
        for platform in platforms {
            let own = solved.contains(platform) ? now : earlier.channels(for: platform)
            customMetadata["\(Self.channelsKey).\(platform.rawValue)"] = own.joined(separator: "\n")
            channels += own.filter { !channels.contains($0) }
        }
    }

    /// The channels that a platform was solved with.
    func channels(for platform: Subdir) -> [String] { lines("\(Self.channelsKey).\(platform.rawValue)") ?? channels }

    /// The requirements that a lock of ours was made for, in canonical form; `nil` for a foreign lock.
    package func requirements(for platform: Subdir) -> [String]? {
        lines("\(Self.requirementsKey).\(platform.rawValue)")
    }

    /// The virtual packages that a lock of ours was made for, as `NAME VERSION BUILD`; `nil` for a foreign lock.
    package func virtualPackages(for platform: Subdir) -> [String]? {
        lines("\(Self.virtualPackagesKey).\(platform.rawValue)")
    }

    private func lines(_ key: String) -> [String]? {
        guard origin == .ours else { return nil }
        return customMetadata[key]?.split(separator: "\n").map(String.init)
    }
}
