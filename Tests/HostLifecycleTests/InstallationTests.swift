import CondaModel
import CondaPrefix
import Foundation
import ServiceRelease
import Testing

@testable import HostLifecycle

/// The steps of an install with a bootstrap that is a small script: it writes what it was called with into the prefix.
@Suite struct InstallationTests {
    final class Fixture {
        let home: ServiceHome
        let events = Events()

        init() throws {
            let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
            // Folders for temporary files are everybody's.
            home = ServiceHome(root: root, ownership: Ownership(users: [0, geteuid()], base: root))
        }

        deinit { try? FileManager.default.removeItem(atPath: home.root) }

        static let micromamba = """
            #!/bin/sh
            umask 022
            [ "$1" != fail ] || exit 7
            printf '%s\\n' "$@" >"$HOME/../arguments"
            while [ "$#" -gt 0 ]; do case $1 in -p) prefix=$2 ;; --file) list=$2 ;; esac; shift; done
            mkdir -p "$prefix/conda-meta" "$prefix/bin"
            : >"$prefix/conda-meta/history"
            cp "$HOME/../arguments" "$prefix/arguments"
            cp "$list" "$prefix/list"
            env | sort >"$prefix/environment"
            """

        /// Writes a bundle whose bootstrap is `script`.
        func addBundle(
            _ version: String, inputs: String, layout: Layout = .archives, script: String = Fixture.micromamba,
            checks: [Check] = [], health: [String] = [], keep: Int = 1, sha256: String? = nil, frozen: Bool? = nil
        ) throws -> String {
            let path = "\(home.bundles)/\(version)-1"
            try makeDirectory("\(path)/pkgs")
            try replaceDocument("\(path)/micromamba", with: Array(script.utf8), mode: 0o755)
            let digest = try Bundle.digest("\(path)/micromamba")
            let release = Release(
                name: "orders", version: version, release: "1", summary: "", inputs: inputs, tool: "test",
                target: TargetHost(name: "el9", glibc: "2.34", architecture: "x86_64", subdir: "linux-64"),
                layout: layout, bootstrap: .micromamba(sha256: sha256 ?? digest), prefix: home.root, requested: [],
                channels: [],
                packages: [], variables: [EnvironmentVariable(name: "ORDERS", value: "a b")], checks: checks,
                health: health, healthSeconds: 0, keep: keep, frozen: frozen,
                installedSize: 0)
            try replaceDocument("\(path)/release.json", with: release.json())
            return path
        }

        /// An installer whose Python is the shell, and whose conda writes what it was called with into the prefix.
        static let installer = """
            #!/bin/sh
            umask 022
            mkdir -p "$4/bin"
            cp /bin/sh "$4/bin/python"
            env | sort >"$4/installer"
            cat >"$4/bin/conda" <<'END'
            while [ "$#" -gt 0 ]; do case $1 in -p) prefix=$2 ;; --file) list=$2 ;; esac; shift; done
            mkdir -p "$prefix/conda-meta" "$prefix/bin"
            : >"$prefix/conda-meta/history"
            cp "$list" "$prefix/list"
            cp "${0%/bin/conda}/installer" "$prefix/installer"
            env | sort >"$prefix/environment"
            END
            """

        /// Writes a bundle whose bootstrap is an installer.
        func addInstallerBundle(
            _ version: String, inputs: String, script: String = Fixture.installer
        ) throws -> String {
            let path = try addBundle(version, inputs: inputs)
            try replaceDocument("\(path)/miniconda.sh", with: Array(script.utf8), mode: 0o755)
            var release = try Release(bundle: path)
            release.bootstrap = .miniconda(sha256: try Bundle.digest("\(path)/miniconda.sh"))
            try replaceDocument("\(path)/release.json", with: release.json())
            return path
        }

        /// Unpacks what an RPM of layout `prefix` brings: bundle and prefix.
        func unpack(_ version: String, checks: [Check] = [], keep: Int = 1) throws -> String {
            let prefix = home.release("\(version)-1")
            for folder in ["conda-meta", "bin"] { try makeDirectory("\(prefix)/\(folder)") }
            for file in ["conda-meta/history", "bin/program"] { try replaceDocument("\(prefix)/\(file)", with: []) }
            return try addBundle(version, inputs: version, layout: .prefix, checks: checks, keep: keep)
        }

        /// What stands on a host when the new package of an upgrade comes: 1.0 serves, and `%pre` has set it aside.
        func beginUpgrade() throws {
            let bundle = try unpack("1.0")
            try install(bundle)
            try Operations(home: home, bundle: bundle) { _ in }.setAside(but: "2.0-1")
        }

        /// Removes what rpm removes with the package: its files, and no directory that holds others.
        func removePackage(_ version: String) throws {
            try removeTree("\(home.bundles)/\(version)-1")
            for file in ["conda-meta/history", "bin/program"] {
                try removeTree("\(home.release("\(version)-1"))/\(file)")
            }
        }

        func install(_ bundle: String) throws {
            try Installation(home: home, bundle: bundle, isUnpacked: true, events: events.add).run()
        }
    }

    final class Events: @unchecked Sendable {
        private let lock = NSLock()
        private var lines: [String] = []
        @Sendable func add(_ event: HostEvent) { lock.withLock { lines.append(event.line) } }
        var all: [String] { lock.withLock { lines } }
    }

    @Test func aFirstInstallServes() throws {
        let fixture = try Fixture()
        try fixture.install(fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa"))
        let home = fixture.home
        #expect(home.serving() == "1.0-1")
        #expect(home.incompleteReleases().isEmpty)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: home.releases).sorted() == [".1.0-1.json", "1.0-1"])
        let environment = try ReleaseEnvironment.read(home.activation("1.0-1"))
        #expect(environment.contains(EnvironmentVariable(name: "ORDERS", value: "a b")))
        #expect(environment.contains(EnvironmentVariable(name: "CONDA_PREFIX", value: home.release("1.0-1"))))
    }

    @Test func theBootstrapSeesNothingOfTheHost() throws {
        let fixture = try Fixture()
        try fixture.install(fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa"))
        let prefix = fixture.home.release("1.0-1")
        let environment = try String(contentsOfFile: "\(prefix)/environment", encoding: .utf8)
        #expect(environment.contains("HOME=\(fixture.home.workshop("1.0-1"))/home\n"))
        #expect(environment.contains("CONDA_OFFLINE=true\n"))
        let arguments = try String(contentsOfFile: "\(prefix)/arguments", encoding: .utf8)
        #expect(arguments.contains("--offline\n--no-rc\n--no-env\n"))
        #expect(arguments.contains("-p\n\(prefix)\n"))
        #expect(try String(contentsOfFile: "\(prefix)/list", encoding: .utf8).hasSuffix("@EXPLICIT\n"))
        #expect(!environment.contains("CONDA_NO_PLUGINS"))
    }

    /// The installer gets no setting of conda's: since conda-standalone 25.9 it is a plug-in itself.
    @Test func settingsReachCondaAndNotItsInstaller() throws {
        let fixture = try Fixture()
        try fixture.install(fixture.addInstallerBundle("1.0", inputs: "aaaaaaaaaaaa"))
        let prefix = fixture.home.release("1.0-1")
        let installer = try String(contentsOfFile: "\(prefix)/installer", encoding: .utf8)
        #expect(installer.contains("HOME=\(fixture.home.workshop("1.0-1"))/home\n"))
        let settings = installer.split(separator: "\n").filter { $0.hasPrefix("CONDA_") || $0.hasPrefix("MAMBA_") }
        #expect(settings == ["CONDA_RESTRICT_RC_SEARCH_PATH=1"])
        let conda = try String(contentsOfFile: "\(prefix)/environment", encoding: .utf8)
        #expect(conda.contains("CONDA_NO_PLUGINS=true\n"))
        #expect(conda.contains("CONDA_OFFLINE=true\n"))
        #expect(try String(contentsOfFile: "\(prefix)/list", encoding: .utf8).hasSuffix("@EXPLICIT\n"))
    }

    @Test func anInstallerWithoutCondaIsAnError() throws {
        let fixture = try Fixture()
        let script = "#!/bin/sh\nmkdir -p \"$4/bin\" && cp /bin/sh \"$4/bin/python\"\n"
        let bundle = try fixture.addInstallerBundle("1.0", inputs: "aaaaaaaaaaaa", script: script)
        #expect(throws: HostError.self) { try fixture.install(bundle) }
        #expect(fixture.home.serving() == nil)
    }

    /// The bootstrap knows nothing of it, and neither does a document of an older build.
    @Test(arguments: [true, false, nil])
    func aBootstrapsPrefixIsFrozenWhereTheReleaseSaysSo(frozen: Bool?) throws {
        let fixture = try Fixture()
        try fixture.install(fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa", frozen: frozen))
        let path = "\(fixture.home.release("1.0-1"))/conda-meta/frozen"
        #expect(exists(path) == (frozen == true))
        let outcome = try Verification(home: fixture.home).run()
        #expect(!outcome.added.contains("conda-meta/frozen"))
        guard frozen == true else { return }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains("RPM orders-1.0-1") && text.contains("conda-rpm build"))
        try removeTree(path)
        let error = #expect(throws: HostError.self) { try Verification(home: fixture.home).run() }
        #expect(error?.description.contains("missing conda-meta/frozen") == true)
    }

    @Test func anUpgradeKeepsWhatItShould() throws {
        let fixture = try Fixture()
        for version in ["1.0", "2.0", "3.0"] {
            try fixture.install(fixture.addBundle(version, inputs: "\(version)aaaaaaaaaaaa"))
        }
        #expect(fixture.home.serving() == "3.0-1")
        #expect(fixture.home.completeReleases() == ["2.0-1", "3.0-1"])
    }

    /// A bootstrap whose host tool was killed goes on; the next try must not meet it.
    @Test func whatOutlivesAKilledInstallationIsEnded() throws {
        let fixture = try Fixture()
        let home = fixture.home
        let bundle = try fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa")
        try makeDirectory(home.releases)
        let mark = "0123456789abcdef0123456789abcdef"
        let processes = try [mark, mark, mark + "0", ProcessMark.own, ""].map {
            // A release that is named in a variable says nothing: whoever stands there has it in PWD.
            try start(["PWD": home.release("1.0-1"), ProcessMark.variable: $0])
        }
        defer { for process in processes { process.terminate() } }
        try fixture.install(bundle)
        #expect(processes.map(\.isRunning) == [true, true, true, true, true])
        try ReleaseMarker(home: home, identifier: "2.0-1").begin("link the packages")
        try removeTree(home.release("1.0-1"))
        try replaceDocument(home.marker("1.0-1"), with: cutOff(mark))
        try fixture.install(bundle)
        processes[0].waitUntilExit()
        processes[1].waitUntilExit()
        #expect(processes.map(\.isRunning) == [false, false, true, true, true])
        #expect(home.serving() == "1.0-1")
    }

    private func start(_ environment: [String: String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sleep")
        process.arguments = ["60"]
        process.environment = environment
        try process.run()
        return process
    }

    /// The marker of a try that was killed.
    private func cutOff(_ mark: String) throws -> [UInt8] {
        let state = IncompleteRelease(identifier: "1.0-1", step: "link the packages", mark: mark)
        return [UInt8](try JSONEncoder().encode(state))
    }

    @Test func aTryTellsWhatItsProcessesBear() throws {
        let fixture = try Fixture()
        #expect(throws: HostError.self) {
            try fixture.install(fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa", checks: [.run("exit 1")]))
        }
        #expect(fixture.home.incompleteReleases().map(\.mark) == [ProcessMark.own])
        let environment = try fixture.addBundle("2.0", inputs: "bbbbbbbbbbbb")
        try fixture.install(environment)
        let text = try String(contentsOfFile: fixture.home.activation("2.0-1"), encoding: .utf8)
        #expect(!text.contains(ProcessMark.variable))
    }

    /// Two releases, of which the older one is damaged, or fails its check.
    @Test func whatIsNotFitIsNotActivated() throws {
        let fixture = try Fixture()
        let home = fixture.home
        let flag = "\(home.root)/flag"
        for (version, checks) in [("1.0", [Check.run("test ! -e \(flag)")]), ("2.0", [])] {
            try fixture.install(fixture.addBundle(version, inputs: "\(version)aaaaaaaaaaaa", checks: checks, keep: 3))
        }
        let operations = Operations(
            home: home, bundle: "\(home.bundles)/2.0-1", events: fixture.events.add)
        try replaceDocument(flag, with: [])
        var error = #expect(throws: HostError.self) { try operations.rollback(to: nil) }
        #expect(
            error?.description.contains(
                "the check 'test ! -e \(flag)' failed\(geteuid() == 0 ? " as nobody" : "") with exit status 1") == true)
        #expect(error?.hint?.contains("mend what the check needs") == true)
        #expect(home.serving() == "2.0-1")
        try removeTree(flag)
        try removeTree("\(home.release("1.0-1"))/conda-meta/history")
        error = #expect(throws: HostError.self) { try operations.activate("1.0-1") }
        #expect(error?.description.contains("missing conda-meta/history") == true)
        #expect(error?.hint?.contains("dnf downgrade NAME-1.0-1; ") == true)
        #expect(home.serving() == "2.0-1")
        try operations.rollback(to: nil, isForced: true)
        #expect(home.serving() == "1.0-1")
        #expect(fixture.events.all.contains("warning: 1.0-1 is put into service without a look at it"))
        try operations.activate("2.0-1")
        #expect(home.serving() == "2.0-1")
    }

    /// A lock that is held for ever is told, not waited for.
    @Test func aHeldLockIsNotWaitedForForEver() throws {
        let fixture = try Fixture()
        try makeDirectory(fixture.home.root)
        let lock = try HomeLock(fixture.home)
        let error = #expect(throws: HostError.self) { _ = try HomeLock(fixture.home, patience: 0) }
        #expect(error?.hint == "see which one with: fuser -v \(fixture.home.lockFile)")
        _ = consume lock
        _ = try HomeLock(fixture.home, patience: 0)
    }

    /// Every user can open and lock the home.
    @Test func whoCanOnlyReadHoldsUpNobody() throws {
        let fixture = try Fixture()
        try makeDirectory(fixture.home.root)
        let reader = open(fixture.home.root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(reader) }
        #expect(flock(reader, LOCK_EX | LOCK_NB) == 0)
        let lock = try HomeLock(fixture.home, patience: 0)
        let found = try #require(status(fixture.home.lockFile))
        #expect(found.st_mode == S_IFREG | 0o600)
        try lock.removeFile()
        _ = consume lock
        #expect(!exists(fixture.home.lockFile))
    }

    @Test func aReleaseOutlivesThePackageThatOwnsIt() throws {
        let fixture = try Fixture()
        let home = fixture.home
        try fixture.beginUpgrade()
        let second = try fixture.unpack("2.0", checks: [.run("exit 1")])
        #expect(throws: HostError.self) { try fixture.install(second) }
        #expect(exists(home.release("2.0-1")))
        try fixture.removePackage("1.0")
        try Operations(home: home, bundle: second) { _ in }.settle()
        #expect(home.serving() == "1.0-1")
        #expect(exists("\(home.release("1.0-1"))/bin/program"))
        #expect(home.completeReleases() == ["1.0-1"])
        #expect(!exists(home.aside("1.0-1")))
        #expect(home.incompleteReleases().map(\.identifier) == ["2.0-1"])
    }

    @Test func anOwnedReleaseThatIsNotKeptIsLeftToRPM() throws {
        let fixture = try Fixture()
        let home = fixture.home
        try fixture.beginUpgrade()
        let second = try fixture.unpack("2.0", keep: 0)
        try fixture.install(second)
        #expect(exists("\(home.release("1.0-1"))/bin/program"))
        try fixture.removePackage("1.0")
        try Operations(home: home, bundle: second) { _ in }.settle()
        #expect(!exists(home.release("1.0-1")))
        #expect(home.completeReleases() == ["2.0-1"])
    }

    /// A reinstallation that failed leaves a marker on the release that serves; an upgrade that fails must not take it.
    @Test func whatServesIsSetAsideHoweverItsLastInstallEnded() throws {
        let fixture = try Fixture()
        let home = fixture.home
        let bundle = try fixture.unpack("1.0")
        try fixture.install(bundle)
        try ReleaseMarker(home: home, identifier: "1.0-1").begin("run the checks")
        try Operations(home: home, bundle: bundle) { _ in }.setAside(but: "2.0-1")
        try fixture.removePackage("1.0")
        try Operations(home: home, bundle: bundle) { _ in }.settle()
        #expect(home.serving() == "1.0-1")
        #expect(exists("\(home.release("1.0-1"))/bin/program"))
    }

    @Test func halfATreeNeverTakesThePlaceOfARelease() throws {
        let fixture = try Fixture()
        let home = fixture.home
        let bundle = try fixture.unpack("1.0")
        try fixture.install(bundle)
        try makeDirectory("\(home.aside("1.0-1")).new/bin")
        try Operations(home: home, bundle: bundle) { _ in }.settle()
        #expect(exists("\(home.release("1.0-1"))/bin/program"))
        try Operations(home: home, bundle: bundle) { _ in }.setAside(but: "2.0-1")
        #expect(exists("\(home.aside("1.0-1"))/bin/program"))
        #expect(!exists("\(home.aside("1.0-1")).new"))
    }

    @Test func keepNothingKeepsNothing() throws {
        let fixture = try Fixture()
        try fixture.install(fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa"))
        try fixture.install(fixture.addBundle("2.0", inputs: "bbbbbbbbbbbb", keep: 0))
        #expect(fixture.home.completeReleases() == ["2.0-1"])
    }

    @Test func aFailingCheckLeavesTheOldReleaseInService() throws {
        let fixture = try Fixture()
        try fixture.install(fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa"))
        let bundle = try fixture.addBundle("2.0", inputs: "bbbbbbbbbbbb", checks: [.run("echo no database; exit 3")])
        #expect(throws: HostError.self) { try fixture.install(bundle) }
        #expect(fixture.home.serving() == "1.0-1")
        #expect(!exists(fixture.home.release("2.0-1")))
        let status = Status.read(home: fixture.home, release: try Release(bundle: bundle))
        #expect(status.health == .degraded)
        #expect(status.reasons.joined().contains("no database"))
        #expect(status.reasons.joined().contains("exit status 3"))
        #expect(throws: HostError.self) { try Verification(home: fixture.home).run() }
    }

    @Test func theNextGoodInstallCleansUp() throws {
        let fixture = try Fixture()
        let bad = try fixture.addBundle(
            "2.0", inputs: "bbbbbbbbbbbb", script: "#!/bin/sh\nmkdir -p \"$HOME/x\"; exit 7\n")
        for _ in 1...2 { #expect(throws: HostError.self) { try fixture.install(bad) } }
        #expect(Status.read(home: fixture.home, release: try Release(bundle: bad)).health == .down)
        try fixture.install(fixture.addBundle("3.0", inputs: "cccccccccccc"))
        let left = try FileManager.default.contentsOfDirectory(atPath: fixture.home.releases)
        #expect(left.sorted() == [".3.0-1.json", "3.0-1"])
    }

    @Test func aDamagedBootstrapIsNeverRun() throws {
        let fixture = try Fixture()
        let bundle = try fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa", sha256: String(repeating: "0", count: 64))
        #expect(throws: HostError.self) { try fixture.install(bundle) }
        #expect(fixture.home.serving() == nil)
    }

    @Test func theSameVersionWithOtherContentsStandsBeside() throws {
        let fixture = try Fixture()
        try fixture.install(fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa"))
        try fixture.install(fixture.addBundle("1.0", inputs: "bbbbbbbbbbbb"))
        #expect(fixture.home.serving() == "1.0-1+bbbbbbbb")
        #expect(fixture.home.completeReleases().sorted() == ["1.0-1", "1.0-1+bbbbbbbb"])
    }

    @Test func rollbackAndRemove() throws {
        let fixture = try Fixture()
        try fixture.install(fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa"))
        let bundle = try fixture.addBundle("2.0", inputs: "bbbbbbbbbbbb")
        try fixture.install(bundle)
        let operations = Operations(home: fixture.home, bundle: bundle, events: fixture.events.add)
        try operations.rollback(to: nil)
        #expect(fixture.home.serving() == "1.0-1")
        #expect(throws: HostError.self) { try operations.activate("9.9-1") }
        try operations.remove()
        #expect(!exists(fixture.home.releases) && !exists(fixture.home.current))
        #expect(isDirectory(fixture.home.bundles))
    }
}
