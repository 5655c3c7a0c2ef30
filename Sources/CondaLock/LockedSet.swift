import CondaModel

/// The packages of one platform, ready to be asked whether a requirement is met.
struct LockedSet {
    private let records: [String: PackageRecord]
    private let wheels: [String: LockedPackage]
    private let dependencies: [(package: String, requirement: LockedPackage.Dependency)]

    init(_ lock: Lock, platform: Subdir, categories: Set<String>) {
        let conda = lock.packages(for: platform, manager: .conda, categories: categories)
        let wheels = lock.packages(for: platform, manager: .pip, categories: categories)
        let records = (try? lock.records(of: conda)) ?? []
        self.records = Dictionary(records.map { ($0.name, $0) }) { first, _ in first }
        self.wheels = Dictionary(wheels.map { (DistributionName.canonical($0.name), $0) }) { first, _ in first }
        dependencies = conda.flatMap { package in
            package.dependencies.map { ("\(package.name) \(package.version)", $0) }
        }
    }

    /// Why a conda requirement is not met; `nil` when it is.
    func unmet(_ spec: MatchSpec, virtual: [VirtualPackage]) -> LockAnswer.Reason? {
        let text = spec.readable
        if spec.isVirtual {
            let matching = virtual.contains { spec.matches($0.record) }
            let known = virtual.first { $0.name == spec.name }
            return matching
                ? nil
                : known.map { .doesNotMatch(requirement: text, locked: "\($0.name) \($0.version)") }
                    ?? .notLocked(requirement: text)
        }
        guard let name = spec.name else {
            return records.values.contains { spec.judged(for: $0).matches($0) } ? nil : .notLocked(requirement: text)
        }
        guard let record = records[name] else { return .notLocked(requirement: text) }
        return spec.judged(for: record).matches(record)
            ? nil : .doesNotMatch(requirement: text, locked: describe(record))
    }

    /// Why a requirement for PyPI is not met; `nil` when it is, or when its version cannot be judged.
    ///
    /// A conda package of the same name meets it, too, and a wheel that comes as a file.
    func unmet(pip text: String, beside local: [RequirementSet.LocalWheel] = []) -> LockAnswer.Reason? {
        let requirement = PythonRequirement(text)
        let line = "pip: \(text.split(whereSeparator: \.isWhitespace).joined(separator: " "))"
        guard requirement.marker == nil else { return nil }
        let file = local.first { DistributionName.canonical($0.name) == requirement.name }
        let version =
            file?.version ?? wheels[requirement.name]?.version ?? records[requirement.name]?.version.description
        guard let version else { return .notLocked(requirement: line) }
        guard let spec = requirement.versionSpec, let parsed = try? Version(version), !spec.matches(parsed) else {
            return nil
        }
        return .doesNotMatch(requirement: line, locked: "\(requirement.name) \(version)")
    }

    /// Packages whose dependencies the lock does not hold; virtual packages are the target's business.
    func brokenDependencies() -> [LockAnswer.Reason] {
        var verdicts: [LockedPackage.Dependency: Bool] = [:]
        return dependencies.compactMap { package, dependency in
            guard !dependency.name.hasPrefix("__") else { return nil }
            let record = records[dependency.name]
            let isMet = verdicts[dependency] ?? isMet(dependency, by: record)
            verdicts[dependency] = isMet
            return isMet
                ? nil : .broken(package: package, dependency: dependency.matchSpec, locked: record.map(describe))
        }
    }

    private func isMet(_ dependency: LockedPackage.Dependency, by record: PackageRecord?) -> Bool {
        guard let record else { return wheels[DistributionName.canonical(dependency.name)] != nil }
        // A constraint that cannot be read was understood by whoever solved it.
        guard let spec = try? MatchSpec(dependency.matchSpec) else { return true }
        return spec.matches(record)
    }

    private func describe(_ record: PackageRecord) -> String { "\(record.name) \(record.version) \(record.build)" }
}
