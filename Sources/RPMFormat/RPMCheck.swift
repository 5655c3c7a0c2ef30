/// The characters that rpm's tools accept in names, versions, relations and paths.
enum RPMCharacters {
    /// Whether rpmbuild would accept the text as a package name.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, first.isLetterOrDigit || first == UInt8(ascii: "_") else { return false }
        return text.utf8.allSatisfy { $0.isLetterOrDigit || "-._+".utf8.contains($0) }
    }

    /// Whether rpmbuild would accept the text as a version or release.
    static func isVersion(_ text: String) -> Bool {
        !text.isEmpty && !text.contains("..") && text.utf8.allSatisfy { $0.isLetterOrDigit || "._+~^".utf8.contains($0) }
    }

    /// Whether the text is `[EPOCH:]VERSION[-RELEASE]`.
    static func isEVR(_ text: String) -> Bool {
        var rest = text[...]
        if let colon = rest.firstIndex(of: ":") {
            guard UInt32(rest[..<colon]) != nil else { return false }
            rest = rest[rest.index(after: colon)...]
        }
        let parts = rest.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count <= 2 && parts.allSatisfy { isVersion(String($0)) }
    }

    /// Whether the text has a byte that a line of text or an XML document (repository metadata) cannot hold.
    static func hasControl(_ text: String) -> Bool {
        text.utf8.contains { $0 < 0x20 || $0 == 0x7f }
    }
}

extension UInt8 {
    /// Whether this is an ASCII letter or digit.
    var isLetterOrDigit: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        default: isDigit
        }
    }

    /// Whether this is an ASCII digit.
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}

extension RPMDependency {
    /// Refuses a relation that rpm could not read back as it was meant.
    func check(field: String) throws(RPMError) {
        func refuse(_ problem: String, _ hint: String) -> RPMError {
            .invalid(field: field, value: description, problem: problem, hint: hint)
        }
        let isRich = name.hasPrefix("(")
        guard let first = name.utf8.first, first.isLetterOrDigit || "_/(%".utf8.contains(first) else {
            throw refuse("a capability starts with a letter, a digit, _ or /", "write a package name or an absolute path")
        }
        if RPMCharacters.hasControl(name) || (!isRich && name.contains(" ")) {
            throw refuse("a capability has no spaces and no control characters", "write one relation per entry")
        }
        if !isRich, name.contains(where: { "<>=".contains($0) }) {
            throw refuse("the operator must stand apart", "write for example \"glibc >= 2.28\"")
        }
        if isRich, !(name.hasSuffix(")") && comparison == nil) {
            throw refuse("a rich dependency stands in parentheses", "write for example \"(a or b)\"")
        }
        guard (comparison == nil) == (evr == nil) else {
            throw refuse("a comparison and a version come together", "give both or none")
        }
        if let evr, !RPMCharacters.isEVR(evr) {
            throw refuse("\"\(evr)\" is not [EPOCH:]VERSION[-RELEASE]", "use letters, digits and ._+~^")
        }
    }
}

extension RPMDescription {
    /// Checks everything that can be checked without reading a file.
    ///
    /// - Throws: ``RPMError/invalid(field:value:problem:hint:)``, ``RPMError/conflict(path:problem:)`` or
    ///   ``RPMError/unsupported(what:limit:)``.
    package func check() throws(RPMError) {
        try checkIdentity()
        try checkTexts()
        try checkRelations()
        try checkScriptlets()
        try checkPayload()
        for prefix in prefixes { try checkPath(prefix, field: "prefix") }
        for file in files { try file.check() }
    }

    private func checkIdentity() throws(RPMError) {
        guard RPMCharacters.isName(name) else {
            throw .invalid(
                field: "name", value: name, problem: "an RPM name has only letters, digits and -._+, and starts with a letter, a digit or _",
                hint: "choose a name such as \"orders-api\"")
        }
        try checkVersion(version, field: "version")
        try checkVersion(release, field: "release")
        guard !architecture.isEmpty, architecture.utf8.allSatisfy({ $0.isLetterOrDigit || $0 == UInt8(ascii: "_") }) else {
            throw .invalid(
                field: "architecture", value: architecture, problem: "expected an RPM architecture",
                hint: "use x86_64, aarch64, ppc64le, s390x or noarch")
        }
    }

    private func checkTexts() throws(RPMError) {
        for (field, value) in [("summary", summary), ("license", license)] {
            if value.isEmpty || RPMCharacters.hasControl(value) {
                throw .invalid(field: field, value: value, problem: "expected one line of text", hint: "write one short line")
            }
        }
        let lines = [("vendor", vendor), ("packager", packager), ("url", url), ("group", group)]
        for case (let field, let value?) in lines where RPMCharacters.hasControl(value) {
            throw .invalid(field: field, value: value, problem: "expected one line of text", hint: "write one short line")
        }
        let texts = [("description", description)] + changelog.flatMap { [("changelog", $0.author), ("changelog", $0.text)] }
        for (field, value) in texts where value.utf8.contains(0) {
            throw .invalid(field: field, value: value, problem: "has a NUL byte", hint: "remove the NUL byte")
        }
    }

    private func checkRelations() throws(RPMError) {
        let groups = [
            ("requires", requires), ("provides", provides), ("conflicts", conflicts), ("obsoletes", obsoletes),
            ("recommends", recommends),
        ]
        for (field, relations) in groups {
            for relation in relations { try relation.check(field: field) }
        }
        guard !compatibility.allowsModernRelations else { return }
        let all = groups.flatMap(\.1)
        if version.contains("^") || release.contains("^") || all.contains(where: { $0.evr?.contains("^") == true }) {
            throw .unsupported(what: "\"^\" in a version", limit: "the target's rpm does not know it (rpm 4.15 and later do)")
        }
        if !recommends.isEmpty || all.contains(where: { $0.name.hasPrefix("(") }) {
            throw .unsupported(
                what: "weak and rich dependencies", limit: "the target's rpm does not know them (rpm 4.12 and later do)")
        }
    }

    private func checkScriptlets() throws(RPMError) {
        for slot in scriptlets.slots {
            guard let first = slot.scriptlet.interpreter.first, first.hasPrefix("/") || first == "<lua>" else {
                throw .invalid(
                    field: slot.name, value: slot.scriptlet.interpreter.joined(separator: " "),
                    problem: "expected an absolute path of an interpreter", hint: "use /bin/sh")
            }
            let texts = slot.scriptlet.interpreter + [slot.scriptlet.body]
            if texts.contains(where: { $0.utf8.contains(0) }) {
                throw .invalid(field: slot.name, value: first, problem: "has a NUL byte", hint: "remove the NUL byte")
            }
        }
    }

    private func checkPayload() throws(RPMError) {
        let (level, bounds): (Int, ClosedRange<Int>) =
            switch payload {
            case .uncompressed: (0, 0...0)
            case .gzip(let level): (level, 1...9)
            case .xz(let level): (level, 0...9)
            case .zstd(let level): (level, 1...19)
            }
        guard bounds.contains(level) else {
            throw .invalid(
                field: "payload level", value: "\(level)", problem: "expected \(bounds.lowerBound) to \(bounds.upperBound)",
                hint: "choose a level in that range")
        }
        if case .zstd = payload, !compatibility.allowsZstd {
            throw .unsupported(what: "a zstd payload", limit: "the target's rpm cannot read it; choose gzip, xz or none")
        }
    }
}

/// Refuses a version or release that rpm would not accept.
private func checkVersion(_ text: String, field: String) throws(RPMError) {
    if RPMCharacters.isVersion(text) { return }
    let hint =
        text.contains("-")
        ? "write \"\(text.replacing("-", with: "."))\"; a dash separates version and release in RPM"
        : "use letters, digits and ._+~^"
    throw .invalid(field: field, value: text, problem: "an RPM \(field) has only letters, digits and ._+~^", hint: hint)
}

/// Refuses a path that is not absolute and normalised, or that tools could not show on a line.
private func checkPath(_ path: String, field: String) throws(RPMError) {
    func refuse(_ problem: String) -> RPMError {
        .invalid(field: field, value: path, problem: problem, hint: "give an absolute path without . and .. and control characters")
    }
    guard path.hasPrefix("/"), path.utf8.count > 1 else { throw refuse("expected an absolute path below /") }
    guard path.utf8.count < 4096 else { throw refuse("longer than 4095 bytes") }
    if RPMCharacters.hasControl(path) { throw refuse("has a control character") }
    for part in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
        if part.isEmpty || part == "." || part == ".." { throw refuse("is not a normalised path") }
        if part.utf8.count > 255 { throw refuse("has a component longer than 255 bytes") }
    }
}

extension RPMFile {
    fileprivate func check() throws(RPMError) {
        try checkPath(path, field: "path")
        func refuse(_ field: String, _ value: String, _ problem: String, _ hint: String) -> RPMError {
            .invalid(field: "\(field) of \(path)", value: value, problem: problem, hint: hint)
        }
        guard mode <= 0o7777 else {
            throw refuse("mode", String(mode, radix: 8), "expected permission bits only", "use for example 0o644")
        }
        for name in [user, group] where name.isEmpty || RPMCharacters.hasControl(name) || name.contains(":") {
            throw refuse("owner", name, "expected a user or group name", "use for example root")
        }
        switch contents {
        case .symlink(let target) where target.isEmpty || RPMCharacters.hasControl(target) || target.utf8.count > 4095:
            throw refuse("link", target, "expected a target", "give a target without control characters")
        case .file(_, let size, _) where size < 0:
            throw refuse("size", "\(size)", "expected a size in bytes", "give the size of the file")
        case .file(_, _, let sha256?) where sha256.utf8.count != 64 || !sha256.utf8.allSatisfy(\.isLowerHexadecimal):
            throw refuse("sha256", sha256, "expected 64 lower-case hexadecimal digits", "give the sha256 of the file")
        default: break
        }
    }
}

extension UInt8 {
    /// Whether this is a digit of lower-case hexadecimal text.
    fileprivate var isLowerHexadecimal: Bool { isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self) }
}
