import Testing

@testable import CondaChannel

@Suite struct ScannerTests {
    /// Scans a text in pieces of so many bytes.
    private func scan(_ text: String, pieces: Int = .max) throws(ChannelError) -> RecordIndex {
        let scanner = try RepodataScanner(url: "https://h/repodata.json")
        let bytes = Array(text.utf8)
        var start = 0
        while start < bytes.count {
            let end = pieces < bytes.count - start ? start + pieces : bytes.count
            var failure: ChannelError?
            bytes[start..<end].withUnsafeBytes { buffer in
                do throws(ChannelError) { try scanner.feed(buffer) } catch { failure = error }
            }
            if let failure { throw failure }
            start = end
        }
        return try scanner.finish()
    }

    private func text(_ run: RecordIndex.Run, of document: String) -> String {
        let bytes = Array(document.utf8)
        return String(decoding: bytes[Int(run.offset)..<Int(run.offset) + Int(run.length)], as: UTF8.self)
    }

    static let document = #"""
        {
          "info": {"subdir": "noarch", "deep": [{"a": "}"}, ["]"]]},
          "repodata_version": 1, "text": "a, \"b\": {", "none" : null,
          "packages": {
            "a-1-0.tar.bz2": {"name": "a", "x": "\\", "y": "\"}{", "depends": []},
            "a-2-0.tar.bz2" : { "z": {} } ,
            "b-c-1.0-h1_0.tar.bz2": {"deep": [[{}]]}
          },
          "packages.conda": {"a-1-0.conda": {}, "b-c-2-0.conda": {}, "a-3-0.conda": {}},
          "v3": {"conda": {"a-4-0": {}}, "whl": {"w-1-0": {}}, "tar.bz2": {}},
          "removed": ["a-0-0.conda"]
        }

        """#

    @Test(arguments: [1, 2, 3, 7, 63, 64, 65, 128, .max])
    func findsRunsWhereverPiecesEnd(_ pieces: Int) throws {
        let index = try scan(ScannerTests.document, pieces: pieces)
        #expect(index.names == ["a", "b-c"])
        let runs = index.runs(of: "a").map { text($0, of: ScannerTests.document) }
        #expect(runs.count == 4)
        #expect(runs[0].hasPrefix(#""a-1-0.tar.bz2": {"name""#) && runs[0].hasSuffix(#""a-2-0.tar.bz2" : { "z": {} }"#))
        #expect(runs[1...] == [#""a-1-0.conda": {}"#, #""a-3-0.conda": {}"#, #""a-4-0": {}"#])
        #expect(index.runs(of: "a").map(\.section) == [0, 1, 1, 3])
        #expect(index.runs(of: "b-c").count == 2 && index.runs(of: "b").isEmpty && index.runs(of: "zz").isEmpty)
        #expect(index.members.map(\.key) == ["info", "repodata_version", "text", "none", "v3/whl", "removed"])
        let bytes = Array(ScannerTests.document.utf8)
        let values = index.members.map {
            String(decoding: bytes[Int($0.offset)..<Int($0.offset + $0.length)], as: UTF8.self)
        }
        #expect(values[1...3] == ["1", #""a, \"b\": {""#, "null"] && values[5] == #"["a-0-0.conda"]"#)
    }

    @Test func anEmptyDocumentIsAnEmptyObject() throws {
        #expect(try scan("").names.isEmpty)
        #expect(try scan(" \n").names.isEmpty)
        #expect(try scan("{}").names.isEmpty)
        #expect(try scan(#"{"packages":{}}"#).names.isEmpty)
    }

    @Test func rejectsWhatIsNoPackage() throws {
        let index = try scan(
            #"{"packages.conda": {"a-1.conda": {}, "a-1-0.zip": {}, "../a-1-0.conda": {}, "x\u002d1-0.conda": {}, "b-1-0.conda": 7, "#
                + #""c-1-0.conda": [], "é-1-0.conda": {}, "-1-0.conda": {}, "ok-1-0.conda": {}, "d-1-0.conda": "x"}}"#)
        #expect(index.names == ["ok"])
        #expect(index.rejected.count == 9)
    }

    /// Every document fails, at the byte that is wrong.
    @Test(arguments: [
        ("{", 1), (#"{"packages": {"a-1-0.conda": {"x": "#, 35), (#"{"packages": {"a"#, 16), ("[]", 0), ("nonsense", 0),
        ("7", 0),
        (#"{"packages": []}"#, 13), (#"{"packages": {"a-1-0.tar.bz2": {"x": ]}}}"#, 37), (#"{"a": {}} x"#, 10),
        ("{}{}", 2),
        (#"{"packages": {"a": {} "b": {}}}"#, 22), (#"{"a": {}, }"#, 10), (#"{"a" {}}"#, 5), (#"{, "a": {}}"#, 1),
        (#"{"v3": []}"#, 7),
        ("{\"a\": " + String(repeating: "[", count: 70), 69), ("}", 0), (#"{"info": {}, "packages"}"#, 23),
        (#"{"a":}"#, 5),
    ])
    func namesThePosition(_ document: String, position: UInt64) {
        for pieces in [1, 5, .max] {
            let error = #expect(throws: ChannelError.self) { try scan(document, pieces: pieces) }
            guard case .corrupt(_, let found, _) = error else {
                #expect(Bool(false), "another error for \(document): \(String(describing: error))")
                continue
            }
            #expect(found == position, "\(document) in pieces of \(pieces)")
        }
    }

    @Test func everyTruncationIsAnError() throws {
        let whole = Array(ScannerTests.document.utf8)
        guard let end = whole.lastIndex(of: UInt8(ascii: "}")) else { return }
        for length in 1...end where !whole[..<length].allSatisfy({ $0 == 10 || $0 == 32 }) {
            #expect(throws: ChannelError.self) { try scan(String(decoding: whole[..<length], as: UTF8.self)) }
        }
    }

    @Test func theFileOfAnIndexIsCheckedWhole() throws {
        let folder = try TemporaryFolder()
        _ = try folder.file("repodata.json", ScannerTests.document)
        let stamp = try #require(try stampOfFile("\(folder.path)/repodata.json"))
        let index = try scan(ScannerTests.document)
        let bytes = try index.encoded(document: stamp)
        let back = try #require(RecordIndex(bytes, document: stamp))
        #expect(back.names == index.names && back.members == index.members && back.runs == index.runs)
        #expect(back.runs(of: "b-c") == index.runs(of: "b-c"))
        for position in stride(from: 0, to: bytes.count, by: 3) {
            var damaged = bytes
            damaged[position] ^= 1
            #expect(RecordIndex(damaged, document: stamp) == nil)
        }
        for length in stride(from: 0, to: bytes.count, by: 7) {
            #expect(RecordIndex(Array(bytes[..<length]), document: stamp) == nil)
        }
        _ = try folder.file("repodata.json", ScannerTests.document + " ")
        #expect(RecordIndex(bytes, document: try #require(try stampOfFile("\(folder.path)/repodata.json"))) == nil)
    }
}
