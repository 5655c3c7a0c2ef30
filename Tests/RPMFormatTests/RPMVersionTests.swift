import Testing

@testable import RPMFormat

@Suite struct RPMVersionTests {
    @Test(
        "conda versions become RPM versions",
        arguments: [
            ("2.0", "2.0"), ("2.4.0", "2.4.0"), ("2.0rc1", "2.0~rc1"), ("2.0RC1", "2.0~rc1"), ("2.0.rc1", "2.0~rc1"),
            ("2.0_rc1", "2.0~rc1"), ("1.0a2", "1.0~a2"), ("1.0.a2", "1.0~a2"), ("1.0b3", "1.0~b3"), ("1.0c1", "1.0~c1"),
            ("1.0alpha", "1.0~alpha"), ("1.0.beta.2", "1.0~beta.2"), ("1.0pre1", "1.0~pre1"), ("1.0.dev3", "1.0~~dev3"),
            ("1.0dev", "1.0~~dev"), ("1.0a2.dev1", "1.0~a2~~dev1"), ("1.0.post1", "1.0.post1"),
            ("1.0post1", "1.0post1"),
            ("1.0.post1.dev2", "1.0.post1~~dev2"), ("1.0+cu118", "1.0+cu118"), ("1.0+3.gabcdef", "1.0+local.3.gabcdef"),
            ("1.0rc1+cu118", "1.0~rc1+cu118"), ("2024a", "2024a"), ("9e", "9e"), ("1.1.1w", "1.1.1w"),
            ("1_2_3", "1_2_3"),
            ("2024.02.02", "2024.02.02"), ("0.1.0b", "0.1.0b"), ("2.0~rc1", "2.0~rc1"), ("1.0^git1", "1.0^git1"),
            ("1.0.dev0+g1234", "1.0~~dev0+g1234"), ("1.0cuda11", "1.0cuda11"), ("r4.2", "r4.2"), ("dev", "dev"),
        ])
    func converts(conda: String, rpm: String) throws {
        #expect(try rpmVersion(fromConda: conda) == rpm)
    }

    @Test("the order of conda versions is kept under rpm")
    func order() throws {
        let ascending = [
            "0.9", "1.0.dev1", "1.0.dev3", "1.0a1.dev1", "1.0a1", "1.0a2.dev1", "1.0a2", "1.0b1", "1.0rc1.dev1",
            "1.0rc1",
            "1.0rc2", "1.0rc10", "1.0", "1.0+abc", "1.0+cu118", "1.0+3.gabc", "1.0+4.gabc", "1.0.post1.dev1",
            "1.0.post1",
            "1.0.post1+5", "1.0.post2", "1.0.1.dev1", "1.0.1a1", "1.0.1", "1.1.dev1", "1.1", "1.10", "2.0rc1", "2.0",
            "2024a", "2024b",
        ]
        let versions = try ascending.map { try rpmVersion(fromConda: $0) }
        for left in versions.indices {
            for right in versions.indices {
                let expected = left < right ? -1 : left > right ? 1 : 0
                #expect(
                    rpmCompareVersions(versions[left], versions[right]).signum() == expected,
                    "\(versions[left]) against \(versions[right])")
            }
        }
    }

    @Test("an epoch belongs to relations, not into a version")
    func epoch() throws {
        #expect(try rpmEVR(fromConda: "1!2.0rc1") == "1:2.0~rc1")
        #expect(try rpmEVR(fromConda: "2.0") == "2.0")
        #expect(
            throws: RPMError.invalid(
                field: "version", value: "1!2.0", problem: "an RPM version has no epoch in it",
                hint: "set the epoch to 1 and the version to 2.0")
        ) { try rpmVersion(fromConda: "1!2.0") }
    }

    @Test(
        "what RPM cannot hold is refused with the remedy",
        arguments: [
            ("2.0-rc1", "2.0.rc1"), ("1.0-1", "1.0_1"), ("1.0 beta", "1.0beta"), ("", "2.4.0"), ("1..0", "2.4.0"),
            ("x!2.0", "1!2.0"), ("1.0/2", "letters"), ("1.0é", "letters"), ("1.0+", nil), ("+5", "2.4.0"),
            ("1.0\n", "1.0"),
            (".1", "2.4.0"), ("1.0:2", "letters"), ("~1 0", "1"),
        ] as [(String, String?)])
    func refuses(text: String, remedy: String?) throws {
        guard let remedy else {
            #expect(try rpmVersion(fromConda: text) == text)
            return
        }
        do {
            let version = try rpmVersion(fromConda: text)
            Issue.record("\(text) became \(version)")
        } catch {
            #expect(error.hint?.contains(remedy) == true, "\(error.hint ?? "no hint")")
        }
    }
}
