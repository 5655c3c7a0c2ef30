import Testing

@Suite("Which of several candidates is preferred")
struct PreferenceTests {
    @Test("the higher version, then the higher build number")
    func versionThenBuildNumber() throws {
        try Scenario(record("a 1.9"), record("a 1.10 x_0"), record("a 1.10 y_2"), record("a 1.10 z_1"))
            .expect("a", gives: ["a 1.10 y_2"])
    }

    @Test("a candidate that tracks features comes after all others")
    func trackedFeatures() throws {
        try Scenario(record("a 2", tracking: ["debug"]), record("a 1")).expect("a", gives: ["a 1"])
        try Scenario(record("a 2", tracking: ["debug"]), record("a 1")).expect("a >1", gives: ["a 2"])
    }

    @Test("the one whose shared dependency may be newer, even if it is older itself")
    func sharedDependency() throws {
        try Scenario(
            record("a 1 old_0", "lib 1.*", at: 2000), record("a 1 new_0", "lib 2.*", at: 1000),
            record("lib 1"), record("lib 2")
        ).expect("a", gives: ["a 1 new_0", "lib 2"])
    }

    @Test("shared dependencies count in alphabetical order")
    func alphabetical() throws {
        try Scenario(
            record("a 1 x_0", "b 1", "c 2"), record("a 1 y_0", "c 1", "b 2"),
            record("b 1"), record("b 2"), record("c 1"), record("c 2")
        ).expect("a", gives: ["a 1 y_0", "b 2", "c 1"])
    }

    @Test("a dependency that not all have does not count")
    func unsharedDependency() throws {
        try Scenario(
            record("a 1 x_0", "b 2", at: 1000), record("a 1 y_0", at: 2000), record("b 2")
        ).expect("a", gives: ["a 1 y_0"])
    }

    @Test("of several requirements on one name the most restrictive counts")
    func mostRestrictive() throws {
        try Scenario(
            record("a 1 x_0", "b", "b 1", at: 2000), record("a 1 y_0", "b", "b 2", at: 1000),
            record("b 1"), record("b 2")
        ).expect("a", gives: ["a 1 y_0", "b 2"])
    }

    @Test("what the user's requirements rule out does not count as a version of a dependency")
    func requiredDependency() throws {
        let scenario = try Scenario(
            record("a 1 py34_0", "python 3.4.*"), record("a 1 py36_0", "python 3.6.*"), record("a 1 py_0", "python"),
            record("python 3.4.0"), record("python 3.6.0"))
        try scenario.expect("a", gives: ["a 1 py36_0", "python 3.6.0"])
        try scenario.expect("a", "python <3.6", gives: ["a 1 py34_0", "python 3.4.0"])
    }

    @Test("the one built later, then the first in the channel")
    func timeThenOrder() throws {
        try Scenario(record("a 1 x_0", at: 1000), record("a 1 y_0", at: 2000), record("a 1 z_0"))
            .expect("a", gives: ["a 1 y_0"])
        try Scenario(record("a 1 y_0"), record("a 1 x_0")).expect("a", gives: ["a 1 y_0"])
    }

    @Test("platforms before noarch where nothing else differs")
    func noarchLast() throws {
        try Scenario(record("a 1 pyh_0", subdir: "noarch"), record("a 1 py_0")).expect("a", gives: ["a 1 py_0"])
        try Scenario(record("a 2 pyh_0", subdir: "noarch"), record("a 1 py_0")).expect("a", gives: ["a 2 pyh_0"])
    }

    @Test(".conda before the same archive as .tar.bz2")
    func archiveFormat() throws {
        let scenario = try Scenario(record("a 1", ending: ".tar.bz2"), record("a 1"))
        #expect(try ClauseLearning.files(scenario, "a") == ["a-1-0.conda"])
    }

    @Test("candidates with a dependency that cannot be read are passed over")
    func unreadableDependency() throws {
        try Scenario(record("a 1"), record("a 2", "b @#$%^&*()")).expect("a", gives: ["a 1"])
    }
}
