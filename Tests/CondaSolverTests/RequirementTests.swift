import CondaModel
import Testing

@Suite("Requirements, constraints and pins")
struct RequirementTests {
    @Test("dependencies come first in the answer, and only what is needed is in it")
    func order() throws {
        let scenario = try Scenario(
            record("app 1", "lib", "tool"), record("lib 1", "base"), record("tool 1", "base"), record("base 1"),
            record("unrelated 1"))
        let answer = try scenario.solve(["app"])
        #expect(answer.sorted() == ["app 1", "base 1", "lib 1", "tool 1"])
        #expect(answer.first == "base 1" && answer.last == "app 1")
        #expect(try scenario.solve([]).isEmpty)
    }

    @Test("the user's requirements get their best candidates before what they depend on, the first one first")
    func userFirst() throws {
        let scenario = try Scenario(
            record("a 1", "b 2"), record("a 2", "b 1"), record("b 1", "c"), record("b 2", "c 1"),
            record("c 1"), record("c 2"), record("d 1", "c 2"), record("d 2", "c 1"))
        try scenario.expect("a", "c", gives: ["a 2", "b 1", "c 2"])
        try scenario.expect("c", "d", gives: ["c 2", "d 1"])
        try scenario.expect("d", "c", gives: ["c 1", "d 2"])
    }

    // conda, test_unsat_any_two_not_three
    @Test(
        "any two of three",
        arguments: [
            (["a", "b"], ["a 1.0", "b 1.0", "d 1.0"]), (["a", "c"], ["a 2.0", "c 1.0", "d 2.0"]),
            (["b", "c"], ["b 2.0", "c 2.0", "d 3.0"]),
        ])
    func anyTwo(specs: [String], expected: [String]) throws {
        let scenario = try Scenario(
            record("a 1.0", "d >=1,<2"), record("a 2.0", "d >=2,<3"), record("b 1.0", "d >=1,<2"),
            record("b 2.0", "d >=3,<4"), record("c 1.0", "d >=2,<3"), record("c 2.0", "d >=3,<4"),
            record("d 1.0"), record("d 2.0"), record("d 3.0"))
        #expect(try scenario.solve(specs).sorted() == expected)
    }

    // conda, test_timestamps_and_deps
    @Test("a newer build does not outweigh a newer dependency, and gives way to what is asked for")
    func timestampsAndDependencies() throws {
        let scenario = try Scenario(
            record("libpng 1.2.50"), record("libpng 1.5.13 1"),
            record("mypackage 1.0 hash12_0", "libpng 1.2.*", at: 1),
            record("mypackage 1.0 hash15_0", "libpng 1.5.*", at: 0))
        try scenario.expect("libpng 1.2.*", "mypackage", gives: ["libpng 1.2.50", "mypackage 1.0 hash12_0"])
        try scenario.expect("libpng 1.5.*", "mypackage", gives: ["libpng 1.5.13 1", "mypackage 1.0 hash15_0"])
        try scenario.expect("mypackage", gives: ["libpng 1.5.13 1", "mypackage 1.0 hash15_0"])
    }

    // conda, test_get_reduced_index_broadening_*
    @Test("an older candidate's narrow requirement does not hold the others back")
    func narrowOldCandidate() throws {
        try Scenario(
            record("top 1.0", "middle", "bottom ==1.5"), record("top 2.0", "middle"), record("middle", "bottom"),
            record("bottom 1.5"), record("bottom 2.5")
        ).expect("top", gives: ["bottom 2.5", "middle 1.0", "top 2.0"])
        try Scenario(record("a 1.0", "b", "c ==2"), record("a 2.0", "b"), record("b", "c"), record("c"))
            .expect("a", gives: ["a 2.0", "b 1.0", "c 1.0"])
    }

    // conda, test_circular_dependencies
    @Test("packages may need each other")
    func cycle() throws {
        try Scenario(record("package1", "package2"), record("package2", "package1"))
            .expect("package1", gives: ["package1 1.0", "package2 1.0"])
    }

    @Test("a constraint rules out, but requires nothing", arguments: [1, 3, 4, 9])
    func constrains(newerVersions: Int) throws {
        let newer = try (2..<2 + newerVersions).map { try record("lib \($0)") }
        let scenario = try Scenario(record("a 1", constrains: ["lib <2"]), record("lib 1"), record("b 1", "lib"))
            .with { $0.channels[0] += newer }
        try scenario.expect("a", gives: ["a 1"])
        try scenario.expect("a", "lib", gives: ["a 1", "lib 1"])
        try scenario.expect("a", "b", gives: ["a 1", "b 1", "lib 1"])
        try scenario.expect("b", gives: ["b 1", "lib \(newerVersions + 1)"])
    }

    // rattler, solve_constraints
    @Test("a pin is a constraint of the user, and may name what no channel has")
    func pins() throws {
        let scenario = try Scenario(record("bors 1.0"), record("bors 2.0"), record("foobar 1.0", "bors"))
            .with { $0.pinned = ["bors <=1", "nonexisting"] }
        try scenario.expect("foobar", gives: ["bors 1.0", "foobar 1.0"])
    }

    @Test("requirements on one name must all hold")
    func severalOnOneName() throws {
        let scenario = try Scenario(record("a 1"), record("a 2"), record("a 3"))
        try scenario.expect("a >1", "a <3", gives: ["a 2"])
        try scenario.expect("a", "a", gives: ["a 3"])
    }

    @Test("nothing is chosen that was built after the cutoff or at an unknown time")
    func excludeNewer() throws {
        let scenario = try Scenario(record("foo 1.0", at: 1000), record("foo 2.0", at: 3000), record("foo 3.0"))
        try scenario.with { $0.excludeNewer = 2000 }.expect("foo", gives: ["foo 1.0"])
        try scenario.with { $0.excludeNewer = 3000 }.expect("foo", gives: ["foo 2.0"])
        let twins = try Scenario(
            record("foo 3.0", at: 1000, ending: ".tar.bz2"), record("foo 3.0", at: 3000), record("foo 4.0", at: 3000)
        ).with { $0.excludeNewer = 2000 }
        #expect(try ClauseLearning.files(twins, "foo") == ["foo-3.0-0.tar.bz2"])
    }
}

@Suite("Locked records")
struct LockedTests {
    private let scenario: Scenario

    init() throws {
        scenario = try Scenario(
            record("foo 1.0", "bar"), record("foo 2.0", "bar"), record("bar 1.0"), record("bar 2.0"),
            record("new 1.0", "bar 2.*"))
    }

    @Test("they are kept as far as the requirements admit")
    func kept() throws {
        let locked = try scenario.with { $0.locked = [try record("foo 1.0", "bar"), try record("bar 1.0")] }
        try locked.expect("foo", gives: ["bar 1.0", "foo 1.0"])
        try locked.expect("foo >=2", gives: ["bar 1.0", "foo 2.0"])
        try locked.expect("foo", "new", gives: ["bar 2.0", "foo 1.0", "new 1.0"])
    }

    @Test("they are not installed for their own sake")
    func notRequired() throws {
        try scenario.with { $0.locked = [try record("foo 1.0", "bar")] }.expect("bar", gives: ["bar 2.0"])
        #expect(try scenario.with { $0.locked = [try record("foo 1.0", "bar")] }.solve([]).isEmpty)
    }

    @Test("one that is left out of the list is updated, the others stay")
    func partialUpdate() throws {
        try scenario.with { $0.locked = [try record("bar 1.0")] }.expect("foo", gives: ["bar 1.0", "foo 2.0"])
    }

    @Test("one that the channel no longer has can still be chosen, or else left out")
    func goneFromChannel() throws {
        let locked = try scenario.with { $0.locked = [try record("bar 1.5")] }
        try locked.expect("foo", gives: ["bar 1.5", "foo 2.0"])
        try locked.expect("foo", "bar >=2", gives: ["bar 2.0", "foo 2.0"])
    }

    @Test("what the channel says about it now counts, not what the lock remembers")
    func currentMetadata() throws {
        let remembered = try record("foo 1.0")
        let answer = try ClauseLearning.files(scenario.with { $0.locked = [remembered] }, "foo")
        #expect(answer == ["bar-2.0-0.conda", "foo-1.0-0.conda"])
    }
}
