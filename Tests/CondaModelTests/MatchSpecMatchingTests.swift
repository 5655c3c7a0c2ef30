import CondaModel
import Testing

/// Which records MatchSpecs choose.
@Suite struct MatchSpecMatchingTests {
    private func numpy(_ change: (inout PackageRecord) -> Void = { _ in }) throws -> PackageRecord {
        var record = PackageRecord(name: "numpy", version: try Version("1.7.1"), build: "py27_0")
        change(&record)
        return record
    }

    @Test(arguments: [
        ("numpy 1.7*", true), ("numpy 1.7.1", true), ("numpy 1.7", false), ("numpy 1.5*", false), ("numpy >=1.5", true),
        ("numpy >=1.5,<2", true), ("numpy >=1.8,<1.9", false), ("numpy >1.5,<2,!=1.7.1", false),
        ("numpy >1.8,<2|==1.7", false), ("numpy >1.8,<2|>=1.7.1", true), ("numpy >=1.8|1.7*", true),
        ("numpy ==1.7", false), ("numpy >=1.5,>1.6", true), ("numpy ==1.7.1.0", true), ("numpy==1.7.1.0.0", true),
        ("numpy >=1,*.7.*", true), ("numpy *.7.*,>=1", true), ("numpy >=1,*.8.*", false), ("numpy >=2,*.7.*", false),
        ("numpy 1.6*|1.7*", true), ("numpy 1.6.2|1.7.0", false), ("numpy 1.7.1 py27_0", true),
        ("numpy 1.7.1 py26_0", false), ("numpy >1.7.1a", true), ("python", false), ("num*", true), ("^n.*y$", true),
        ("*", true), ("NumPy 1.7.1 PY27_0", true), ("numpy * py27*", true), ("numpy * *_1", false),
        ("numpy[build_number='<1']", true), ("numpy[build_number='!=0']", false), ("numpy[build_number='==0']", true),
        ("numpy[subdir=noarch]", true), ("numpy[subdir=linux-64]", false),
        ("numpy[md5=0123456789abcdef0123456789abcdef]", false), ("numpy[license=mit]", false),
    ])
    func choosesByNameVersionAndBuild(spec: String, expected: Bool) throws {
        #expect(try MatchSpec(spec).matches(numpy()) == expected)
    }

    @Test(arguments: [
        ("openssl>=1.0.1_", "1.0.1_", true), ("openssl>=1.0.1", "1.0.1_", false), ("openssl >=1.0.1a", "1.0.1z", true),
        ("openssl <1.0.1", "1.0.1.vc11", true), ("openssl >=1.0.1.vc11", "1.0.1a", false),
    ])
    func ordersAsTheTablesOfConda(spec: String, version: String, expected: Bool) throws {
        let record = PackageRecord(name: "openssl", version: try Version(version), build: "0")
        #expect(try MatchSpec(spec).matches(record) == expected)
    }

    @Test(arguments: [
        ("license_family=lgpl", true), ("license_family='*GP*'", true), ("license='*v3+'", true),
        ("license=LGPLv3", false),
    ])
    func choosesByLicence(condition: String, expected: Bool) throws {
        let record = try numpy { record in
            record.license = "LGPLv3+"
            record.licenseFamily = "LGPL"
        }
        #expect(try MatchSpec("*[\(condition)]").matches(record) == expected)
    }

    @Test(arguments: [
        (["test"], "test", true), (["test", "me"], "test", false), ([], "test", false), (["b", "a"], "a b", true),
        ([], "''", true), (["test"], "''", false),
    ])
    func demandsTheVeryFeatures(tracked: [String], demanded: String, expected: Bool) throws {
        let record = try numpy { $0.trackFeatures = tracked }
        let value = demanded == "''" ? demanded : "'\(demanded)'"
        #expect(try MatchSpec("*[track_features=\(value)]").matches(record) == expected)
    }

    @Test(arguments: [
        ("conda-forge", "conda-forge", true), ("conda-forge", "https://conda.anaconda.org/conda-forge", true),
        ("https://conda.anaconda.org/conda-forge", "conda-forge", true), ("conda-forge", "bioconda", false),
        ("conda-forge", "https://mirror.example/conda-forge", true), ("defaults", "pkgs/main", true),
        ("defaults", "https://repo.anaconda.com/pkgs/main", true), ("pkgs/main", "defaults", false),
        ("https://a.example/python/conda", "https://b.example/python/conda", false),
        ("distr", "file:///srv/a/distr", true), ("file:///srv/a/distr", "file:///srv/b/distr", false),
        ("https://repo.anaconda.com/pkgs/main", "conda-forge", false), ("conda-*", "https://h/conda-forge", true),
        ("^conda-.*$", "bioconda", false), ("c", "https://h.org/a/c", false),
        ("https://h.org/c/", "https://h.org/c", true),
    ])
    func choosesByChannel(channel: String, candidate: String, expected: Bool) throws {
        let record = try numpy { $0.channel = candidate }
        #expect(try MatchSpec("numpy[channel='\(channel)']").matches(record) == expected)
    }

    @Test func choosesTheArchiveOfAURL() throws {
        let url = "https://h.org/c/linux-64/x264-1%21164-h_2.conda"
        let record = PackageRecord(
            name: "x264", version: try Version("1!164"), build: "h_2", subdir: "linux-64",
            fileName: "x264-1!164-h_2.conda", url: "https://h.org/c/linux-64/x264-1!164-h_2.conda",
            channel: "https://h.org/c")
        #expect(try MatchSpec(url).matches(record))
        #expect(try !MatchSpec(url.replacing("h_2", with: "h_3")).matches(record))
    }

    @Test func virtualPackagesHaveNoArchive() throws {
        let version = try Version("2.28")
        func matches(_ spec: String) throws -> Bool {
            try MatchSpec(spec).matches(name: "__glibc", version: version, build: "0", buildNumber: 0)
        }
        #expect(try matches("__glibc >=2.17,<3.0.a0"))
        #expect(try matches("__glibc[build_number=0]"))
        #expect(try !matches("__glibc >=2.34"))
        #expect(try !matches("conda-forge::__glibc"))
        #expect(try !matches("__glibc[build_number=1]"))
    }
}
