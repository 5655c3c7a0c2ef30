import CondaModel
import Testing

@testable import CondaLock

@Suite("Conditions on the target") struct PythonMarkerTests {
    private let marker = PythonMarker(python: "3.12.4", platform: .linuxAarch64)

    @Test(
        "They are judged by PEP 508",
        arguments: [
            ("sys_platform == 'linux'", true), ("os_name == 'nt'", false), ("platform_machine == 'aarch64'", true),
            ("python_version < '3.13'", true), ("python_version >= '3.9'", true), ("python_version < \"3.9\"", false),
            ("'3.9' <= python_version", true), ("python_full_version == '3.12.*'", true),
            ("python_version in '3.11 3.12'", true), ("platform_machine not in 'x86_64 arm64'", true),
            ("python_full_version ~= '3.12.1'", true), ("python_full_version === '3.12'", false),
            ("sys_platform == 'win32' or python_version > '3' and os_name == 'posix'", true),
            ("(sys_platform == 'win32' or python_version > '3') and os_name == 'nt'", false),
            ("platform_python_implementation != 'PyPy' and sys_platform != 'cygwin'", true),
        ])
    func judged(text: String, expected: Bool) throws {
        #expect(try marker.holds(text) == expected)
    }

    @Test(
        "What has no answer is refused",
        arguments: [
            ("platform_release == '5'", PythonMarker.Problem.unknown(variable: "platform_release")),
            ("extra == 'x'", .unknown(variable: "extra")), ("", .malformed), ("os_name", .malformed),
            ("os_name ==", .malformed), ("os_name == 'nt", .malformed), ("os_name == 'nt')", .malformed),
            ("(os_name == 'nt'", .malformed), ("os_name not 'nt'", .malformed), ("os_name ~= 'nt'", .malformed),
            ("os_name == 'nt' os_name == 'nt'", .malformed), ("os_name = 'nt'", .malformed),
        ])
    func refused(text: String, problem: PythonMarker.Problem) {
        #expect(throws: problem) { try marker.holds(text) }
    }

    @Test("Without a version of Python, conditions on it have no answer")
    func withoutPython() throws {
        let marker = PythonMarker(python: nil, platform: .linux64)
        #expect(try marker.holds("platform_machine == 'x86_64'"))
        #expect(throws: PythonMarker.Problem.unknown(variable: "python_version")) {
            try marker.holds("python_version > '3'")
        }
    }
}
