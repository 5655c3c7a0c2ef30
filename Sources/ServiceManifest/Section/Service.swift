import StrictYAML

/// A variable with its value.
package struct EnvironmentVariable: Hashable, Sendable, Codable {
    /// The name: letters, digits and underscores.
    package var name: String
    /// The value as written in the manifest; any text without NUL.
    package var value: String

    /// Describes a variable.
    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    /// A mapping of names to values, sorted by name: the order of keys has no meaning.
    static let mapping = ValueType<[EnvironmentVariable]>(
        "a mapping of variable names to text",
        schema: [
            "type": "object", "propertyNames": ["pattern": .text("^\(TextRule.variable.pattern)$")],
            "additionalProperties": ["type": ["string", "number", "boolean"]],
        ]
    ) { (node) throws(ManifestError) in
        var variables: [EnvironmentVariable] = []
        for entry in try node.entries(expected: "a mapping of variable names to text") {
            guard TextRule.variable.accepts(entry.name) else {
                throw entry.keyNode.error(expected: TextRule.variable.expected, found: entry.keyNode.summary)
            }
            variables.append(EnvironmentVariable(name: entry.name, value: try entry.value.text()))
        }
        return variables.sorted { $0.name < $1.name }
    }

    /// The same for variables that activation exports: under names in upper case, as conda and micromamba do.
    ///
    /// Two names that differ in case alone would be one variable, and `PATH` belongs to activation: conda refuses it, too.
    static let exported = ValueType<[EnvironmentVariable]>(mapping.expected, schema: mapping.schema) {
        (node) throws(ManifestError) in
        var spellings = ["PATH": "conda's own"]
        for entry in try node.entries(expected: mapping.expected) {
            let name = entry.name.uppercased()
            if let other = spellings.updateValue(quoted(entry.name), forKey: name) {
                throw entry.keyNode.error(
                    "\(quoted(entry.name)) is exported as \(name), and so is \(other)",
                    advice: "conda exports variables in upper case: rename or remove one of them")
            }
        }
        return try mapping.decode(node).map { EnvironmentVariable(name: $0.name.uppercased(), value: $0.value) }
            .sorted { $0.name < $1.name }
    }
}

/// When systemd starts a service again (`Restart=`).
package enum RestartPolicy: String, Hashable, Sendable, Codable, CaseIterable {
    case no, always
    case onSuccess = "on-success"
    case onFailure = "on-failure"
    case onAbnormal = "on-abnormal"
    case onWatchdog = "on-watchdog"
    case onAbort = "on-abort"
}

/// A systemd service that runs a command of the environment.
package struct Service: Hashable, Sendable, Codable {
    /// The unit's name without `.service`.
    package var name: String
    /// The command line; its first word is looked up in the environment's `bin`.
    package var command: String
    /// One line for the unit's `Description=`; `nil`: made from the package's summary.
    package var description: String?
    /// The user the service runs as; `nil`: a user named like the package.
    package var user: String?
    /// The group; `nil`: the user's own group.
    package var group: String?
    /// Variables beside those of the environment's activation, sorted by name.
    package var environment: [EnvironmentVariable] = []
    /// A file on the host with more variables, which systemd reads as root: for secrets.
    ///
    /// With `-` before it, it may be missing.
    package var environmentFile: String?
    /// Secrets that systemd hands over as files below `$CREDENTIALS_DIRECTORY`, sorted by name.
    package var credentials: [Credential] = []
    /// When it is started again.
    package var restart: RestartPolicy = .onFailure
    /// The directory it runs in; `nil`: systemd's default.
    package var workingDirectory: String?
    /// Units it starts after, with their suffixes.
    package var after: [String] = []
    /// How many run side by side; 0: one, without a number.
    ///
    /// The command's `%i` is the number, counted from 1.
    package var instances = 0
    /// When it runs, as `OnCalendar=` of systemd.time(7) has it; `nil`: always.
    package var schedule: String?
    /// A directory below /var/lib that belongs to the service's user and outlives every release.
    package var stateDirectory: String?
    /// Whether its unit gets the lines with which systemd keeps it from what a network service does not need.
    package var sandbox = true

    /// Describes a service with everything else at its default.
    package init(name: String, command: String) {
        self.name = name
        self.command = command
    }

    static let table = KeyTable<Service>(
        "a service", initial: { Service(name: "", command: "") },
        keys: [
            Key("name", .text(.unit), \.name, required: true, "The unit's name without .service."),
            Key(
                "command", .text(.line, advice: "fold long commands with `>-`"), \.command, required: true,
                "The command line; its first word is a command of the environment."),
            Key("description", .text(.line), \.description, "One line on what the service is."),
            Key("user", .text(.user), \.user, "The user it runs as; default: a user named like the package."),
            Key("group", .text(.user), \.group, "The group it runs as; default: the user's."),
            Key("environment", EnvironmentVariable.mapping, \.environment, "Variables for this service alone."),
            Key(
                "environment_file", .text(.environmentFile), \.environmentFile,
                "A file on the host with secret variables, read by systemd when the service starts; - before it: optional."
            ),
            Key(
                "credentials", Credential.mapping, \.credentials,
                "Secrets by name, each the path of a file on the host; the service finds $CREDENTIALS_DIRECTORY/NAME."),
            Key("restart", .oneOf(RestartPolicy.self), \.restart, "When systemd starts it again; default on-failure."),
            Key("working_directory", .text(.absolutePath), \.workingDirectory, "The directory it runs in."),
            Key("instances", .integer(0...999), \.instances, "How many run side by side; %i is the number of one."),
            Key(
                "schedule", .text(.line), \.schedule,
                "When it runs, in the form of systemd.time(7): daily, *-*-* 03:00."),
            Key("state_directory", .text(.unit), \.stateDirectory, "A directory below /var/lib owned by its user."),
            Key("sandbox", .boolean, \.sandbox, "Whether systemd confines it; default true."),
            Key("after", .uniqueList(.text(.unitReference), of: "units"), \.after, "Units it starts after."),
        ])
}
