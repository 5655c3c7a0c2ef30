/// What the RPM carries.
package enum Layout: String, Hashable, Sendable, Codable, CaseIterable {
    /// Bootstrap and untouched archives, linked when the RPM is installed.
    case archives
    /// The finished environment, every file owned by the RPM.
    case prefix
    /// One RPM per conda package, and one for the service.
    case split
}

/// What happens when a service is unhealthy after an upgrade.
package enum RollbackPolicy: String, Hashable, Sendable, Codable, CaseIterable {
    /// The host goes back to the release before by itself.
    case auto
    /// An administrator decides.
    case manual
}

/// How often a host verifies its release.
package enum MonitorInterval: String, Hashable, Sendable, Codable, CaseIterable {
    case never, hourly, daily, weekly
}

/// The RPM release: chosen by the tool, or given.
package enum ReleaseNumber: Hashable, Sendable, Codable {
    /// The next free whole number for this version in the output repository.
    case automatic
    /// A text as RPM takes it.
    case fixed(text: String)

    static let type = ValueType<String>.text(.rpmVersion, numbers: true).map {
        $0 == "auto" ? ReleaseNumber.automatic : .fixed(text: $0)
    }
}

/// The `rpm:` section of a manifest: how the environment becomes a package and a service.
package struct RPMSection: Hashable, Sendable, Codable {
    /// The version of the service; required for a build, from here or from a flag.
    package var version: String?
    /// The RPM release.
    package var release = ReleaseNumber.automatic
    /// The RPM epoch; `nil`: none.
    package var epoch: Int?
    /// One line on what the package is.
    package var summary: String?
    /// Some paragraphs on what the package is.
    package var description: String?
    /// The licence expression of the service itself.
    package var license: String?
    /// The home page.
    package var url: String?
    /// The RPM group.
    package var group: String?
    /// Who distributes the package.
    package var vendor: String?
    /// Who made the package.
    package var packager: String?
    /// The hosts the RPM is for.
    package var target = Target.standard
    /// What the RPM carries.
    package var layout = Layout.archives
    /// What links the archives on the host.
    package var bootstrap = Bootstrap.builtin
    /// The directory on the host; `nil`: /opt/NAME.
    package var prefix: String?
    /// Wheels linked after the conda packages, relative to the manifest's folder.
    package var wheels: [String] = []
    /// Commands of the environment that are linked from /usr/bin.
    package var commands: [String] = []
    /// The systemd services.
    package var services: [Service] = []
    /// What must succeed before a release goes into service.
    package var checks: [Check] = []
    /// Whom checks and health run as; `nil`: the first service's user, or one without rights.
    package var checkUser: String?
    /// Command lines that succeed when the services answer; tried after each restart.
    package var health: [String] = []
    /// How long they may take until they succeed, in seconds.
    package var healthSeconds = 30
    /// Files beside the environment.
    package var files: [InstalledFile] = []
    /// The number of earlier releases kept for rollback.
    package var keep = 1
    /// Whether the archives stay on the host after they were linked.
    package var keepArchives = true
    /// Whether Python files are byte-compiled.
    package var compile = true
    /// Whether conda and pip are kept from changing the environment on a host.
    package var frozen = true
    /// Whether `.tar.bz2` archives are compressed anew for faster installs.
    package var transmute = false
    /// What happens when a service is unhealthy after an upgrade.
    package var rollback = RollbackPolicy.manual
    /// How often the host verifies the release.
    package var monitor = MonitorInterval.never
    /// The packager's scriptlets.
    package var scripts = Scripts()
    /// RPMs this one needs.
    package var requires: [PackageRelation] = []
    /// What this RPM provides beside its name.
    package var provides: [PackageRelation] = []
    /// RPMs that cannot be installed beside this one.
    package var conflicts: [PackageRelation] = []
    /// RPMs that this one replaces.
    package var obsoletes: [PackageRelation] = []
    /// The GPG key the RPM is signed with; `nil`: it is not signed.
    package var sign: String?

    /// A section with every default.
    package init() {}

    /// Whom checks and health run as on a host: who is named, else the user of the first service that has one without
    /// root's rights, a user named like the package where it names none; `nil`: one without rights, as `nobody`.
    package func checkUser(package name: String) -> String? {
        checkUser ?? services.lazy.map { $0.user ?? name }.first { $0 != "root" }
    }
}
