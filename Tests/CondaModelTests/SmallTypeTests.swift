import CondaModel
import HostSystem
import Testing

/// Subdirs, archive names, virtual packages, hints and hexadecimal.
@Suite struct SmallTypeTests {
    @Test(arguments: [
        ("linux-64", "x86_64"), ("linux-aarch64", "aarch64"), ("linux-ppc64le", "ppc64le"), ("linux-s390x", "s390x"),
        ("linux-32", "i686"), ("noarch", nil), ("osx-arm64", nil),
    ])
    func subdirsHaveArchitectures(name: String, architecture: String?) {
        #expect(Subdir(rawValue: name)?.rpmArchitecture == architecture)
    }

    @Test(arguments: [
        "", "linux", "Linux-64", "linux-64-x", "-64", "linux-", "linux_64", "linux-64/",
        "a-" + String(repeating: "b", count: 31),
    ])
    func refusesSubdirs(name: String) {
        #expect(Subdir(rawValue: name) == nil)
    }

    @Test(arguments: [
        ("numpy-1.26.4-py312h_0.conda", "numpy", "1.26.4", "py312h_0"), ("a-b-c-1-0.tar.bz2", "a-b-c", "1", "0"),
        ("_license-1.1-py27_1.tar.bz2", "_license", "1.1", "py27_1"),
        ("x264-1!164.3095-h_2.conda", "x264", "1!164.3095", "h_2"),
    ])
    func takesArchiveNamesApart(fileName: String, name: String, version: String, build: String) throws {
        let archive = try #require(ArchiveName(fileName))
        #expect((archive.name, archive.version, archive.build) == (name, version, build))
        #expect(archive.description == fileName)
    }

    @Test(arguments: [
        "", ".conda", "a-1.conda", "a--1.conda", "a-1-.conda", "-1-0.conda", "a-1-0.zip", "d/a-1-0.conda",
    ])
    func refusesArchiveNames(fileName: String) {
        #expect(ArchiveName(fileName) == nil)
    }

    @Test func virtualPackagesOfATarget() throws {
        func packages(_ subdir: Subdir, _ environment: [String: String] = [:]) throws -> [String] {
            try VirtualPackage.forTarget(glibc: Version("2.28"), subdir: subdir, environment: environment).map(
                \.description)
        }
        #expect(try packages(.linux64) == ["__archspec=1=x86_64", "__glibc=2.28=0", "__linux=0=0", "__unix=0=0"])
        #expect(try packages(.linuxAarch64).first == "__archspec=1=aarch64")
        #expect(try packages(.linuxS390x).first == "__archspec=0=s390x")
        let overridden = try packages(
            .linux64,
            [
                "CONDA_OVERRIDE_GLIBC": "2.17", "CONDA_OVERRIDE_LINUX": "4.18", "CONDA_OVERRIDE_CUDA": "12.4",
                "CONDA_OVERRIDE_ARCHSPEC": "zen3", "CONDA_OVERRIDE_UNIX": "9", "CONDA_OVERRIDE_OSX": "11",
            ])
        #expect(
            overridden == ["__archspec=1=zen3", "__cuda=12.4=0", "__glibc=2.17=0", "__linux=4.18=0", "__unix=0=0"])
        #expect(try packages(.linux64, ["CONDA_OVERRIDE_CUDA": "", "CONDA_OVERRIDE_GLIBC": ""]) == packages(.linux64))
        #expect(
            try packages(#require(Subdir(rawValue: "osx-arm64"))) == [
                "__archspec=1=aarch64", "__osx=0=0", "__unix=0=0",
            ])
        let error = #expect(throws: OverrideError.self) {
            try packages(.linux64, ["CONDA_OVERRIDE_GLIBC": "two" + "!"])
        }
        #expect(error?.variable == "CONDA_OVERRIDE_GLIBC")
    }

    @Test(arguments: [
        ("nunpy", "numpy"), ("numyp", "numpy"), ("NUMPY", "numpy"), ("scpy", "scipy"), ("tensorflow", nil), ("x", nil),
        ("pyhton", "python"), ("", nil),
    ])
    func suggestsTheNearest(text: String, expected: String?) {
        let names = ["scipy", "numpy", "python", "numba", "pandas"]
        #expect(nearest(to: text, in: names) == expected)
        #expect(nearest(to: text, in: names.reversed()) == expected)
    }

    @Test func writesHexadecimal() {
        #expect(hexadecimal([0, 15, 16, 255] as [UInt8]) == "000f10ff")
        #expect(hexadecimal([]) == "")
    }

    @Test(arguments: [
        ("site-packages/zope.interface-5.0.dist-info/METADATA", "zope.interface 5.0"),
        ("lib/python3.12/site-packages/Flask-3.1.3.dist-info/METADATA", "Flask 3.1.3"),
        ("lib/python3.12/site-packages/old-1.0-py3.12.egg-info/PKG-INFO", "old 1.0"),
        ("lib/python3.12/site-packages/older-1.0-py3.12.egg-info", "older 1.0"),
        ("site-packages/flask-3.1.3.dist-info/RECORD", nil), ("site-packages/x.egg-info/SOURCES.txt", nil),
        ("site-packages/setuptools/_vendor/wheel-0.45.dist-info/METADATA", nil), ("site-packages/METADATA", nil),
        ("share/site-packages/a-1.dist-info/METADATA", nil), ("site-packages/nameless.dist-info/METADATA", nil),
        ("site-packages/-1.dist-info/METADATA", nil), ("site-packages", nil), ("", nil),
    ])
    func findsDistributions(path: String, expected: String?) {
        let found = PythonDistribution.among([path, path])
        #expect(found.map { "\($0.name) \($0.version)" } == (expected.map { [$0] } ?? []))
    }

    @Test(arguments: [
        ("https://u:p@h.org/t/tk/c", "https://h.org/c"), ("https://h.org/t/tk", "https://h.org"), ("c", "c"),
        ("https://h.org/api/t/tk/c/noarch/a-1-0.conda", "https://h.org/api/c/noarch/a-1-0.conda"),
        ("https://h.org/t", "https://h.org/t"), ("https://u@h.org", "https://h.org"), ("/t/tk/c", "/t/tk/c"),
        ("https://u:p@ss@h.org:8443/x", "https://h.org:8443/x"), ("https://h.org/x?y=a@b", "https://h.org/x?y=a@b"),
        ("https://u@h.org?x", "https://h.org?x"), ("file:///srv/t/c/noarch", "file:///srv/t/c/noarch"),
    ])
    func removesCredentials(url: String, expected: String) {
        #expect(ChannelName.withoutCredentials(url) == expected)
    }

    @Test(arguments: [
        ("file:///home/me/chan", "file:///chan"), ("file:///home/me/chan/", "file:///chan"), ("file:///", "file:///"),
        ("file:///home/me/chan/noarch/a-1-0.conda", "file:///chan/noarch/a-1-0.conda"),
        ("file:///home/me/chan/linux-64/a-1-0.tar.bz2", "file:///chan/linux-64/a-1-0.tar.bz2"),
        ("file:///home/me/chan::a >=1", "file:///chan::a >=1"), ("https://h.org/a/b/c", "https://h.org/a/b/c"),
        ("conda-forge", "conda-forge"), ("/home/me", "/home/me"),
    ])
    func keepsFoldersOfTheBuildMachine(text: String, expected: String) {
        #expect(ChannelName.withoutFolders(text) == expected)
    }
}
