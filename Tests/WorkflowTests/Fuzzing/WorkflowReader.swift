import Fuzzing

@testable import Workflow

/// The reader of `Workflow`.
enum WorkflowReader: String, FuzzedReader {
    /// A program that an RPM is to carry.
    case programs = "elf-programs"

    func read(_ input: [UInt8]) throws {
        let scratch = try ScratchFile(input)
        let program = try ELFProgram(path: scratch.path)
        try? program.check(runsOn: "x86_64")
        _ = try ELFFile(path: scratch.path).section(".note.gnu.build-id")
    }
}

#if FUZZING
    /// The function that libFuzzer calls.
    @_cdecl("LLVMFuzzerTestOneInput")
    public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt { WorkflowReader.feed(start, count) }
#endif
