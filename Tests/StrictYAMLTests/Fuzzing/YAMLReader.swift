import Fuzzing
import StrictYAML

/// The reader of `StrictYAML`.
enum YAMLReader: String, FuzzedReader {
    case yaml

    func read(_ input: [UInt8]) throws {
        guard let root = try YAMLNode.parse(input, file: "fuzz") else { return }
        try Self.walk(root)
    }

    /// Looks at every value as the decoders do.
    private static func walk(_ node: YAMLNode) throws {
        _ = (node.line, node.column, node.summary, node.isPlain)
        switch node.kind {
        case .nothing: break
        case .text:
            _ = try? node.text()
            _ = try? node.integer(in: 0...100, expected: "a number")
            _ = try? node.boolean()
        case .list: for item in try node.items() { try walk(item) }
        case .mapping: for entry in try node.entries() { try walk(entry.value) }
        }
    }
}

#if FUZZING
    /// The function that libFuzzer calls.
    @_cdecl("LLVMFuzzerTestOneInput")
    public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt { YAMLReader.feed(start, count) }
#endif
