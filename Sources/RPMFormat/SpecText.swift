/// The spec file from which rpmbuild makes the package that ``RPMWriter`` writes from the same description.
///
/// The frame is `specs/service.spec`; rpmbuild finds the contents of the files under ``sources``.
package struct SpecText: Sendable {
    /// The spec file.
    package let text: String
    /// What must stand beside it, in the order of its `Source` lines.
    package let sources: [SpecSource]
    /// The description that it was made of, checked.
    let plan: PackagePlan

    /// The conventional file name, `NAME.spec`.
    package var fileName: String { "\(plan.description.name).spec" }
    /// The conventional file name of its source package.
    package var sourceFileName: String { plan.description.sourceFileName }

    /// Renders a description.
    ///
    /// - Throws: what ``RPMDescription/check()`` throws, and ``RPMError/invalid(field:value:problem:hint:)`` for what
    ///   an RPM can hold and a spec file cannot say.
    package init(_ description: RPMDescription) throws(RPMError) {
        plan = try PackagePlan(description)
        sources = SpecSource.all(of: plan, spec: "\(description.name).spec")
        let values = [
            "PAYLOAD": description.payload.specMode,
            "BUILD_TIME": "\(description.buildTime)",
            "NAME": description.name,
            "VERSION": description.version,
            "RELEASE": description.release,
            "SUMMARY": description.summary.macroEscaped,
            "LICENSE": description.license.macroEscaped,
            "TAGS": try Self.tags(of: description),
            "RELATIONS": try SpecRelations.lines(of: description).joined(separator: "\n"),
            "SOURCES": sources.map { Self.tag("Source\($0.number)", $0.name) }.joined(separator: "\n"),
            "DESCRIPTION": try Self.text(of: description),
            "INSTALL": SpecInstall.lines(of: plan, sources).joined(separator: "\n"),
            "KEPT": SpecInstall.kept(of: plan),
            "TIMES": SpecInstall.times(of: plan).joined(separator: "\n"),
            "SCRIPTLETS": try Self.scriptlets(of: description),
            "FILES": try SpecFiles.lines(of: plan).joined(separator: "\n"),
            "CHANGELOG": try SpecChangelog.text(of: description.changelog),
        ]
        text = Self.template.filled(values)
    }

    /// The frame; double underscores stand around its words, so that it is a spec file itself.
    static let template = Template(PackageResources.service_spec, mark: "__")

    private static func tag(_ name: String, _ value: String) -> String {
        "\(name):" + String(repeating: " ", count: max(1, 15 - name.utf8.count)) + value
    }

    /// What a package may have and need not.
    private static func tags(of package: RPMDescription) throws(RPMError) -> String {
        if let url = package.url, url.contains(" ") {
            throw .unspeakable(field: "url", value: url, problem: "has a space", hint: "write %20 for it")
        }
        let texts = [
            ("Epoch", package.epoch.map(String.init)), ("Group", package.group), ("Vendor", package.vendor),
            ("Packager", package.packager), ("URL", package.url),
        ]
        var lines = texts.compactMap { name, text in text.map { tag(name, $0.macroEscaped) } }
        lines += package.prefixes.map { tag("Prefix", $0.macroEscaped) }
        if package.architecture == "noarch" { lines.append(tag("BuildArch", package.architecture)) }
        if let exclusive = package.exclusiveArchitectures {
            lines.append(tag("ExclusiveArch", exclusive.joined(separator: " ")))
        }
        return lines.joined(separator: "\n")
    }

    private static func text(of package: RPMDescription) throws(RPMError) -> String {
        let text = package.description.withoutTrailingSpace
        return try (text.isEmpty ? package.summary : text).specLines(field: "description", keepsComments: false)
    }

    private static func scriptlets(of package: RPMDescription) throws(RPMError) -> String {
        var sections: [String] = []
        for slot in package.scriptlets.slots {
            let words = slot.scriptlet.interpreter
            let program = words.joined(separator: " ").macroEscaped
            let option = words == ["/bin/sh"] ? "" : words.count == 1 ? " -p \(program)" : " -p \"\(program)\""
            let body = try slot.scriptlet.body.withoutTrailingSpace.specLines(field: slot.name, keepsComments: true)
            sections.append("%\(slot.name)\(option)\n\(body)\n")
        }
        return sections.joined(separator: "\n")
    }
}

extension RPMDescription {
    /// Where rpmbuild may make the package; nil for everywhere.
    var exclusiveArchitectures: [String]? {
        guard architecture == "noarch" else { return [architecture] }
        return buildArchitecture.map { [$0, architecture] }
    }
}

extension RPMPayload {
    /// The value of `%_binary_payload`.
    ///
    /// Without the threads of librpm 4.17: an earlier rpmbuild would take their number for the level.
    fileprivate var specMode: String {
        switch self {
        case .uncompressed: "w.ufdio"
        case .gzip(let level): "w\(level).gzdio"
        case .xz(let level): "w\(level).xzdio"
        case .zstd(let level): "w\(level).zstdio"
        }
    }
}
