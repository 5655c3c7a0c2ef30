import Glibc

/// A reader of what others wrote, as the fuzzer and the tests call it.
///
/// The cases of a module's enumeration are its readers. The raw value is the name by which `scripts/fuzz` knows one, and the
/// name of the folder that holds its corpus.
package protocol FuzzedReader: RawRepresentable<String>, CaseIterable, Sendable {
    /// Reads one input and holds the result against what was promised of it.
    ///
    /// The reader may refuse the input with any error. A ``BrokenPromise`` is a find, and so are a crash, a hang, and memory
    /// that an input of a few bytes asks for.
    func read(_ input: [UInt8]) throws
}

/// A result that a reader must not give.
package struct BrokenPromise: Error, CustomStringConvertible {
    /// What was expected, and what was found instead.
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// Throws a ``BrokenPromise`` unless a condition holds.
package func promise(_ holds: Bool, _ otherwise: @autoclosure () -> String) throws(BrokenPromise) {
    guard holds else { throw BrokenPromise(otherwise()) }
}

extension FuzzedReader {
    /// What libFuzzer's entry does: gives the input to the reader that `CONDA_RPM_FUZZ_READER` names, and ends the process with
    /// a find.
    package static func feed(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
        guard let name = getenv("CONDA_RPM_FUZZ_READER"), let reader = Self(rawValue: String(cString: name)) else {
            fatalError("CONDA_RPM_FUZZ_READER must name one of \(allCases.map(\.rawValue).joined(separator: ", "))")
        }
        do {
            try reader.read(Array(UnsafeBufferPointer(start: start, count: count)))
        } catch let broken as BrokenPromise {
            fatalError(broken.description)
        } catch {
            // A refusal.
        }
        return 0
    }

}
