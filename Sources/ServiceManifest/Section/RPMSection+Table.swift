import StrictYAML

extension RPMSection {
    /// The keys of `rpm:`.
    static let table = KeyTable<RPMSection>(
        "the rpm section", initial: { RPMSection() }, keys: identityKeys + contentKeys + hostKeys + relationKeys,
        check: { (section, node) throws(ManifestError) in
            try refuseRepeats(section.services.map(\.name), of: "service", in: node["services"])
            try refuseRepeats(section.files.map(\.destination), of: "destination", in: node["files"])
        })

    private static let dashAdvice =
        "RPM keeps \"-\" for the release: write 2.4.0_1 or 2.4.0.1 for 2.4.0-1, and set `rpm.epoch` for an epoch"

    private static var identityKeys: [Key<RPMSection>] {
        [
            Key(
                "version", .text(.rpmVersion, numbers: true, advice: dashAdvice), \.version,
                "The version of the service; required unless --version is given."),
            Key("release", ReleaseNumber.type, \.release, "auto (the next free number) or a release; default auto."),
            Key("epoch", .integer(0...0x7fff_ffff), \.epoch, "The RPM epoch."),
            Key("summary", .text(.line), \.summary, "One line on what the package is."),
            Key("description", .text(.paragraph), \.description, "Some paragraphs on what the package is."),
            Key("license", .text(.line), \.license, "The licence of the service itself, as an SPDX expression."),
            Key("url", .text(.line), \.url, "The home page."),
            Key("group", .text(.line), \.group, "The RPM group."),
            Key("vendor", .text(.line), \.vendor, "Who distributes the package."),
            Key("packager", .text(.line), \.packager, "Who made the package."),
            Key("sign", .text(.line), \.sign, "The name of the GPG key that signs the RPM."),
        ]
    }

    private static var contentKeys: [Key<RPMSection>] {
        [
            Key("target", Target.type, \.target, "The hosts the RPM is for; default el9."),
            Key("layout", .oneOf(Layout.self), \.layout, "What the RPM carries; default archives."),
            Key("bootstrap", Bootstrap.type, \.bootstrap, "What links the archives on the host; default builtin."),
            Key("prefix", .text(.prefix), \.prefix, "The directory on the host; default /opt/NAME."),
            Key(
                "wheels",
                .uniqueList(
                    .text(.wheel, advice: "build a wheel from a source distribution first (`uv build --wheel`)"),
                    of: "wheels"),
                \.wheels, "Wheels linked after the conda packages."),
            Key("commands", .uniqueList(.text(.command), of: "commands"), \.commands, "Commands linked from /usr/bin."),
            Key("services", .list(.section(Service.table), of: "services"), \.services, "The systemd services."),
            Key("files", .list(.section(InstalledFile.table), of: "files"), \.files, "Files beside the environment."),
            Key("scripts", .section(Scripts.table), \.scripts, "Scriptlets run after the package's own."),
            Key("compile", .boolean, \.compile, "Whether Python files are byte-compiled; default true."),
            Key("frozen", .boolean, \.frozen, "Whether conda and pip refuse to change the environment; default true."),
            Key("transmute", .boolean, \.transmute, "Whether .tar.bz2 archives become .conda files; default false."),
        ]
    }

    private static var hostKeys: [Key<RPMSection>] {
        [
            Key(
                "checks", .list(Check.type, of: "checks"), \.checks,
                "What must succeed before a release goes into service."),
            Key(
                "check_user", .text(.user), \.checkUser,
                "Whom checks and health run as; default the first service's user, else nobody."),
            Key(
                "health", .list(.text(.line), of: "command lines"), \.health,
                "Command lines that succeed when the services answer, tried after each restart."),
            Key(
                "health_seconds", .integer(1...3600), \.healthSeconds,
                "How long they may take until they succeed; default 30."),
            Key("keep", .integer(0...99), \.keep, "Earlier releases kept for rollback; default 1."),
            Key("keep_archives", .boolean, \.keepArchives, "Whether archives stay after linking; default true."),
            Key(
                "rollback", .oneOf(RollbackPolicy.self), \.rollback,
                "Who goes back from an unhealthy release; default manual."),
            Key(
                "monitor", .oneOf(MonitorInterval.self), \.monitor, "How often the host verifies itself; default never."
            ),
        ]
    }

    private static var relationKeys: [Key<RPMSection>] {
        [
            Key("requires", PackageRelation.list(rich: true), \.requires, "RPMs this one needs."),
            Key("provides", PackageRelation.list(rich: false), \.provides, "What this RPM provides beside its name."),
            Key("conflicts", PackageRelation.list(rich: true), \.conflicts, "RPMs that cannot stand beside this one."),
            Key("obsoletes", PackageRelation.list(rich: false), \.obsoletes, "RPMs that this one replaces."),
        ]
    }

    private static func refuseRepeats(_ names: [String], of kind: String, in node: YAMLNode?) throws(ManifestError) {
        guard let node else { return }
        var seen: Set<String> = []
        for (name, item) in zip(names, try node.items()) where !seen.insert(name).inserted {
            throw item.error("the \(kind) \(quoted(name)) is listed twice", advice: "keep one of them, or rename one")
        }
    }
}
