import CondaModel

/// The text of `conda-meta/history`, from which conda learns what was asked for and what was linked.
enum History {
    /// Where the history is, below the prefix.
    static let path = "conda-meta/history"

    /// The one entry of a new prefix.
    ///
    /// The `# cmd:` line is what makes conda read the specs; no conda version is claimed.
    /// - Parameters:
    ///   - seconds: the date of the entry, since 1970 UTC.
    ///   - command: the command line to show.
    static func entry(seconds: Int64, command: String, records: [PackageRecord], specs: [String]) -> String {
        var lines = ["==> \(date(seconds)) <==", "# cmd: \(command)"]
        lines += records.map { "+\($0.channelName)/\($0.subdir)::\($0.distribution)" }.sorted()
        if !specs.isEmpty {
            lines.append("# update specs: [\(specs.map(pythonLiteral).joined(separator: ", "))]")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A text as Python's `repr` writes it, which conda reads with `literal_eval`.
    private static func pythonLiteral(_ text: String) -> String {
        let quote: Character = text.contains("'") && !text.contains("\"") ? "\"" : "'"
        var literal = String(quote)
        for character in text {
            if character == quote || character == "\\" { literal.append("\\") }
            literal.append(character)
        }
        literal.append(quote)
        return literal
    }

    /// `2024-05-31 12:00:00` in UTC, by the civil calendar.
    private static func date(_ seconds: Int64) -> String {
        let day = seconds.floorDivided(by: 86_400)
        let time = seconds - day * 86_400
        // Days are counted from 0000-03-01, so that the leap day is the last of its year.
        let shifted = day + 719_468
        let era = shifted.floorDivided(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1
        let calendarMonth = month < 10 ? month + 3 : month - 9
        let year = yearOfEra + era * 400 + (calendarMonth <= 2 ? 1 : 0)
        return padded(year, 4) + "-" + padded(calendarMonth, 2) + "-" + padded(dayOfMonth, 2) + " "
            + padded(time / 3600, 2) + ":" + padded(time / 60 % 60, 2) + ":" + padded(time % 60, 2)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Int64 {
    fileprivate func floorDivided(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
