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
    static let requirementsKey = "requirements"
    static let virtualPackagesKey = "virtual_packages"

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

    /// Takes the packages of platforms that this lock has none of from an earlier lock of ours for the same manifests.
    package mutating func adopt(_ earlier: Lock) {
        guard earlier.origin == .ours, earlier.sources == sources, earlier.channels == channels else { return }
        for platform in earlier.platforms where !platforms.contains(platform) {
            platforms.append(platform)
            contentHash[platform] = earlier.contentHash[platform]
            for key in [Self.requirementsKey, Self.virtualPackagesKey].map({ "\($0).\(platform.rawValue)" }) {
                customMetadata[key] = earlier.customMetadata[key]
            }
            packages += earlier.packages.filter { $0.platform == platform }
        }
    }

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
