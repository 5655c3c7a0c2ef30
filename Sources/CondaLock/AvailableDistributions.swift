import CondaModel

/// The distributions that are at hand: those of conda packages, and wheels that came as files.
///
/// Where they answer every requirement, and every requirement of each other, nobody has to look for more on PyPI.
package struct AvailableDistributions: Sendable {
    /// One distribution.
    package struct Distribution: Sendable, Hashable {
        let name: String
        let version: String
        /// What its metadata requires (`Requires-Dist`); nil for conda's, of which the solver has thought.
        let requires: [String]?

        /// Describes a distribution.
        package init(name: String, version: String, requires: [String]? = nil) {
            self.name = name
            self.version = version
            self.requires = requires
        }
    }

    /// A requirement without an answer.
    package struct Missing: Sendable, Hashable, CustomStringConvertible {
        /// As it is written, without its condition.
        package let requirement: String
        /// The wheel that states it; nil for one of the manifest.
        package let requiredBy: String?
        /// The version that is there and is another one.
        package let found: String?

        package var description: String {
            "'\(requirement)'" + (requiredBy.map { ", which \($0) requires" } ?? "")
                + (found.map { " (there is \($0))" } ?? "")
        }
    }

    private let byName: [String: Distribution]
    private let marker: PythonMarker

    /// - Parameter python: the version of the environment's Python, such as `3.12.4`.
    package init(_ distributions: [Distribution], python: String, platform: Subdir) {
        byName = Dictionary(distributions.map { (DistributionName.canonical($0.name), $0) }) { $1 }
        marker = PythonMarker(python: python, platform: platform)
    }

    /// What nothing at hand answers, of requirements (PEP 508) and of all that the wheels among the answers require.
    ///
    /// A requirement that cannot be judged here (one with an address, or a condition on the host itself) has no answer.
    package func missing(_ requirements: [String]) -> [Missing] {
        var missing: [Missing] = []
        var known: Set<String> = []
        var open = requirements.map { Open(text: $0, requiredBy: nil, extras: [""]) }
        while let next = open.popLast() {
            let requirement = PythonRequirement(next.text)
            guard applies(requirement, extras: next.extras) else { continue }
            guard let answer = byName[requirement.name], isMet(requirement, by: answer) else {
                missing.append(problem(requirement, next))
                continue
            }
            for extra in requirement.extras.union([""]) where known.insert("\(requirement.name)[\(extra)]").inserted {
                let label = "\(answer.name) \(answer.version)"
                open += (answer.requires ?? []).map { Open(text: $0, requiredBy: label, extras: [extra]) }
            }
        }
        return Set(missing).sorted { ($0.requirement, $0.requiredBy ?? "") < ($1.requirement, $1.requiredBy ?? "") }
    }

    private struct Open {
        let text: String
        let requiredBy: String?
        let extras: Set<String>
    }

    private func applies(_ requirement: PythonRequirement, extras: Set<String>) -> Bool {
        guard let condition = requirement.marker else { return true }
        // What only the host knows may hold there.
        return extras.contains { (try? marker.with(extra: $0).holds(condition)) ?? true }
    }

    private func isMet(_ requirement: PythonRequirement, by answer: Distribution) -> Bool {
        // Nobody knows what an extra of a conda package would need.
        guard answer.requires != nil || requirement.extras.isEmpty else { return false }
        if requirement.specifier.isEmpty { return true }
        guard let spec = requirement.versionSpec, let version = try? Version(answer.version) else { return false }
        return spec.matches(version)
    }

    private func problem(_ requirement: PythonRequirement, _ open: Open) -> Missing {
        let text = open.text.split(separator: ";", maxSplits: 1).first.map { String($0).trimmingBlanks } ?? open.text
        return Missing(
            requirement: text, requiredBy: open.requiredBy,
            found: byName[requirement.name].map { "\($0.name) \($0.version)" })
    }
}
