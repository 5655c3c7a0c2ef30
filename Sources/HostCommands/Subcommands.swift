import ArgumentParser
import FoundationEssentials
import HostLifecycle
import HostSystem
import ServiceRelease

/// `install`: what `%post` calls.
struct Install: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Link the bundle's packages, check them, and put the release into service.")
    @OptionGroup var place: Place

    func run() throws {
        try Installation(
            home: try place.home(), bundle: try place.bundlePath(), isUnpacked: true, events: report
        ).run()
    }
}

/// `activate RELEASE`.
struct Activate: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Let a complete release serve.")
    @OptionGroup var place: Place
    @Argument(help: "The release, as status names it.") var release: String
    @Flag(help: "Do not verify it and run its checks before.") var force = false

    func run() throws { try place.operations().activate(release, isForced: force) }
}

/// `rollback [RELEASE]`.
struct Rollback: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Let the release before this one serve again.")
    @OptionGroup var place: Place
    @Argument(help: "The release; by default the newest other complete one.") var release: String?
    @Flag(help: "Do not verify it and run its checks before.") var force = false

    func run() throws { try place.operations().rollback(to: release, isForced: force) }
}

/// `verify`: what `rpm -V` calls.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare every file of the release that serves with its archives; owners and modes, too.")
    @OptionGroup var place: Place
    @Flag(help: "Print the files that no package brought, one path per line.") var added = false

    func run() throws {
        let outcome = try Verification(home: try place.home()).run()
        if added { for path in outcome.added { try StandardOutput.write(line: path) } }
        printError("\(outcome.identifier) is whole, compared with \(outcome.basis)")
    }
}

/// `repair`.
struct Repair: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Finish an install that failed, or relink exactly the files that differ.")
    @OptionGroup var place: Place

    func run() throws { try place.operations().repair() }
}

/// `status`.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Which release serves, since when, and what is wrong.")
    @OptionGroup var place: Place
    @Flag(help: "Print JSON for monitoring.") var json = false

    func run() throws {
        let release = try Release(bundle: try place.bundlePath())
        let status = Status.read(home: try place.home(), release: release)
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try StandardOutput.write(line: String(decoding: try encoder.encode(status), as: UTF8.self))
        } else {
            try StandardOutput.write(line: status.text)
        }
        switch status.health {
        case .healthy: return
        case .degraded: throw ExitCode(2)
        case .down: throw ExitCode(3)
        }
    }
}

/// `run COMMAND [ARGUMENT...]`.
struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a program with the activation of the release that serves.",
        discussion: "Exit codes: the program's own; 127 where there is none of the name, 126 where it does not start.")
    @OptionGroup var place: Place
    @Argument(help: "A program that the activated environment finds, or a path.") var command: String
    @Argument(parsing: .captureForPassthrough, help: "Its arguments.") var arguments: [String] = []

    func run() throws {
        var environment = ProcessInfo.processInfo.environment
        // There main.c has set it for ourselves.
        if !FileManager.default.fileExists(atPath: "/proc/self/exe") { environment["SWIFT_ROOT"] = nil }
        try place.operations().run(command, arguments, environment: environment)
    }
}

/// `remove`: what `%preun` calls on the last erase.
struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stop the services and remove every release; the RPM's own files stay.")
    @OptionGroup var place: Place

    func run() throws { try place.operations().remove() }
}

/// `set-aside`: what `%pre` calls, of the package that is installed already.
struct SetAside: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-aside",
        abstract: "Keep the releases that rpm is about to remove (layout prefix).", shouldDisplay: false)
    @OptionGroup var place: Place
    @Option(help: "The release that rpm is about to install.") var but: String

    func run() throws { try place.operations().setAside(but: but) }
}

/// `settle`: what `%postun` calls, of the package that has come in its place.
struct Settle: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put the releases that were set aside in their places again.", shouldDisplay: false)
    @OptionGroup var place: Place
    @Flag(help: "Only what the release that serves lacks: what runs before its services start.") var serving = false

    func run() throws {
        let operations = try place.operations()
        if serving { try operations.restoreServing() } else { try operations.settle() }
    }
}

/// `link`: what rpmbuild calls for layout `prefix`.
struct Link: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Link a release for its place on hosts into another directory.", shouldDisplay: false)
    @Option(help: "The folder with release.json, pkgs and wheels.") var bundle: String
    @Option(help: "Seconds since 1970; no file is newer.") var time: Int64
    @Option(help: "The directory to fill, an absolute path.") var destination: String

    func run() throws {
        try StagedPrefix.link(bundle: bundle, into: destination, buildTime: time, events: report)
    }
}

/// `unpack`: what rpmbuild calls for the packages of layout `split`.
struct Unpack: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Unpack a conda package as services link it.", shouldDisplay: false)
    @Argument(help: "The archive.") var archive: String
    @Option(help: "The archive's digest, in hexadecimal.") var sha256: String
    @Option(help: "The directory to fill, an absolute path.") var destination: String

    func run() throws {
        try StagedPackage.unpack(archive: archive, sha256: sha256, into: destination)
    }
}
