/// Well-known names of licences that can mean one thing only, and the SPDX for them.
///
/// `BSD`, `GPL` and `Apache` alone are not among them: nobody can tell which version is meant.
enum LicenseNames {
    /// The spelling by which a name is looked up.
    static func key(_ text: String) -> String {
        let words = text.lowercased().replacing("licence", with: "license").replacing(",", with: " ")
            .split(whereSeparator: \.isWhitespace)
        return (words.first == "the" ? words.dropFirst() : words[...]).joined(separator: " ")
    }

    /// SPDX by ``key(_:)``.
    static let bySpelling: [String: String] = {
        var names: [String: String] = [:]
        for (spellings, expression) in listed { for spelling in spellings { names[spelling] = expression } }
        for (license, versions) in gnu {
            for (spelled, version) in versions { add(license, spelled, version, to: &names) }
        }
        return names
    }()

    private static let listed: [([String], String)] = [
        (["mit license", "mit license (mit)", "expat", "expat license", "mit + file license"], "MIT"),
        (["isc license", "isc license (iscl)"], "ISC"),
        (
            [
                "apache 2", "apache 2.0", "apache-2", "apache v2", "apache v2.0", "apache-2.0 license", "asl 2.0",
                "apache license 2", "apache license 2.0", "apache license v2", "apache license v2.0",
                "apache license version 2", "apache license version 2.0", "apache software license 2.0",
                "apache software license version 2.0",
            ], "Apache-2.0"
        ),
        (
            [
                "bsd 2-clause", "bsd 2-clause license", "bsd-2-clause license", "2-clause bsd", "2-clause bsd license",
                "bsd 2 clause", "simplified bsd", "simplified bsd license",
            ], "BSD-2-Clause"
        ),
        (
            [
                "bsd 3-clause", "bsd 3-clause license", "bsd-3-clause license", "3-clause bsd", "3-clause bsd license",
                "bsd 3 clause", "bsd-3", "new bsd", "new bsd license", "modified bsd", "modified bsd license",
                "bsd_3_clause + file license",
            ], "BSD-3-Clause"
        ),
        (["bsd_2_clause + file license"], "BSD-2-Clause"),
        (["boost software license 1.0", "boost-1.0"], "BSL-1.0"),
        (["cc0", "cc0 1.0", "cc0 1.0 universal"], "CC0-1.0"),
        (
            ["mozilla public license 2.0", "mozilla public license 2.0 (mpl 2.0)", "mpl 2.0", "mpl-2", "mplv2.0"],
            "MPL-2.0"
        ),
        (["psf", "psf license", "python software foundation license"], "PSF-2.0"),
        (["public domain", "public-domain"], "LicenseRef-Public-Domain"),
        (["unlicense (unlicense)", "unlicense license"], "Unlicense"),
        (["zlib license"], "Zlib"),
        // As R writes them.
        (["artistic-2"], "Artistic-2.0"), (["gpl-2 | gpl-3"], "GPL-2.0-only OR GPL-3.0-only"),
        (["gpl (>= 2)"], "GPL-2.0-or-later"), (["gpl (>= 3)"], "GPL-3.0-or-later"),
        (["lgpl (>= 2.1)"], "LGPL-2.1-or-later"), (["lgpl (>= 3)"], "LGPL-3.0-or-later"),
    ]

    private static let gnu: [(license: String, versions: [(spelled: String, version: String)])] = [
        ("GPL", [("2", "2.0"), ("2.0", "2.0"), ("3", "3.0"), ("3.0", "3.0")]),
        ("LGPL", [("2.1", "2.1"), ("3", "3.0"), ("3.0", "3.0")]), ("AGPL", [("3", "3.0"), ("3.0", "3.0")]),
    ]

    /// `GPL-3`, `GPLv3+`, `GPL 3 or later` and the like.
    private static func add(
        _ license: String, _ spelled: String, _ version: String, to names: inout [String: String]
    ) {
        for separator in ["", "-", " ", "v", "-v", " v"] {
            let name = license.lowercased() + separator + spelled
            for ending in ["", " only", "-only", " license"] { names[name + ending] = "\(license)-\(version)-only" }
            for ending in ["+", " or later", "-or-later"] { names[name + ending] = "\(license)-\(version)-or-later" }
        }
    }
}
