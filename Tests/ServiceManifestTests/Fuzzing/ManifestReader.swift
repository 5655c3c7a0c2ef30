import Fuzzing
import ServiceManifest

/// The reader of `ServiceManifest`.
enum ManifestReader: String, FuzzedReader {
    /// An `environment.yml`, with or without `rpm:`.
    case manifests

    func read(_ input: [UInt8]) throws {
        let manifest = try Manifest.decode(input, path: "environment.yml")
        let line = try manifest.canonicalJSON()
        try promise(!line.contains("\n"), "the manifest is more than one line: \(line)")
        _ = manifest.warnings.map(\.description)
    }
}

#if FUZZING
    /// The function that libFuzzer calls.
    @_cdecl("LLVMFuzzerTestOneInput")
    public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt { ManifestReader.feed(start, count) }
#endif
