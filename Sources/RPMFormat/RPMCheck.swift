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
        for file in files + trees.flatMap(\.files) { try file.check() }
    }

    private func checkIdentity() throws(RPMError) {
        guard RPMCharacters.isName(name) else {
            throw .invalid(
                field: "name", value: name,
                problem: "an RPM name has only letters, digits and -._+, and starts with a letter, a digit or _",
                hint: "choose a name such as \"orders-api\"")
        }
        try checkVersion(version, field: "version")
        try checkVersion(release, field: "release")
        guard !architecture.isEmpty, architecture.utf8.allSatisfy({ $0.isLetterOrDigit || $0 == UInt8(ascii: "_") })
        else {
            throw .invalid(
                field: "architecture", value: architecture, problem: "expected an RPM architecture",
                hint: "use x86_64, aarch64, ppc64le, s390x or noarch")
        }
    }

    private func checkTexts() throws(RPMError) {
        for (field, value) in [("summary", summary), ("license", license)] {
            if value.isEmpty || RPMCharacters.hasControl(value) {
                throw .invalid(
                    field: field, value: value, problem: "expected one line of text", hint: "write one short line")
            }
        }
        let lines = [("vendor", vendor), ("packager", packager), ("url", url), ("group", group)]
        for case (let field, let value?) in lines where RPMCharacters.hasControl(value) {
            throw .invalid(
                field: field, value: value, problem: "expected one line of text", hint: "write one short line")
        }
        let texts =
            [("description", description)] + changelog.flatMap { [("changelog", $0.author), ("changelog", $0.text)] }
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
        try checkTarget(understands: groups.flatMap(\.1))
    }

    /// Refuses relations that the target's rpm would misread.
    private func checkTarget(understands relations: [RPMDependency]) throws(RPMError) {
        let versions = [version, release] + relations.compactMap(\.evr)
        if !compatibility.allowsCaret, versions.contains(where: { $0.contains("^") }) {
            throw .unsupported(
                what: "\"^\" in a version", limit: "the target's rpm does not know it (rpm 4.15 and later do)")
        }
        let hasRich = !recommends.isEmpty || relations.contains { $0.name.hasPrefix("(") }
        if !compatibility.allowsRichDependencies, hasRich {
            throw .unsupported(
                what: "weak and rich dependencies",
                limit: "the target's rpm does not know them (rpm 4.12 and later do)")
        }
    }

    private func checkScriptlets() throws(RPMError) {
        for slot in scriptlets.slots {
            guard let first = slot.scriptlet.interpreter.first, first.isAbsolutePath || first == "<lua>" else {
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
                field: "payload level", value: "\(level)",
                problem: "expected \(bounds.lowerBound) to \(bounds.upperBound)",
                hint: "choose a level in that range")
        }
        if case .zstd = payload, !compatibility.allowsZstd {
            throw .unsupported(
                what: "a zstd payload", limit: "the target's rpm cannot read it; choose gzip, xz or none")
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
