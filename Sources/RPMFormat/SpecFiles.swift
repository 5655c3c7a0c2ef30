/// The lines of `%files`.
enum SpecFiles {
    /// One line for each file.
    static func lines(of plan: PackagePlan) throws(RPMError) -> [String] {
        var lines: [String] = []
        for file in plan.files {
            let words = [try attributes(of: file), try markers(of: file), try verification(of: file)]
            let pattern = try pattern(of: file.path, in: plan)
            lines.append((words.compactMap { $0 } + [pattern]).joined(separator: " "))
        }
        return lines
    }

    /// `%attr`, where `%defattr` of the template does not say it.
    private static func attributes(of file: RPMFile) throws(RPMError) -> String? {
        let isLink = if case .symlink = file.contents { true } else { false }
        let isUsual = isLink || file.mode == (file.contents == .directory ? 0o755 : 0o644)
        if isUsual, file.user == "root", file.group == "root" { return nil }
        for name in [file.user, file.group] where name.utf8.contains(where: { $0.isAwkward || "(),".utf8.contains($0) })
        {
            throw .unspeakable(
                field: "owner of \(file.path)", value: name, problem: "%attr takes plain names only",
                hint: "use a name of letters, digits and ._-")
        }
        let mode = isLink ? "-" : "0" + String(file.mode, radix: 8)
        return "%attr(\(mode), \(file.user), \(file.group))"
    }

    private static func markers(of file: RPMFile) throws(RPMError) -> String? {
        let isConfig = file.flags.contains(.config)
        let options: [(RPMFileFlags, String)] = [(.missingOK, "missingok"), (.noReplace, "noreplace")]
        let given = options.filter { file.flags.contains($0.0) }.map(\.1)
        if file.flags.contains(.noReplace), !isConfig {
            throw .unspeakable(
                field: "flags of \(file.path)", value: "noreplace",
                problem: "it belongs to configuration files", hint: "mark the file as configuration too")
        }
        let plain: [(RPMFileFlags, String)] = [
            (.doc, "%doc"), (.license, "%license"), (.readme, "%readme"), (.artifact, "%artifact"), (.ghost, "%ghost"),
        ]
        var words = plain.filter { file.flags.contains($0.0) }.map(\.1)
        if file.flags.contains(.missingOK), !isConfig { words.append("%missingok") }
        if isConfig {
            words.append(given.isEmpty ? "%config" : "%config(\(given.joined(separator: " ")))")
        }
        if file.contents == .directory { words.append("%dir") }
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    /// `%verify`, which lists what is checked, or what is not.
    private static func verification(of file: RPMFile) throws(RPMError) -> String? {
        if file.verifyFlags == .all { return nil }
        let names: [(RPMVerifyFlags, String)] = [
            (.digest, "filedigest"), (.size, "size"), (.link, "link"), (.user, "user"), (.group, "group"),
            (.modificationTime, "mtime"), (.mode, "mode"), (RPMVerifyFlags(rawValue: 1 << 7), "rdev"),
            (RPMVerifyFlags(rawValue: 1 << 8), "caps"),
        ]
        let known = names.reduce(into: RPMVerifyFlags()) { $0.insert($1.0) }
        let wanted = names.filter { file.verifyFlags.contains($0.0) }.map(\.1)
        if file.verifyFlags.isSubset(of: known), !wanted.isEmpty { return "%verify(\(wanted.joined(separator: " ")))" }
        guard file.verifyFlags.union(known) == .all else {
            throw .unspeakable(
                field: "verify flags of \(file.path)", value: "\(file.verifyFlags.rawValue)",
                problem: "it has no names for them", hint: "start from all flags, or name at least one")
        }
        let unwanted = names.filter { !file.verifyFlags.contains($0.0) }.map(\.1)
        return "%verify(not \(unwanted.joined(separator: " ")))"
    }

    /// The path as a pattern that matches nothing else in the package.
    ///
    /// rpmbuild expands macros in these lines twice, splits them at blanks and takes the words for patterns; what
    /// escapes it knows depends on its version. A question mark for every character with a meaning needs none.
    private static func pattern(of path: String, in plan: PackagePlan) throws(RPMError) -> String {
        guard path.utf8.contains(where: \.isAwkward) else { return path }
        let pattern = path.utf8.map { $0.isAwkward ? UInt8(ascii: "?") : $0 }
        let other = plan.files.first { $0.path != path && matches(Array($0.path.utf8), pattern) }
        if let other {
            throw .unspeakable(
                field: "path", value: path, problem: "no pattern tells it from \(other.path)",
                hint: "rename one of them")
        }
        return String(decoding: pattern, as: UTF8.self)
    }

    private static func matches(_ path: [UInt8], _ pattern: [UInt8]) -> Bool {
        guard path.count == pattern.count else { return false }
        return zip(path, pattern).allSatisfy { $0 == $1 || $1 == UInt8(ascii: "?") && $0 != UInt8(ascii: "/") }
    }
}

extension UInt8 {
    /// Whether the character has a meaning in a line of `%files`.
    fileprivate var isAwkward: Bool { " %*?[]{}\\\"'".utf8.contains(self) }
}
