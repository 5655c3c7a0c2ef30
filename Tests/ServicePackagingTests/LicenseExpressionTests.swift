import Testing

@testable import ServicePackaging

@Suite struct LicenseExpressionTests {
    @Test(
        arguments: [
            (nil, [], "LicenseRef-Unknown"),
            ("MIT", [], "MIT"),
            ("MIT", ["MIT", "BSD-3-Clause", "MIT"], "MIT AND BSD-3-Clause"),
            (nil, ["Zlib", "Apache-2.0"], "Apache-2.0 AND Zlib"),
            (
                "Apache-2.0", ["MIT OR Apache-2.0", nil, " "],
                "Apache-2.0 AND LicenseRef-Unknown AND (MIT OR Apache-2.0)"
            ),
            ("A OR B", ["C"], "(A OR B) AND C"),
        ] as [(String?, [String?], String)])
    func licencesHoldTogether(own: String?, bundled: [String?], expected: String) {
        #expect(LicenseExpression.joined(own: own, bundled: bundled) == expected)
    }
}
