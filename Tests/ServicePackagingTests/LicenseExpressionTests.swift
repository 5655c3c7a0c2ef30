import Testing

@testable import ServicePackaging

@Suite struct LicenseExpressionTests {
    private static func bundled(_ licenses: [String?]) -> [(package: String, license: String?)] {
        zip("abcdefgh", licenses).map { ("\($0)_lib", $1) }
    }

    @Test(
        arguments: [
            (nil, [], "LicenseRef-Unknown"),
            ("MIT", [], "MIT"),
            ("", ["MIT"], "MIT"),
            ("MIT", ["MIT", "BSD-3-Clause", "MIT"], "MIT AND BSD-3-Clause"),
            (nil, ["Zlib", "Apache-2.0"], "Apache-2.0 AND Zlib"),
            (
                "Apache-2.0", ["MIT OR Apache-2.0", nil, " "],
                "Apache-2.0 AND LicenseRef-Unknown-b-lib AND LicenseRef-Unknown-c-lib AND (MIT OR Apache-2.0)"
            ),
            (
                nil, ["(MIT OR Apache-2.0) AND 0BSD OR Zlib", "ISC"],
                "((MIT OR Apache-2.0) AND 0BSD OR Zlib) AND ISC"
            ),
            (nil, ["(MIT OR Apache-2.0) AND (0BSD OR Zlib)", "ISC"], "(0BSD OR Zlib) AND ISC AND (MIT OR Apache-2.0)"),
            (nil, ["MIT OR Apache-2.0"], "MIT OR Apache-2.0"),
            (nil, ["MIT AND Zlib", "(Zlib AND ISC)", "mit"], "ISC AND MIT AND Zlib"),
        ] as [(String?, [String?], String)])
    func licencesHoldTogether(own: String?, bundled: [String?], expected: String) {
        #expect(LicenseExpression.joined(own: own, bundled: Self.bundled(bundled)) == expected)
    }

    @Test(
        "The own licence stays as it is written",
        arguments: [
            ("A OR B", ["ISC"], "(A OR B) AND ISC"), ("A or B", ["ISC"], "(A or B) AND ISC"), ("A OR B", [], "A OR B"),
            ("(A OR B) AND C OR D", ["ISC"], "((A OR B) AND C OR D) AND ISC"),
            ("(A OR B) AND (C OR D)", ["ISC"], "(A OR B) AND (C OR D) AND ISC"),
            ("Zlib AND MIT", ["MIT", "ISC"], "Zlib AND MIT AND ISC"), ("Zlib AND MIT", ["MIT"], "Zlib AND MIT"),
            ("Ours (see EULA)", ["MIT"], "Ours (see EULA) AND MIT"), ("mit", ["MIT"], "mit AND MIT"),
            ("MIT License", ["MIT"], "MIT License AND MIT"), ("A OR A", ["MIT"], "(A OR A) AND MIT"),
        ] as [(String, [String?], String)])
    func theOwnLicence(own: String, bundled: [String?], expected: String) {
        #expect(LicenseExpression.joined(own: own, bundled: Self.bundled(bundled)) == expected)
    }

    private static func tag(_ license: String?, package: String = "orders_client") -> String {
        LicenseExpression.joined(own: nil, bundled: [(package, license)])
    }

    @Test(arguments: [
        ("mit", "MIT"), ("apache-2.0 or bsd-3-clause", "Apache-2.0 OR BSD-3-Clause"), ("((MIT))", "MIT"),
        ("MIT OR (ISC OR Zlib)", "MIT OR ISC OR Zlib"), ("MIT OR MIT", "MIT"),
        ("MIT OR (ISC AND Zlib)", "MIT OR ISC AND Zlib"),
        ("(MIT OR ISC)AND(Zlib)", "(MIT OR ISC) AND Zlib"), ("MPL-2.0+", "MPL-2.0+"),
        ("MIT AND\n  Zlib", "MIT AND Zlib"),
        ("gpl-2.0-or-later with classpath-exception-2.0", "GPL-2.0-or-later WITH Classpath-exception-2.0"),
        ("MIT WITH AdditionRef-x", "MIT WITH AdditionRef-x"), ("LicenseRef-a.B-1", "LicenseRef-a.B-1"),
        ("DocumentRef-x:LicenseRef-y AND MIT", "DocumentRef-x:LicenseRef-y AND MIT"),
        ("GPL-2.0", "GPL-2.0-only"), ("LGPL-2.1+", "LGPL-2.1-or-later"), ("GPL-3.0-or-later+", "GPL-3.0-or-later"),
        ("GPL-2.0-with-classpath-exception", "GPL-2.0-with-classpath-exception"),
    ])
    func expressionsAreSpelledAsSPDXDoes(license: String, expected: String) {
        #expect(Self.tag(license) == expected)
    }

    @Test(arguments: [
        ("BSD 3-Clause", "BSD-3-Clause"), ("BSD-3-Clause License", "BSD-3-Clause"), ("Apache 2.0", "Apache-2.0"),
        ("Apache License 2.0", "Apache-2.0"), ("Apache License, Version 2.0", "Apache-2.0"), ("MIT License", "MIT"),
        ("The MIT Licence", "MIT"), ("GPL-3", "GPL-3.0-only"), ("GPLv3+", "GPL-3.0-or-later"),
        ("GPL (>= 2)", "GPL-2.0-or-later"), ("LGPL-2.1", "LGPL-2.1-only"), ("AGPL v3 or later", "AGPL-3.0-or-later"),
        ("PSF", "PSF-2.0"), ("Public-Domain", "LicenseRef-Public-Domain"),
        ("GPL-2 | GPL-3", "GPL-2.0-only OR GPL-3.0-only"),
        ("MIT License OR (Apache 2.0 AND BSD 3-Clause)", "MIT OR Apache-2.0 AND BSD-3-Clause"),
    ])
    func wellKnownNamesAreUnderstood(license: String, expected: String) {
        #expect(Self.tag(license) == expected)
    }

    @Test(
        "Every name that is understood means valid SPDX", arguments: LicenseNames.bySpelling.sorted { $0.key < $1.key })
    func namesMeanSPDX(name: String, expected: String) {
        #expect(LicenseNames.key(name) == name)
        #expect(Self.tag(expected) == expected)
        #expect(Self.tag(name) == expected)
    }

    @Test(arguments: [
        ("BSD", "LicenseRef-BSD"), ("GPL", "LicenseRef-GPL"), ("LGPL-2", "LicenseRef-LGPL-2"),
        (
            "Apache-2.0 or MIT, BSD AND BSD 3-Clause", "LicenseRef-Apache-2.0-or-MIT-BSD-AND-BSD-3-Clause"
        ),
        ("GPL-2 | file LICENSE", "LicenseRef-GPL-2-file-LICENSE"),
        ("LicenseRef-Proprietary (see EULA, §3) 100%", "LicenseRef-Proprietary-see-EULA-3-100"),
        ("Copyright (c) 2020 X", "LicenseRef-Copyright-c-2020-X"), ("MIT WITH nothing", "LicenseRef-MIT-WITH-nothing"),
        ("MIT AND", "LicenseRef-MIT-AND"), ("(MIT", "LicenseRef-MIT"), ("MIT Zlib", "LicenseRef-MIT-Zlib"),
        ("Copyright\nAll rights reserved", "LicenseRef-orders-client"), ("§", "LicenseRef-orders-client"),
        (String(repeating: "x", count: 64), "LicenseRef-" + String(repeating: "x", count: 64)),
        (String(repeating: "x", count: 65), "LicenseRef-orders-client"),
        (String(repeating: "(", count: 100_000) + "MIT", "LicenseRef-MIT"),
    ])
    func whatIsNotSPDXIsNamed(license: String, expected: String) {
        #expect(Self.tag(license) == expected)
    }

    @Test(arguments: [nil, "", "\t", "UNKNOWN", "Unknown", "NOASSERTION", "None"] as [String?])
    func whatIsNotKnownNamesThePackage(license: String?) {
        #expect(Self.tag(license) == "LicenseRef-Unknown-orders-client")
        #expect(Self.tag(license, package: "_") == "LicenseRef-Unknown")
    }
}
