import CondaModel
import Testing

@Suite("Virtual packages")
struct VirtualPackageTests {
    private let scenario: Scenario

    init() throws {
        scenario = try Scenario(
            record("torch 2 cuda_1", "__cuda >=12"), record("torch 2 cpu_0"), record("new 2", "__glibc >=2.34,<3.0a0"),
            record("new 1", "__glibc >=2.17,<3.0a0"), record("fast 1 v3_1", "__archspec * x86_64_v3"),
            record("fast 1 v1_0"), record("old 1", constrains: ["__glibc <2.20"]), record("windows 1", "__win"))
    }

    private func on(_ packages: (String, String, String)...) throws -> Scenario {
        try scenario.with { scenario in
            scenario.virtualPackages = try packages.map {
                VirtualPackage(name: $0.0, version: try Version($0.1), build: $0.2)
            }
        }
    }

    @Test("candidates are chosen that the target can run, and no virtual package is in the answer")
    func target() throws {
        try on(("__glibc", "2.17", "0")).expect("new", "torch", gives: ["new 1", "torch 2 cpu_0"])
        try on(("__glibc", "2.34", "0"), ("__cuda", "12.4", "0")).expect(
            "new", "torch", gives: ["new 2", "torch 2 cuda_1"])
    }

    @Test("the processor is the build string of __archspec")
    func archspec() throws {
        try on(("__archspec", "1", "x86_64_v3")).expect("fast", gives: ["fast 1 v3_1"])
        try on(("__archspec", "1", "x86_64")).expect("fast", gives: ["fast 1 v1_0"])
    }

    // rattler, test_virtual_package_constrains
    @Test("a constraint holds for what the target has")
    func constraint() throws {
        try on(("__glibc", "2.17", "0")).expect("old", gives: ["old 1"])
        try on().expect("old", gives: ["old 1"])
        try on(("__glibc", "2.28", "0")).expect(
            "old",
            explains: """
                no set of packages meets the requirement 'old'
                └─ old 1 works only with '__glibc <2.20', but the target has __glibc 2.28
                """)
    }

    @Test("a requirement of the user on the target")
    func requirement() throws {
        try on(("__glibc", "2.17", "0")).expect("__glibc >=2.12", gives: [])
        try on(("__glibc", "2.17", "0")).expect(
            "__glibc >=2.28",
            explains: """
                no set of packages meets the requirement '__glibc >=2.28'
                └─ the target has __glibc 2.17
                """)
    }

    @Test("what the target lacks is named")
    func missing() throws {
        try on(("__glibc", "2.17", "0")).expect(
            "windows",
            explains: """
                no set of packages meets the requirement 'windows'
                └─ windows 1 needs __win
                   └─ the target has no __win
                """)
        try on(("__glibc", "2.17", "0")).expect(
            "new 2",
            explains: """
                no set of packages meets the requirement 'new ==2'
                └─ new 2 needs __glibc >=2.34,<3.0a0
                   └─ the target has __glibc 2.17
                """)
    }
}
