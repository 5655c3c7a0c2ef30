import CondaModel
import CondaSolver
import Foundation
import Testing

@Suite("Why there is no solution")
struct ExplanationTests {
    // conda, test_unsat_simple
    @Test("two requirements that need different versions of a third package")
    func simple() throws {
        let scenario = try Scenario(
            record("a", "c >=1,<2"), record("b", "c >=2,<3"), record("c 1.0"), record("c 2.0"), record("unrelated"))
        try scenario.expect(
            "unrelated", "a", "b",
            explains: """
                no set of packages meets these requirements together
                ├─ a
                │  └─ a 1.0 needs c >=1,<2
                │     └─ c 1.0 does not match 'c >=2,<3', which b 1.0 needs
                └─ b
                   └─ b 1.0 needs c >=2,<3
                      └─ c 2.0 does not match 'c >=1,<2', which a 1.0 needs
                """)
    }

    // conda, test_unsat_chain
    @Test("the conflict lies further down")
    func chain() throws {
        try Scenario(
            record("a", "b"), record("b", "c >=1,<2"), record("c 1.0", "d >=1,<2"), record("d 1.0"),
            record("e", "c >=2,<3"), record("c 2.0", "d >=2,<3"), record("d 2.0")
        ).expect(
            "a", "e",
            explains: """
                no set of packages meets these requirements together
                ├─ a
                │  └─ a 1.0 needs b
                │     └─ b 1.0 needs c >=1,<2
                │        └─ c 1.0 does not match 'c >=2,<3', which e 1.0 needs
                └─ e
                   └─ e 1.0 needs c >=2,<3
                      └─ c 2.0 does not match 'c >=1,<2', which b 1.0 needs
                """)
    }

    // conda, test_unsat_shortest_chain_1
    @Test("only the requirements that exclude each other are named")
    func core() throws {
        let scenario = try Scenario(
            record("a", "d", "c <1.3.0"), record("b", "c"), record("c 1.3.6"), record("c 1.2.8"),
            record("d", "c >=0.8.0"))
        try scenario.expect(
            "c=1.3.6", "a", "b",
            explains: """
                no set of packages meets these requirements together
                ├─ c 1.3.6.*
                │  └─ c 1.3.6 does not match 'c <1.3.0', which a 1.0 needs
                └─ a
                   └─ a 1.0 needs c <1.3.0
                      └─ c 1.2.8 does not match 'c 1.3.6.*', which is required too
                """)
    }

    // conda, test_unsat_any_two_not_three
    @Test("three that exclude each other only together")
    func three() throws {
        let scenario = try Scenario(
            record("a 1.0", "d >=1,<2"), record("a 2.0", "d >=2,<3"), record("b 1.0", "d >=1,<2"),
            record("b 2.0", "d >=3,<4"), record("c 1.0", "d >=2,<3"), record("c 2.0", "d >=3,<4"),
            record("d 1.0"), record("d 2.0"), record("d 3.0"))
        guard case .unsatisfiable(let explanation) = try scenario.failure("a", "b", "c") else {
            Issue.record("expected an explanation")
            return
        }
        #expect(explanation.requirements == ["a", "b", "c"])
        #expect(explanation.reasons.allSatisfy { !$0.reasons.isEmpty })
    }

    // conda, test_unsat_expand_single
    @Test("a package whose dependencies exclude each other")
    func single() throws {
        try Scenario(
            record("a", "b", "c"), record("b", "d >=1,<2"), record("c", "d >=2,<3"), record("d 1.0"), record("d 2.0")
        ).expect(
            "a",
            explains: """
                no set of packages meets the requirement 'a'
                ├─ a 1.0 needs b
                │  └─ b 1.0 needs d >=1,<2
                │     └─ d 1.0 does not match 'd >=2,<3', which c 1.0 needs
                └─ a 1.0 needs c
                   └─ c 1.0 needs d >=2,<3
                      └─ d 2.0 does not match 'd >=1,<2', which b 1.0 needs
                """)
    }

    // conda, test_unsat_missing_dep
    @Test("a dependency of which there is no such version")
    func missingVersion() throws {
        try Scenario(record("a", "b", "c"), record("b", "c >=2,<3"), record("c 1.0")).expect(
            "a", "b",
            explains: """
                no set of packages meets the requirement 'b'
                └─ b 1.0 needs c >=2,<3
                   └─ nothing matches 'c >=2,<3'; there is c 1.0
                """)
    }

    @Test("a dependency that no channel has")
    func missingName() throws {
        try Scenario(record("a 1", "nowhere"), record("a 2", "nowhere")).expect(
            "a",
            explains: """
                no set of packages meets the requirement 'a'
                └─ a 1, 2 need nowhere
                   └─ no channel has a package named nowhere
                """)
    }

    @Test("many candidates are told in few words")
    func manyCandidates() throws {
        let scenario = try Scenario(record("lib 1")).with { scenario in
            for version in 1...20 {
                scenario.channels[0].append(try record("a \(version)", "lib >=\(version + 1)"))
                scenario.channels[0].append(try record("b \(version)", "lib >=2"))
            }
        }
        try scenario.expect(
            "b",
            explains: """
                no set of packages meets the requirement 'b'
                └─ b 1 to 20 (20 versions) need lib >=2
                   └─ nothing matches 'lib >=2'; there is lib 1
                """)
        let lines = try scenario.failure("a").description.split(separator: "\n")
        #expect(lines.count == 10)
        #expect(lines.last == "└─ and 16 more for similar reasons")
    }

    @Test("a pin")
    func pin() throws {
        let scenario = try Scenario(record("numpy 1.26"), record("numpy 2.0"), record("app 1", "numpy >=2"))
            .with { $0.pinned = ["numpy 1.*"] }
        try scenario.expect(
            "app",
            explains: """
                no set of packages meets these requirements together
                ├─ app
                │  └─ app 1 needs numpy >=2
                │     └─ numpy 2.0 does not match the pin 'numpy 1.*'
                └─ numpy 1.* (pinned)
                """)
        #expect(try scenario.failure("app").hint == "relax the pin, or the requirement that it excludes")
    }

    @Test("a constraint")
    func constraint() throws {
        try Scenario(record("a 1", constrains: ["lib <2"]), record("lib 1"), record("lib 2")).expect(
            "a", "lib >=2",
            explains: """
                no set of packages meets these requirements together
                ├─ a
                │  └─ a 1 works only with 'lib <2', but 'lib >=2' is required
                └─ lib >=2
                   └─ lib 2 is ruled out by a 1, which works only with 'lib <2'
                """)
    }

    @Test("the cutoff date")
    func cutoff() throws {
        try Scenario(record("a 1", at: 3000), record("a 2")).with { $0.excludeNewer = 2000 }.expect(
            "a",
            explains: """
                no set of packages meets the requirement 'a'
                └─ a 1, 2 are newer than the cutoff date, or of unknown age
                """)
    }

    @Test("a dependency that cannot be read")
    func unreadable() throws {
        let text = try Scenario(record("a 1", "b >")).failure("a").description
        #expect(text.contains("└─ a 1 cannot be used: its dependency 'b >' cannot be read: "))
    }

    @Test("a name that nothing has, with the one that was probably meant")
    func unknownName() throws {
        let scenario = try Scenario(record("numpy 1"), record("scipy 1"))
        let error = try scenario.failure("numpyy >=1")
        #expect(error == .unknownRequirement(spec: try MatchSpec("numpyy >=1"), nearest: "numpy"))
        #expect(error.hint == "did you mean 'numpy'?")
        #expect(try scenario.failure("quite-another").hint == "check the spelling and the channels")
    }

    @Test("a requirement without a plain name")
    func unsupported() throws {
        let error = try Scenario(record("numpy 1")).failure("num*")
        #expect(error.description == "the requirement 'num*' cannot be used: it names no single package")
    }

    @Test("the tree can be written as JSON and read back")
    func json() throws {
        guard case .unsatisfiable(let explanation) = try Scenario(record("a 1", "b")).failure("a") else {
            Issue.record("expected an explanation")
            return
        }
        let data = try JSONEncoder().encode(explanation)
        #expect(try JSONDecoder().decode(Explanation.self, from: data) == explanation)
        #expect(explanation.reasons.first?.reasons.first?.kind == .dependency)
    }
}
