import CondaModel

/// The wheels that one CPython on one platform can use, and which of them it prefers (PEPs 425, 600).
package struct WheelTags: Sendable, CustomStringConvertible {
    /// The version of Python 3, such as (3, 12); `nil`: any, so that only wheels for every Python 3 fit.
    let python: (major: Int, minor: Int)?
    private let architecture: String?
    private let glibc: (major: Int, minor: Int)
    package let description: String

    /// Describes a target.
    ///
    /// - Parameters:
    ///   - python: its version, such as `3.12.4`.
    ///   - platform: a Linux platform; on others only wheels without compiled code fit.
    ///   - glibc: the version of the target's glibc.
    package init(python: String?, platform: Subdir, glibc: String) {
        self.python = python.flatMap(Self.twoNumbers)
        self.glibc = Self.twoNumbers(glibc) ?? (2, 17)
        architecture = platform.rpmArchitecture
        description = "Python \(python ?? "3") on \(platform.rawValue) with glibc \(glibc)"
    }

    /// Whether the target can use a wheel.
    package func fits(_ wheel: WheelName) -> Bool { rank(wheel) != nil }

    /// How good a wheel fits, the higher the better; `nil` when it does not fit at all.
    ///
    /// Compiled for exactly this Python is better than for the stable ABI, that better than for any; within these the
    /// newest glibc.
    func rank(_ wheel: WheelName) -> Int? {
        let interpreters = wheel.pythons.flatMap { python in wheel.abis.compactMap { rank(python: python, abi: $0) } }
        let platforms = wheel.platforms.compactMap(rank(platform:))
        guard let interpreter = interpreters.max(), let platform = platforms.max() else { return nil }
        return interpreter * 1_000_000 + platform
    }

    private func rank(python tag: String, abi: String) -> Int? {
        if abi == "none", tag == "py3" || tag == "py2.py3" { return 1 }
        guard let python else { return nil }
        let exact = "cp\(python.major)\(python.minor)"
        if tag == exact { return abi == exact ? 9 : abi == "abi3" ? 8 : abi == "none" ? 7 : nil }
        guard let minor = minor(of: tag), minor <= python.minor else { return nil }
        if tag.hasPrefix("cp"), abi == "abi3" { return 6 }
        return tag.hasPrefix("py") && abi == "none" ? 2 : nil
    }

    /// The minor version in `cp39` or `py312`.
    private func minor(of tag: String) -> Int? {
        guard tag.hasPrefix("cp3") || tag.hasPrefix("py3") else { return nil }
        return Int(tag.dropFirst(3))
    }

    private func rank(platform tag: String) -> Int? {
        if tag == "any" { return 0 }
        guard let architecture, tag.hasSuffix("_\(architecture)") else { return nil }
        let family = tag.dropLast(architecture.count + 1)
        if family == "linux" { return 1 }
        let legacy = ["manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17)]
        guard let needed = legacy[String(family)] ?? modern(family), needed <= glibc else { return nil }
        return 2 + needed.0 * 1000 + needed.1
    }

    /// The glibc version in `manylinux_2_28`.
    private func modern(_ family: Substring) -> (Int, Int)? {
        guard family.hasPrefix("manylinux_") else { return nil }
        let numbers = family.dropFirst(10).split(separator: "_").compactMap { Int($0) }
        return numbers.count == 2 ? (numbers[0], numbers[1]) : nil
    }

    private static func twoNumbers(_ version: String) -> (Int, Int)? {
        let numbers = version.split(separator: ".").prefix(2).compactMap { Int($0) }
        return numbers.count == 2 ? (numbers[0], numbers[1]) : nil
    }
}
