import FoundationEssentials
import Fuzzing
import ServiceRelease

@testable import HostLifecycle

/// The readers of `HostLifecycle`, which run as root.
enum HostReader: String, FuzzedReader {
    /// `activate.env`.
    case environmentFiles = "environment-files"
    /// What an unfinished installation leaves beside the release.
    case markers

    func read(_ input: [UInt8]) throws {
        switch self {
        case .environmentFiles: try Self.readVariables(String(decoding: input, as: UTF8.self))
        case .markers:
            let marker = try JSONDecoder().decode(IncompleteRelease.self, from: Data(input))
            let again = try? JSONDecoder().decode(IncompleteRelease.self, from: JSONEncoder().encode(marker))
            try promise(again == marker, "a marker is not what it is written as")
        }
    }

    /// Whatever was read, it is read again from what it is written as.
    private static func readVariables(_ text: String) throws {
        let variables = EnvironmentFile.variables(text)
        let written = EnvironmentFile.text(variables)
        try promise(
            EnvironmentFile.variables(written) == variables, "variables are not what they are written as: \(written)")
    }
}

#if FUZZING
    /// The function that libFuzzer calls.
    @_cdecl("LLVMFuzzerTestOneInput")
    public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt { HostReader.feed(start, count) }
#endif
