import HostSystem

extension VirtualPackage {
    /// The virtual packages of a target host (CEP 30).
    ///
    /// The host is not the one that runs this, so nothing is detected: versions come from the target, and the
    /// `CONDA_OVERRIDE_*` variables that conda honours override them. There is a `__cuda` only when it is overridden.
    ///
    /// - Parameters:
    ///   - glibc: the C library of the target; nil for one without glibc.
    ///   - linux: the kernel of the target; 0 when it is not known.
    ///   - archspec: the processors of the target; nil for the family that the subdir names.
    ///   - subdir: the platform of the target.
    ///   - environment: the environment variables.
    /// - Throws: ``OverrideError`` for a variable whose value is no version or build string.
    package static func forTarget(
        glibc: Version?, linux: Version? = nil, archspec: String? = nil, subdir: Subdir, environment: [String: String]
    ) throws(OverrideError) -> [VirtualPackage] {
        let overrides = Overrides(environment: environment)
        var packages: [VirtualPackage] = []
        if let processor = try overrides.build("ARCHSPEC") ?? archspec ?? subdir.archspec {
            let isKnown = subdir.archspec.map(archspecFamilies.contains) ?? false || processor != subdir.archspec
            packages.append(VirtualPackage(name: "__archspec", version: isKnown ? one : zero, build: processor))
        }
        if let cuda = try overrides.version("CUDA") {
            packages.append(VirtualPackage(name: "__cuda", version: cuda))
            if let architecture = try overrides.version("CUDA_ARCH") {
                packages.append(VirtualPackage(name: "__cuda_arch", version: architecture))
            }
        }
        switch subdir.operatingSystem {
        case "linux":
            if let glibc = try overrides.version("GLIBC") ?? glibc {
                packages.append(VirtualPackage(name: "__glibc", version: glibc))
            }
            packages.append(VirtualPackage(name: "__linux", version: try overrides.version("LINUX") ?? linux ?? zero))
        case "osx": packages.append(VirtualPackage(name: "__osx", version: try overrides.version("OSX") ?? zero))
        case "win": packages.append(VirtualPackage(name: "__win", version: try overrides.version("WIN") ?? zero))
        default: break
        }
        if subdir != .noarch, subdir.operatingSystem != "win" {
            packages.append(VirtualPackage(name: "__unix", version: zero))
        }
        return packages
    }

    /// The processor families of the archspec database among conda's architectures.
    private static let archspecFamilies: Set<String> = ["x86_64", "x86", "aarch64", "ppc64", "ppc64le", "riscv64"]

    private static let zero = Version(number: 0)
    private static let one = Version(number: 1)
}

/// The `CONDA_OVERRIDE_*` variables; an empty one counts as unset.
private struct Overrides {
    let environment: [String: String]

    func version(_ name: String) throws(OverrideError) -> Version? {
        guard let value = value(name) else { return nil }
        do throws(VersionError) {
            return try Version(value)
        } catch {
            throw OverrideError(variable: "CONDA_OVERRIDE_\(name)", value: value, expected: "a version")
        }
    }

    func build(_ name: String) throws(OverrideError) -> String? {
        guard let value = value(name) else { return nil }
        guard Identifier.problem(inBuild: value) == nil else {
            throw OverrideError(variable: "CONDA_OVERRIDE_\(name)", value: value, expected: "a processor's name")
        }
        return value
    }

    private func value(_ name: String) -> String? {
        environment["CONDA_OVERRIDE_\(name)"].flatMap(\.nonEmpty)
    }
}

/// A `CONDA_OVERRIDE_*` variable that does not hold what it must.
package struct OverrideError: ActionableError, Hashable {
    /// The name of the variable.
    package let variable: String
    /// Its value.
    package let value: String
    /// What it must hold.
    package let expected: String

    /// Names the variable, what it must hold and what it holds.
    package var description: String { "environment variable \(variable): expected \(expected), found '\(value)'" }

    /// How to go on.
    package var hint: String? { "correct \(variable) or unset it" }
}
