import CondaModel
import Testing

@testable import CondaPrefix

@Suite struct HistoryTests {
    @Test(arguments: [
        (0, "1970-01-01 00:00:00"), (951_782_399, "2000-02-28 23:59:59"), (951_868_800, "2000-03-01 00:00:00"),
        (951_782_400, "2000-02-29 00:00:00"), (1_700_000_000, "2023-11-14 22:13:20"),
        (4_102_444_799, "2099-12-31 23:59:59"), (-1, "1969-12-31 23:59:59"),
    ])
    func dateIsUTC(seconds: Int64, date: String) {
        let entry = History.entry(seconds: seconds, command: "c", records: [], specs: [])
        #expect(entry == "==> \(date) <==\n# cmd: c\n")
    }

    @Test func entryHoldsWhatCondaParses() throws {
        var record = PackageRecord(name: "b", version: try Version("1"), build: "0", subdir: "linux-64")
        record.channel = "conda-forge"
        var other = PackageRecord(name: "a", version: try Version("2"), build: "h1", subdir: "noarch")
        other.channel = "https://example.org/c/"
        let entry = History.entry(
            seconds: 0, command: "conda-rpm install", records: [record, other], specs: ["b >=1", "it's", "a\\b"])
        #expect(
            entry == """
                ==> 1970-01-01 00:00:00 <==
                # cmd: conda-rpm install
                +conda-forge/linux-64::b-1-0
                +https://example.org/c/noarch::a-2-h1
                # update specs: ['b >=1', "it's", 'a\\\\b']

                """)
    }
}
