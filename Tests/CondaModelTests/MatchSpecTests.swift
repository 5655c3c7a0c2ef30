import CondaModel
import Testing

/// What MatchSpecs mean and how they are printed.
@Suite struct MatchSpecTests {
    /// The blocks of equal specs of CEP 29.
    static let equivalent: [[String]] = [
        [
            "pkg=1.8", "pkg =1.8", "pkg 1.8.*", "pkg=1.8.*", "pkg[version=1.8.*]", #"pkg[version="1.8.*"]"#,
            "pkg==1.8.*",
            "PKG 1.8*", "pkg[version='=1.8']", "* [name=pkg]".replacing("* [name=pkg]", with: "ns:pkg=1.8"),
        ],
        ["pkg 1.8.* *", "pkg=1.8.*=*", "pkg =1.8.* *", "pkg ==1.8.* *", "pkg =1.8 *"],
        ["pkg 1.8", "pkg==1.8", "pkg ==1.8", "pkg[version=1.8]", #"pkg[version="1.8"]"#, "pkg[version='==1.8']"],
        ["pkg 1.8 *", "pkg=1.8=*", "pkg==1.8=*", "pkg ==1.8 *", "pkg=1.8 *", "pkg =1.8=*"],
        ["foo 1.0 py27_0", "foo=1.0=py27_0", "foo==1.0=py27_0", "foo[version=1.0,build=py27_0]"],
        ["foo >=1.0 , < 2.0 py34_0", "foo[version='>=1.0,<2.0' build=py34_0]", "foo>=1.0,<2.0=py34_0"],
        ["foo", "foo=", "foo # comment", "foo[version=*]", "foo *", "foo=*", " foo ", "*::foo"],
        ["c/linux-64::foo", "foo[channel=c,subdir=linux-64]", "foo[channel=c/linux-64]", "c/linux-64:ns:foo"],
        ["*/win-32::foo", "foo[subdir=win-32]", "*/osx-64::foo[subdir='win-32']"],
        ["tensorflow[name=pytorch]", "tensorflow"], ["mkl@", "*[track_features=mkl]"],
        ["c::foo 1.8 py27_0[channel=d, version=1.9, build=3]", "d::foo==1.9=3"],
    ]

    @Test(arguments: equivalent)
    func readsAlike(texts: [String]) throws {
        let specs = try texts.map { try MatchSpec($0) }
        for (text, spec) in zip(texts, specs) {
            #expect(spec == specs[0], "\(text)")
            #expect(spec.hashValue == specs[0].hashValue)
        }
        #expect(try Set(Self.equivalent.map { try MatchSpec($0[0]) }).count == Self.equivalent.count)
    }

    static let canonical: [(String, String)] = [
        ("numpy", "numpy"), ("numpy=1.7", "numpy=1.7"), ("numpy 1.7*", "numpy=1.7"), ("numpy==1.7", "numpy==1.7"),
        ("numpy[version='1.7|1.8']", "numpy[version='==1.7|==1.8']"), ("numpy>=1.7", "numpy[version='>=1.7']"),
        ("numpy=1.7=py3*_2", "numpy==1.7[build=py3*_2]"), ("numpy=1.7.*=py3*_2", "numpy=1.7[build=py3*_2]"),
        ("https://repo.anaconda.com/pkgs/free::numpy", "https://repo.anaconda.com/pkgs/free::numpy"),
        ("defaults::numpy", "defaults::numpy"), ("numpy[channel=conda-forge]", "conda-forge::numpy"),
        ("numpy[channel=defaults,subdir=osx-64]", "defaults/osx-64::numpy"),
        (
            "numpy[channel=https://repo.anaconda.com/pkgs/free/osx-64, subdir=linux-64]",
            "https://repo.anaconda.com/pkgs/free/linux-64::numpy"
        ),
        ("conda-forge/linux-64::foo>=1.0", "conda-forge/linux-64::foo[version='>=1.0']"),
        ("*/linux-64::foo>=1.0", "foo[subdir=linux-64,version='>=1.0']"), ("foo 1.0 py27_0", "foo==1.0=py27_0"),
        ("conda-forge::foo[version=1.0.*]", "conda-forge::foo=1.0"),
        ("numpy[version=1.10 build=py38_0]", "numpy==1.10=py38_0"),
        ("numpy!=1.10 py38_0", "numpy[version='!=1.10',build=py38_0]"), ("numpy !=1.10", "numpy[version='!=1.10']"),
        ("numpy=1.10.*,!=1.10.2", "numpy[version='1.10.*,!=1.10.2']"), ("numpy ~=1.10.1", "numpy[version='~=1.10.1']"),
        ("openssl=1.1.1_", "openssl=1.1.1_"), ("name[version=*,build=*py27*]", "name[build=*py27*]"),
        ("name[version=*,build_number=3]", "name[build_number=3]"), ("n[build_number='>=3']", "n[build_number='>=3']"),
        ("n[license='MIT AND GPL-3.0-only']", "n[license='mit and gpl-3.0-only']"),
        ("n[features='b a b']", "n[features='a b']"),
        ("*[md5=0123456789ABCDEF0123456789abcdef]", "*[md5=0123456789abcdef0123456789abcdef]"),
        ("^num.*$ *", "^num.*$"), (#"n[version='^1\.7$']"#, #"n[version='^1\.7$']"#),
        ("n[fn=\"it's\"]", #"n[fn='it\'s']"#),
        ("foo=2[build='^py\\d$', build_number='<3']", "foo=2[build='^py\\d$',build_number='<3']"),
        ("c::foo[subdir='linux-*']", "c::foo[subdir=linux-*]"), ("foo[channel='c*']", "foo[channel=c*]"),
        ("/a b/p-1-2.conda", "*[url='file:///a b/p-1-2.conda']"), ("foo[sha256=aB*]", "foo[sha256=ab*]"),
        (
            "https://h.org/c/linux-64/x264-1%21164-h_2.tar.bz2",
            "https://h.org/c/linux-64::x264==1!164=h_2[url='https://h.org/c/linux-64/x264-1%21164-h_2.tar.bz2']"
                .replacing("'", with: "")
        ),
    ]

    @Test(arguments: canonical)
    func printsCanonically(text: String, expected: String) throws {
        let spec = try MatchSpec(text)
        #expect(spec.description == expected)
        #expect(try MatchSpec(spec.description) == spec)
    }

    @Test func readsBackWhatItPrints() throws {
        let versions = [
            "", " 1.0", " >=1,<2|3", "=1.2", "==1.2", " !=1.*", " ^1[.]2$", " 1.*.2", "~=1.2.3", " (1|2),>1",
        ]
        let builds = ["", "build=py_0", "build='py*'", "build='^py[0-9]$'"]
        let others = [
            "", "subdir=linux-64", "license='a,b=[c]'", "url='http://h/x?a=b'", #"fn='a\\\'b"'"#, "channel=c",
        ]
        for version in versions {
            for build in builds {
                for other in others {
                    let brackets = [build, other].filter { !$0.isEmpty }.joined(separator: ", ")
                    let spec = try MatchSpec("foo\(version)" + (brackets.isEmpty ? "" : "[\(brackets)]"))
                    #expect(try MatchSpec(spec.description) == spec, "\(spec)")
                }
            }
        }
    }

    @Test func namesItsParts() throws {
        let spec = try MatchSpec(
            "https://h.org/c/linux-64::Foo >=1 py*[build_number=2,license=MIT,fn=f,track_features='b,a']")
        #expect(spec.name == "foo")
        #expect(spec.channel == "https://h.org/c")
        #expect(spec.subdir == "linux-64")
        #expect(spec.version?.description == ">=1")
        #expect(spec.build?.description == "py*")
        #expect(spec.buildNumber == BuildNumberSpec(.equal, 2))
        #expect(spec.license?.exact == "mit")
        #expect(spec.fileName == "f")
        #expect(spec.trackFeatures == ["a", "b"])
        #expect(!spec.isVirtual)
        #expect(try MatchSpec("__glibc >=2.17").isVirtual)
        #expect(try MatchSpec("py*").name == nil)
    }

    @Test(arguments: ["https://u:p@h.org/t/tk-1/c::foo", "foo[channel='https://u:p@h.org/t/tk-1/c']"])
    func dropsCredentials(text: String) throws {
        #expect(try MatchSpec(text).channel == "https://h.org/c")
        #expect(try !MatchSpec("https://u:p@h.org/t/tk/c/foo-1-0.conda").description.contains("tk"))
        let error = #expect(throws: MatchSpecError.self) { try MatchSpec("https://u:p@h.org/t/tk-1/c::foo >>1") }
        #expect(error?.description.contains("tk-1") == false)
        #expect(error?.description.contains("u:p") == false)
    }
}
