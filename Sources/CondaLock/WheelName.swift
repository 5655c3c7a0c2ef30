/// The file name of a wheel: `NAME-VERSION[-BUILD]-PYTHON-ABI-PLATFORM.whl` (PEP 427).
package struct WheelName: Hashable, Sendable {
    package let name: String
    package let version: String
    /// The alternatives of each tag, which the file name joins by dots.
    let pythons: [String]
    let abis: [String]
    let platforms: [String]

    /// Takes a file name apart; `nil` when it is no wheel's.
    package init?(_ fileName: String) {
        guard fileName.lowercased().hasSuffix(".whl") else { return nil }
        let parts = fileName.dropLast(4).split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard (5...6).contains(parts.count), !parts.contains("") else { return nil }
        (name, version) = (parts[0], parts[1])
        let tags = parts.suffix(3).map { $0.split(separator: ".").map(String.init) }
        (pythons, abis, platforms) = (tags[0], tags[1], tags[2])
    }
}
