import Testing

@testable import TerminalProgress

@Suite struct ProgressRendererTests {
    private func text(_ style: ProgressRenderer.Style, _ events: [ProgressEvent]) -> [String] {
        var renderer = ProgressRenderer(style: style)
        return events.map { renderer.render($0) }
    }

    private let download: [ProgressEvent] = [
        .started(task: "archives", total: 2_000_000, unit: .bytes), .advanced(task: "archives", by: 500_000),
        .finished(task: "archives", summary: "3 packages, 2.0 MB new"),
    ]

    @Test func plainShowsOnlyWhatIsFinished() {
        #expect(text(.plain, download) == ["", "", "archives: 3 packages, 2.0 MB new\n"])
    }

    @Test func quietShowsOnlyWarnings() {
        #expect(
            text(.quiet, download + [.note("x"), .warning("disk slow")]) == ["", "", "", "", "warning: disk slow\n"])
    }

    @Test func drawnRedrawsOneBar() {
        let shown = text(.drawn(columns: 50), download)
        #expect(shown[1] == "\r\u{1B}[Karchives [━━━━━                ] 500 kB of 2.0 MB")
        #expect(shown[2] == "\r\u{1B}[Karchives: 3 packages, 2.0 MB new\n")
    }

    @Test(arguments: [20, 40, 60, 80, 200])
    func drawnNeverReachesTheLastColumn(columns: Int) {
        let bar = text(.drawn(columns: columns), download)[1].dropFirst("\r\u{1B}[K".count)
        #expect(bar.count < columns)
    }

    @Test func moreThanTheTotalIsNoOverflow() {
        let bar = text(
            .drawn(columns: 50),
            [.started(task: "a", total: 10, unit: .items), .advanced(task: "a", by: 1000)])[1]
        #expect(bar.contains("1000 of 10"))
    }

    @Test func advanceOfAnUnknownTaskIsIgnored() {
        #expect(text(.plain, [.advanced(task: "ghost", by: 1)]) == [""])
    }

    @Test(
        arguments: [
            (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (9_949, "9.9 kB"), (9_950, "10 kB"), (999_499, "999 kB"),
            (999_500, "1.0 MB"), (183_000_000, "183 MB"), (5_000_000_000, "5.0 GB"), (50_000_000_000, "50 GB"),
        ] as [(Int64, String)])
    func bytesReadLikeThis(bytes: Int64, expected: String) {
        #expect(ByteText.string(bytes) == expected)
    }
}
