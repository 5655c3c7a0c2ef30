import CondaModel
import Testing

@testable import CondaArchive

@Suite("info/paths.json")
struct PathsJSONTests {
    private static let digest = String(repeating: "0a", count: 32)

    private func decode(_ entries: String) throws(ArchiveFault) -> [PathEntry] {
        try PathsJSON(json: Array(#"{"paths_version": 1, "paths": [\#(entries)]}"#.utf8)).entries
    }

    @Test func decodesEntries() throws {
        let entries = try decode(
            #"""
            {"_path": "bin/x", "path_type": "hardlink", "file_mode": "binary", "prefix_placeholder": "/p",
             "no_link": true, "sha256": "\#(Self.digest)", "size_in_bytes": 12, "inode_paths": ["a"]},
            {"_path": "lib/l", "path_type": "softlink"}, {"_path": "d", "path_type": "directory"},
            {"_path": "t", "prefix_placeholder": "/q", "file_mode": null}, {"_path": "e", "prefix_placeholder": ""}
            """#)
        #expect(entries[0].placeholder == .init(bytes: Array("/p".utf8), mode: .binary))
        #expect(entries[0].noLink && entries[0].size == 12 && entries[0].sha256 == Self.digest)
        #expect(entries.map(\.type) == [.hardlink, .softlink, .directory, .hardlink, .hardlink])
        #expect(entries[3].placeholder?.mode == .text)
        #expect(entries[4].placeholder == nil)
    }

    @Test func givesBackNamesThatAreNotUTF8() throws {
        let entries = try decode(#"{"_path": "caf\udce9/\u00e9\ud83d\ude00"}"#)
        #expect(entries[0].path.bytes == Array("caf".utf8) + [0xE9] + Array("/é😀".utf8))
    }

    @Test(
        "A hostile document is refused",
        arguments: [
            #"{"_path": "../x"}"#, #"{"_path": "/x"}"#, #"{"_path": ""}"#, #"{"_path": "a\u0000b"}"#, "{}",
            #"{"_path": "a"}, {"_path": "./a"}"#, #"{"_path": "info/index.json"}"#, #"{"_path": 1}"#, "[]", "1",
            #"{"_path": "a", "_path": "b"}"#, #"{"_path": "a", "path_type": "device"}"#,
            #"{"_path": "a", "file_mode": "both"}"#, #"{"_path": "a", "size_in_bytes": -1}"#,
            #"{"_path": "a", "size_in_bytes": 1.5}"#, #"{"_path": "a", "size_in_bytes": 99999999999999999999}"#,
            #"{"_path": "a", "sha256": "xyz"}"#, #"{"_path": "a"} {"_path": "b"}"#, #"{"_path": "a",}"#,
            #"{"_path": "\ud800"}"#, #"{"_path": "\ud800\u0041"}"#, #"{"_path": "a\x"}"#, #"{"_path": "a"#,
        ])
    func refusesEntries(entries: String) {
        #expect(fault { _ = try decode(entries) } != nil)
    }

    @Test(
        "A document of another form is refused",
        arguments: [
            "", "null", "[]", "{}", #"{"paths": []}"#, #"{"paths_version": 1}"#, #"{"paths_version": 2, "paths": []}"#,
            #"{"paths_version": 1, "paths": {}}"#, #"{"paths_version": 1, "paths": []} x"#,
            #"{"paths_version": 01, "paths": []}"#, "{\"paths_version\": 1, \"paths\": [], \"x\": \"\u{1}\"}",
        ])
    func refusesDocuments(document: String) {
        #expect(fault { _ = try PathsJSON(json: Array(document.utf8)) } != nil)
    }

    @Test func nestingIsBounded() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(fault { _ = try PathsJSON(json: Array((#"{"x": "# + deep).utf8)) } != nil)
    }

    @Test(
        "Other values are passed over",
        arguments: [
            "0", "-0.5e+10", "1E3", "true", "false", "null", #""a\"\\\/\b\f\n\r\t""#, "[1, [2], {}]",
            #"{"a": {"b": []}}"#,
        ])
    func skips(value: String) throws {
        let json = #"{"x": \#(value), "paths_version": 1, "paths": [ ] }"#
        #expect(try PathsJSON(json: Array(json.utf8)).entries.isEmpty)
    }

    @Test(
        "A malformed value is not",
        arguments: ["+1", ".5", "1.", "1e", "nul", "True", "'a'", "[1 2]", "{1: 2}", "{\"a\"}", "-"])
    func refusesValues(value: String) {
        let json = #"{"x": \#(value), "paths_version": 1, "paths": []}"#
        #expect(fault { _ = try PathsJSON(json: Array(json.utf8)) } != nil)
    }
}

@Suite("The documents before paths.json")
struct LegacyPathsTests {
    private func paths(_ files: String, _ others: [String: String] = [:]) throws -> [PathEntry] {
        var info = ["info/files": Array(files.utf8)]
        for (name, text) in others { info[name] = Array(text.utf8) }
        return try ArchiveInfo(archive: "x", files: info, memberNames: [], depth: 64).paths().entries
    }

    @Test func filesAreListedByLine() throws {
        let entries = try paths("bin/a\nlib/b c\r\n\n# comment\ninfo/index.json\n")
        #expect(entries.map(\.path.string) == ["bin/a", "lib/b c"])
        #expect(entries.allSatisfy { $0.type == .hardlink && $0.placeholder == nil && !$0.noLink })
    }

    @Test(
        "A line of has_prefix names placeholder, mode and path",
        arguments: [
            ("/old/place binary bin/a", "/old/place", PathEntry.Placeholder.Mode.binary, "bin/a"),
            (#""/old place" text "bin/a b""#, "/old place", .text, "bin/a b"),
            (#"'/old/place' text 'bin/a'"#, "/old/place", .text, "bin/a"),
            ("bin/a", "/opt/anaconda1anaconda2anaconda3", .text, "bin/a"),
            ("bin/a b", "/opt/anaconda1anaconda2anaconda3", .text, "bin/a b"),
            (#""bin/a b""#, "/opt/anaconda1anaconda2anaconda3", .text, "bin/a b"),
            ("  /p   binary\tbin/a  ", "/p", .binary, "bin/a"),
        ])
    func readsPlaceholders(line: String, text: String, mode: PathEntry.Placeholder.Mode, path: String) throws {
        let entries = try paths(path + "\nother\n", ["info/has_prefix": line + "\n"])
        #expect(entries[0].placeholder == .init(bytes: Array(text.utf8), mode: mode))
        #expect(entries[1].placeholder == nil)
    }

    @Test(
        "A hostile line is refused",
        arguments: ["/p text ../x", "/x", "/p binary /x", "\"/p text bin/a", "\"\" text bin/a"])
    func refusesPlaceholders(line: String) {
        #expect(fault { _ = try paths("bin/a\n", ["info/has_prefix": line]) } != nil)
    }

    @Test("A hostile list is refused", arguments: ["../x", "/x", "a\na", "a\u{0}b"])
    func refusesFiles(text: String) {
        #expect(fault { _ = try paths(text) } != nil)
    }

    @Test func bothListsAskForCopies() throws {
        let entries = try paths("a\nb\nc\n", ["info/no_link": "a\n", "info/no_softlink": "c\nunknown\n"])
        #expect(entries.map(\.noLink) == [true, false, true])
    }

    @Test func pathsJSONWins() throws {
        let entries = try paths("a\n", ["info/paths.json": #"{"paths_version": 1, "paths": [{"_path": "b"}]}"#])
        #expect(entries.map(\.path.string) == ["b"])
    }
}

@Suite("Other documents")
struct DocumentTests {
    @Test func linkJSONIgnoresWhatHasNoMeaning() throws {
        let json =
            #"{"preferred_env": {"name": "x"}, "noarch": {"type": "generic", "x": 1}, "package_metadata_version": 1}"#
        #expect(try LinkJSON(json: Array(json.utf8)) == LinkJSON(noarchType: "generic", entryPoints: []))
        #expect(try LinkJSON(json: Array(#"{"noarch": null}"#.utf8)) == LinkJSON(noarchType: nil, entryPoints: []))
    }

    @Test(
        "A hostile link.json is refused",
        arguments: [
            "", "[]", #"{"noarch": []}"#, #"{"noarch": {"entry_points": "a = b:c"}}"#,
            #"{"noarch": {"entry_points": [1]}}"#,
            #"{"package_metadata_version": 2}"#, #"{"noarch": {"type": 1}}"#,
            #"{"noarch": {"entry_points": ["\udcff"]}}"#,
        ])
    func refusesLinks(json: String) {
        #expect(fault { _ = try LinkJSON(json: Array(json.utf8)) } != nil)
    }

    @Test func aboutJSONIsLenient() throws {
        let about = try AboutJSON(json: Array(#"{"license": ["MIT"], "summary": "s", "extra": {"a": [1]}}"#.utf8))
        #expect(about.license == nil && about.summary == "s")
    }

    @Test(
        "A hostile index.json is refused",
        arguments: [
            "", "{}", "[]", #"{"name": "x"}"#, #"{"name": 1, "version": "1", "build": "0"}"#,
            #"{"name": "x", "version": "1", "build": "0", "depends": "y"}"#,
        ])
    func refusesIndexes(json: String) {
        let info = ArchiveInfo(archive: "x", files: ["info/index.json": Array(json.utf8)], memberNames: [], depth: 64)
        #expect(fault { _ = try info.index() } != nil)
    }
}

@Suite("Summaries")
struct ArchiveSummaryTests {
    @Test("A summary tells what a build needs", arguments: ArchiveFormat.allCases)
    func summarises(format: ArchiveFormat) throws {
        let scratch = try Scratch()
        var package = PackageFixture()
        package.info = [
            (
                "info/paths.json",
                #"""
                {"paths_version": 1, "paths": [
                  {"_path": "bin/.sample-post-link.sh", "size_in_bytes": 5},
                  {"_path": "lib/a", "size_in_bytes": 10, "file_mode": "binary", "prefix_placeholder": "/long/placeholder"},
                  {"_path": "lib/b", "size_in_bytes": 20, "file_mode": "binary", "prefix_placeholder": "/short"},
                  {"_path": "lib/c", "size_in_bytes": 30, "file_mode": "text", "prefix_placeholder": "/t"},
                  {"_path": "lib/d", "size_in_bytes": 99, "path_type": "softlink"},
                  {"_path": "e", "path_type": "directory"},
                  {"_path": "site-packages/Sample-1.0.dist-info/METADATA", "size_in_bytes": 0}]}
                """#
            ),
            ("info/licenses/b", ""), ("info/licenses/a", ""),
        ]
        let path = try scratch.archive(package.bytes(format)).path
        let summary = try ArchiveSummary.read(path: path)
        #expect(summary.installedSize == 65)
        #expect(summary.fileCount == 6)
        #expect(summary.distributions == [PythonDistribution(name: "Sample", version: "1.0")])
        #expect(summary.shortestBinaryPlaceholder == .init(length: 6, file: "lib/b"))
        #expect(summary.linkScripts == ["bin/.sample-post-link.sh"] && summary.hasLinkScripts)
        #expect(summary.licenseFiles == ["info/licenses/a", "info/licenses/b"])
    }

    @Test func countsThePayloadWhereSizesAreMissing() throws {
        let scratch = try Scratch()
        let package = PackageFixture(info: [("info/files", "bin/tool\nlib/link\n")])
        let summary = try ArchiveSummary.read(path: try scratch.archive(package.tarBzip2()).path)
        #expect(summary.installedSize == 10 && summary.fileCount == 2 && !summary.hasLinkScripts)
    }
}
