import Fuzzing
import ServiceRelease

/// The reader of `ServiceRelease`.
enum ReleaseReader: String, FuzzedReader {
    /// `release.json`, by which the host tool knows what to do as root.
    case releases

    func read(_ input: [UInt8]) throws {
        let release = try Release(json: input, origin: "fuzz")
        let text = try release.json()
        let again = try? Release(json: text, origin: "fuzz")
        try promise(
            again == release, "a release is not what it is written as: \(String(decoding: text, as: UTF8.self))")
    }
}

#if FUZZING
    /// The function that libFuzzer calls.
    @_cdecl("LLVMFuzzerTestOneInput")
    public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt { ReleaseReader.feed(start, count) }
#endif
