import Foundation
import Fuzzing

@testable import ServicePackaging

/// The readers of `ServicePackaging`.
enum PackagingReader: String, FuzzedReader {
    /// The shell part of an installer that constructor made, such as Miniconda.
    case constructors
    /// What packages state as their licence.
    case licenses

    func read(_ input: [UInt8]) throws {
        switch self {
        case .constructors:
            let header = ConstructorHeader(Data(input))
            try promise(header.payloadStart ?? 0 <= input.count, "the payload starts behind the file's end")
        case .licenses: try Self.readLicense(String(decoding: input, as: UTF8.self))
        }
    }

    /// Whatever a package states, what the RPM says is an expression, and the same when it is read again.
    private static func readLicense(_ text: String) throws {
        let expression = LicenseSpelling.expression(text, of: "pkg")
        let again = LicenseSpelling.expression(expression.description, of: "pkg")
        try promise(expression == again, "'\(text)' becomes '\(expression)', and that '\(again)'")
        let isPlain = expression.description.utf8.allSatisfy { $0 > 0x1f && $0 < 0x7f }
        try promise(isPlain, "'\(text)' becomes '\(expression)', which has odd characters")
    }
}

#if FUZZING
    /// The function that libFuzzer calls.
    @_cdecl("LLVMFuzzerTestOneInput")
    public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt { PackagingReader.feed(start, count) }
#endif
