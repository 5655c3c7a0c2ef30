/// A subdirectory of a channel, such as `linux-64` or `noarch`: the platform that its packages are for (CEP 26).
package struct Subdir: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    /// The name as it stands in URLs.
    package let rawValue: String

    /// Makes a subdir of a name; nil when it is neither `noarch` nor `OS-ARCHITECTURE` of at most 32 characters.
    package init?(rawValue: String) {
        guard Self.isValid(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    private init(known name: String) {
        rawValue = name
    }

    /// Packages for every platform.
    package static let noarch = Subdir(known: "noarch")
    /// Linux on x86_64.
    package static let linux64 = Subdir(known: "linux-64")
    /// Linux on 64-bit Arm.
    package static let linuxAarch64 = Subdir(known: "linux-aarch64")
    /// Linux on little-endian POWER.
    package static let linuxPpc64le = Subdir(known: "linux-ppc64le")
    /// Linux on IBM Z.
    package static let linuxS390x = Subdir(known: "linux-s390x")

    /// The subdirs that a channel prefix of a MatchSpec may end with, as conda knows them.
    package static let known: Set<String> = [
        "emscripten-wasm32", "freebsd-64", "linux-32", "linux-64", "linux-aarch64", "linux-armv6l", "linux-armv7l",
        "linux-ppc64", "linux-ppc64le", "linux-riscv64", "linux-s390x", "noarch", "osx-64", "osx-arm64",
        "wasi-wasm32", "win-32", "win-64", "win-arm64", "zos-z",
    ]

    /// The name itself.
    package var description: String { rawValue }

    /// The part before the dash; nil for `noarch`.
    package var operatingSystem: Substring? {
        rawValue.firstIndex(of: "-").map { rawValue[..<$0] }
    }

    /// The part after the dash; nil for `noarch`.
    package var architecture: Substring? {
        rawValue.firstIndex(of: "-").map { rawValue[rawValue.index(after: $0)...] }
    }

    /// What rpm calls the architecture of a Linux subdir; nil where the packages do not run on one.
    package var rpmArchitecture: String? {
        guard operatingSystem == "linux", let architecture else { return nil }
        return switch architecture {
        case "64": "x86_64"
        case "32": "i686"
        case "armv7l": "armv7hl"
        case "armv6l": "armv6hl"
        default: String(architecture)
        }
    }

    /// The name of the CPU family in `__archspec` where the processor is not looked at (CEP 30, appendix A).
    package var archspec: String? {
        guard let architecture else { return nil }
        return switch architecture {
        case "64": "x86_64"
        case "32": "x86"
        case "arm64": "aarch64"
        default: String(architecture)
        }
    }

    private static func isValid(_ name: String) -> Bool {
        if name == "noarch" { return true }
        guard name.utf8.count <= 32 else { return false }
        let parts = name.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.count == 2
            && parts.allSatisfy { part in
                !part.isEmpty && part.allSatisfy { isDigit($0) || (isLetter($0) && lowercased($0) == $0) }
            }
    }
}
