/// The entries of `%changelog`.
enum SpecChangelog {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    static func text(of entries: [RPMChangelogEntry]) throws(RPMError) -> String {
        var texts: [String] = []
        for entry in entries {
            let text = try entry.text.withoutTrailingSpace.specLines(field: "changelog", keepsComments: false)
            if text.split(separator: "\n").contains(where: { $0.first == "*" }) {
                throw .unspeakable(
                    field: "changelog", value: entry.text, problem: "a line with * starts another entry",
                    hint: "begin the line with -")
            }
            if entry.author.contains("\n") {
                throw .unspeakable(
                    field: "changelog", value: entry.author, problem: "the author has two lines",
                    hint: "write one line")
            }
            texts.append("* \(date(entry.time)) \(entry.author.macroEscaped)\n\(text)\n")
        }
        return texts.joined(separator: "\n")
    }

    /// `Tue Nov 14 2023` for noon, which is what every rpm takes a date for; the time of day, which rpm 4.14 and later
    /// read, only where there is another.
    static func date(_ time: UInt32) -> String {
        let (days, seconds) = (Int(time) / 86400, Int(time) % 86400)
        let (year, month, day) = calendarDate(days)
        let head = "\(Self.days[days % 7]) \(months[month - 1]) \(twoDigits(day))"
        if seconds == 43200 { return "\(head) \(year)" }
        let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map(twoDigits).joined(separator: ":")
        return "\(head) \(clock) UTC \(year)"
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The Gregorian date of a day after 1970-01-01, counted in years that start in March (Howard Hinnant,
    /// "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`).
    private static func calendarDate(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
