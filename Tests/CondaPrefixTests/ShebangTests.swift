import Testing

@testable import CondaPrefix

@Suite struct ShebangTests {
    private static let long = "/" + String(repeating: "p", count: 130)

    private func replaced(_ text: String, _ prefix: String) throws -> String {
        var bytes = Array(text.utf8)
        try PrefixReplacement(placeholder: "/old", prefix: prefix, mode: .text).apply(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("#!/old/bin/python3.12 -E\nx", "/new", "#!/new/bin/python3.12 -E\nx"),
        ("#!/old/bin/python\n/old", long, "#!/bin/sh\n'''exec' \"\(long)/bin/python\" \"$0\" \"$@\" #'''\n\(long)"),
        (
            "#!/old/bin/python3.12 -E\n", "/with blank",
            "#!/bin/sh\n'''exec' \"/with blank/bin/python3.12\" -E \"$0\" \"$@\" #'''\n"
        ),
        ("#! /old/bin/perl -w\nx", long, "#!/usr/bin/env perl -w\nx"),
        ("#!/old/bin/perl", "/with blank", "#!/usr/bin/env perl"),
        ("#!/old/bin/pythonw\n", long, "#!/usr/bin/env pythonw\n"),
        ("#!/old/bin/python3.12.1\n", long, "#!/usr/bin/env python3.12.1\n"),
        ("#!/bin/sh\nexec /old/bin/x", "/with blank", "#!/bin/sh\nexec /with blank/bin/x"),
        ("#!/usr/bin/env python\n", long, "#!/usr/bin/env python\n"),
        ("#!relative /old", "/n", "#!relative /n"),
    ])
    func lineIsRunnableAfterReplacement(text: String, prefix: String, expected: String) throws {
        #expect(try replaced(text, prefix) == expected)
    }

    @Test func lengthLimitIsTheKernels() throws {
        // `#!`, the prefix and `/bin/python` make 127 and 128 bytes.
        let fits = "/" + String(repeating: "p", count: 113)
        #expect(try replaced("#!/old/bin/python\n", fits) == "#!\(fits)/bin/python\n")
        #expect(try replaced("#!/old/bin/python\n", fits + "p").hasPrefix("#!/bin/sh\n"))
    }

    @Test func entryPointsCountTheNewlineAsCondaDoes() {
        let executable = "/" + String(repeating: "p", count: 123)
        #expect(Shebang.line(forPython: executable) == "#!\(executable)\n")
        #expect(
            Shebang.line(forPython: executable + "p") == "#!/bin/sh\n'''exec' \"\(executable)p\" \"$0\" \"$@\" #'''\n")
        #expect(Shebang.line(forPython: "/a b/python").hasPrefix("#!/bin/sh\n"))
    }
}
