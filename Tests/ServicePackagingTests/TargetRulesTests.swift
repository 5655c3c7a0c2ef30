import RPMFormat
import ServiceManifest
import ServicePackaging
import Testing

/// The table of targets in the README.
@Suite struct TargetRulesTests {
    struct Row: Sendable {
        let family: TargetFamily
        let glibc: String
        let dist: String
        /// What is unpacked; archives are stored by every target.
        let payload: RPMPayload
        /// Of rpm 4.11: more digests, no large files.
        let isOld: Bool
        let allowsCaret: Bool
    }

    static let rows = [
        Row(family: .el7, glibc: "2.17", dist: ".el7", payload: .gzip(level: 6), isOld: true, allowsCaret: false),
        Row(family: .amzn2, glibc: "2.26", dist: ".amzn2", payload: .gzip(level: 6), isOld: true, allowsCaret: false),
        Row(family: .el8, glibc: "2.28", dist: ".el8", payload: .zstd(level: 3), isOld: false, allowsCaret: false),
        Row(family: .el9, glibc: "2.34", dist: ".el9", payload: .zstd(level: 3), isOld: false, allowsCaret: true),
        Row(
            family: .amzn2023, glibc: "2.34", dist: ".amzn2023", payload: .zstd(level: 3), isOld: false,
            allowsCaret: true),
        Row(family: .el10, glibc: "2.39", dist: ".el10", payload: .zstd(level: 3), isOld: false, allowsCaret: true),
        Row(family: .fedora, glibc: "2.41", dist: ".fedora", payload: .zstd(level: 3), isOld: false, allowsCaret: true),
    ]

    @Test func everyFamilyHasItsRow() {
        #expect(Set(Self.rows.map(\.family)) == Set(TargetFamily.allCases))
    }

    @Test(arguments: rows)
    func eachTargetGetsWhatItsHostsRead(row: Row) {
        let target = Target(row.family)
        #expect(target.glibc == row.glibc)
        #expect(target.distSuffix == row.dist)
        #expect(target.payload(.archives) == .uncompressed)
        #expect(target.payload(.prefix) == row.payload)
        #expect(target.payload(.split) == row.payload)
        let rules = target.compatibility
        #expect(rules.allowsLargeFiles == !row.isOld)
        #expect(rules.allowsRichDependencies == !row.isOld)
        #expect(rules.allowsZstd == !row.isOld)
        #expect(rules.maximumHeaderSize == (row.isOld ? 16 << 20 : 256 << 20))
        #expect(rules.allowsCaret == row.allowsCaret)
    }

    @Test(
        arguments: [
            (.none, .uncompressed, .uncompressed), (.gzip, .gzip(level: 1), .gzip(level: 6)),
            (.xz, .xz(level: 0), .xz(level: 2)), (.zstd, .zstd(level: 1), .zstd(level: 3)),
        ] as [(PayloadCompression, RPMPayload, RPMPayload)])
    func aNamedCompressorIsUsedForArchivesToo(name: PayloadCompression, archives: RPMPayload, tree: RPMPayload) {
        var target = Target(.el9)
        target.explicitCompression = name
        #expect(target.payload(.archives) == archives)
        #expect(target.payload(.prefix) == tree)
        #expect(target.payload(.split) == tree)
    }

    @Test(
        arguments: [
            ("2.17", nil, .rpm411), ("2.17", .zstd, .rpm414), ("2.28", nil, .rpm414), ("2.34", nil, .modern),
            ("2.40", nil, .modern),
        ] as [(String, PayloadCompression?, RPMCompatibility)])
    func withoutAFamilyTheCLibraryTells(glibc: String, compression: PayloadCompression?, expected: RPMCompatibility) {
        var target = Target(.el9)
        (target.family, target.explicitGlibc, target.explicitCompression) = (nil, glibc, compression)
        #expect(target.compatibility == expected)
    }

    @Test func settingsChangeAFamily() {
        var target = Target(.el7)
        (target.explicitDist, target.explicitGlibc) = ("", "2.36")
        #expect(target.distSuffix.isEmpty)
        #expect(target.glibc == "2.36")
        #expect(target.compatibility == .rpm411)
    }
}
