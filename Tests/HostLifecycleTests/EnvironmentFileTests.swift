import Foundation
import ServiceRelease
import Testing

@testable import HostLifecycle

@Suite struct EnvironmentFileTests {
    static let values = [
        "plain", "", "two words", "a \"quoted\" word", "it's", "$HOME and `id`", "back\\slash", "tail\\", "line\nbreak",
        "é ü 漢", "a=b", "#no comment", " lead and tail ",
    ]

    @Test(arguments: values)
    func aValueComesBackAsItWas(value: String) {
        let variables = [EnvironmentVariable(name: "A", value: value), EnvironmentVariable(name: "B", value: "next")]
        #expect(EnvironmentFile.variables(EnvironmentFile.text(variables)) == variables)
    }

    /// The shell is the independent reader: systemd's rules inside double quotes are a subset of its own.
    @Test(arguments: values)
    func theShellReadsTheSameValue(value: String) throws {
        let text = EnvironmentFile.text([EnvironmentVariable(name: "VALUE", value: value)])
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", text + "printf '%s' \"$VALUE\""]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(String(decoding: data, as: UTF8.self) == value)
    }

    @Test func theFormIsTheOneSystemdReads() {
        #expect(EnvironmentFile.quoted("a \"b\" $c `d` \\e") == #""a \"b\" \$c \`d\` \\e""#)
    }
}
