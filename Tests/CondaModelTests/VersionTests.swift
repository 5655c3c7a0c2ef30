import CondaModel
import Testing

/// The order, the spelling and the errors of versions.
@Suite struct VersionTests {
    /// Each row holds spellings of one version; the rows ascend.
    ///
    /// The tables are those of CEP 33 and of conda.
    static let tables: [[[String]]] = [
        [
            ["0.4", "0.4.0"], ["0.4.1a.vc11"], ["0.4.1.rc", "0.4.1.RC", "  0.4.1.RC  "], ["0.4.1.vc11"],
            ["0.4.1+local"], ["0.4.1+0.local"], ["0.4.1", "0.4.1+0"], ["0.4.1+1.local"], ["0.5a1"], ["0.5b3"],
            ["0.5C1"], ["0.5z"], ["0.5za"], ["0.5"], ["0.5_5", "0.5-5"], ["0.9.6"], ["0.960923"], ["1.0"], ["1.0.4a3"],
            ["1.0.4b1"], ["1.0.4"], ["1.1dev1"], ["1.1_"], ["1.1a1"], ["1.1.0dev1", "1.1.dev1"],
            ["1.1.a1", "1.1.0a1"], ["1.1.0rc1"], ["1.1", "1.1.0", "1.1.0.0"], ["1.1.post1", "1.1.0post1"],
            ["1.1.1dev1"], ["1.1.1rc1"], ["1.1.1"], ["1.1.1post1"], ["1.1post1"], ["2g6"], ["2.0b1pr0"],
            ["2.2be.ta29"], ["2.2be5ta29"], ["2.2beta29"], ["2.2.0.1"], ["3.1.1.6"], ["3.2.p.r0"], ["3.2.pr0"],
            ["3.2.pr.1"], ["5.5.kw"], ["11g"], ["14.3.1"], ["14.3.1.post26.g9d75ca2"],
            ["1996.07.12", "1996.7.12"], ["1!0.4.1", "01!0.4.1"], ["1!3.1.1.6"], ["2!0.4.1"],
        ],
        [
            // openssl counts with letters; the underscore makes a release sort before its successors.
            ["1.0.1dev"], ["1.0.1_", "1.0.1-"], ["1.0.1a"], ["1.0.1b"], ["1.0.1r"], ["1.0.1rc"], ["1.0.1rc1"],
            ["1.0.1rc2"], ["1.0.1s"], ["1.0.1"], ["1.0.1post.a"], ["1.0.1post.b"], ["1.0.1post.za"], ["1.0.2"],
        ],
        [
            ["1.0a1"], ["1.0a2.dev456"], ["1.0a12.dev456"], ["1.0a12"], ["1.0b1.dev456"], ["1.0b2"],
            ["1.0b2.post345.dev456"], ["1.0b2.post345"], ["1.0c1.dev456"], ["1.0c1"], ["1.0c3"], ["1.0rc2"],
            ["1.0.dev456"], ["1.0"], ["1.0.post456.dev34"], ["1.0.post456"], ["1.1.dev1"], ["1.2.r32+123456"],
            ["1.2.rev33+123456"], ["1.2+abc"], ["1.2+abc123def"], ["1.2+abc123"], ["1.2"], ["1.2+123abc"],
            ["1.2+123abc456"], ["1.2+1234.abc"], ["1.2+123456"],
        ],
        [
            // Runs of zero segments longer than one code can hold, before smaller and before larger segments.
            ["1.a"], ["1.0.a"], ["1.0.0.0.0.0.0.a"], ["1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.a"],
            ["1", "1.0.0.0.0.0.0.0.0.0.0.0"], ["1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1"], ["1.0.0.0.0.0.0.1"], ["1.0.post"],
            ["1.0.1"], ["1.post"],
            ["1.1"], ["1.200"], ["1.201"], ["1.255"], ["1.256"], ["1.65536"], ["1.2147483648"],
            ["1.9999999999999999999"], ["1.10000000000000000000"], ["1.18446744073709551616"],
            ["1.100000000000000000000"],
        ],
        [["0.3.0.dev"], ["0.3.3"]],
        [["1.1rc"], ["1.1.rc", "1.1.0rc"]],
    ]

    @Test(arguments: tables.indices)
    func ordersTheTables(table: Int) throws {
        let rows = try Self.tables[table].map { try $0.map { try Version($0) } }
        for (index, row) in rows.enumerated() {
            for version in row {
                #expect(version == row[0])
                #expect(version.hashValue == row[0].hashValue)
                for later in rows[(index + 1)...].joined() {
                    #expect(version < later)
                    #expect(!(later < version))
                    #expect(version != later)
                }
            }
        }
    }

    @Test func keepsItsSpelling() throws {
        for text in ["1!2.15.1_ALPHA", "1.0.1_", "0.5-5", "2.1+sirius6.0.3", "1.08", "1.0__"] {
            #expect(try Version(text).description == text)
        }
        #expect(try Version("  0.4.1.RC  ").description == "0.4.1.RC")
    }

    @Test func countsAsAWholeNumber() throws {
        for number in [0, 1, 7, 300, 70_000] as [UInt] {
            #expect(Version(number: number) == (try Version("\(number)")))
        }
    }

    @Test(arguments: [
        ("", 1), ("  ", 3), ("3.5&1", 4), ("5.5++", 5), ("5.5..mw", 5), ("!", 1), ("a!1.0", 1), ("a!b!1.0", 1),
        ("1!2!3", 4), ("1.2+", 5), ("+1.2", 1), ("1.2+a+b", 6), ("1.2 3", 4), (".1", 1), ("1.", 3), ("1_2-3", 4),
        ("1.0___", 5), ("_", 1), ("1.0*", 4), ("1.é", 3), ("é1", 1),
    ])
    func refuses(text: String, column: Int) {
        let error = #expect(throws: VersionError.self) { try Version(text) }
        #expect(error?.column == column)
        #expect(error?.hint != nil)
        #expect(error?.description.contains("'\(text)'") == true)
    }

    @Test func refusesAnEndlessVersion() {
        #expect(throws: VersionError.self) { try Version(String(repeating: "1.", count: 200) + "1") }
        #expect(throws: Never.self) { try Version(String(repeating: "9", count: 255)) }
    }
}
