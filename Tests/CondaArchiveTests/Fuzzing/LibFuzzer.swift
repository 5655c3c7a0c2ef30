import CondaArchive
import Glibc

private let scratch = "\(getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")/conda-rpm-fuzz-\(getpid())"

/// What libFuzzer calls for every input of `scripts/fuzz`; in the tests nobody does.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let input = FuzzInput(UnsafeBufferPointer(start: start, count: count)) else { return -1 }
    do {
        try input.run(scratch: scratch)
    } catch is ArchiveError {
    } catch is ArchiveFault {
    } catch {
        fatalError("\(error)")
    }
    return 0
}
