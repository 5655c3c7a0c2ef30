import Testing

@testable import CondaLock

@Suite("Dependencies of locked packages") struct DependencyTests {
    @Test(
        "A requirement splits into name and constraint",
        arguments: [
            ("python", "python", ""), ("python >=3.9,<3.10.0a0", "python", ">=3.9,<3.10.0a0"),
            ("python_abi 3.9.* *_cp39", "python_abi", "3.9.* *_cp39"), ("foo>=1", "foo", ">=1"),
            ("foo=1.2", "foo", "=1.2"),
            ("foo[version='>=3']", "foo", "[version='>=3']"), ("__glibc >=2.17", "__glibc", ">=2.17"),
            ("conda-forge::foo 1", "foo", "1"), ("  ruamel.yaml   0.17 ", "ruamel.yaml", "0.17"), ("Foo 1", "foo", "1"),
        ])
    func split(text: String, name: String, constraint: String) {
        let dependency = LockedPackage.Dependency(text)
        #expect(dependency.name == name && dependency.constraint == constraint)
    }

    @Test(
        "Several constraints on one name are joined",
        arguments: [
            (["a >=1", "a <2"], "a >=1,<2"), (["a", "a <2"], "a <2"), (["a <2", "a"], "a <2"), (["a 1", "a 1"], "a 1"),
            (["a 3.9.* *_cp", "a >=3"], "a 3.9.*,>=3 *_cp"), (["a * *_cp", "a >=3"], "a >=3 *_cp"),
            (["a >=1|<0.5", "a <2"], "a >=1|<0.5"), (["a * x", "a * y"], "a * x"),
        ])
    func joined(texts: [String], expected: String) {
        #expect(LockedPackage.Dependency.list(of: texts).map(\.matchSpec) == [expected])
    }

    @Test("The list is sorted by name")
    func sorted() {
        #expect(LockedPackage.Dependency.list(of: ["c", "a 1", "b"]).map(\.name) == ["a", "b", "c"])
    }
}

@Suite("Places of archives") struct ArchiveLocationTests {
    @Test(
        "Channel, subdir and file name",
        arguments: [
            ("https://c.org/forge/linux-64/a-1-0.conda", "https://c.org/forge", "linux-64", "a-1-0.conda"),
            (
                "https://c.org/forge/label/dev/noarch/a-1-0.conda?x=/y", "https://c.org/forge/label/dev", "noarch",
                "a-1-0.conda"
            ),
            ("file:///srv/c/noarch/a%2B1-1-0.conda", "file:///srv/c", "noarch", "a+1-1-0.conda"),
            ("https://c.org/a-1-0.conda", nil, nil, "a-1-0.conda"), ("https://c.org/x y/a.conda", nil, nil, "a.conda"),
        ])
    func parts(url: String, channel: String?, subdir: String?, fileName: String) {
        let place = ArchiveLocation.channel(of: url)
        #expect(place?.channel == channel && place?.subdir.rawValue == subdir)
        #expect(ArchiveLocation.fileName(of: url) == fileName)
    }
}
