import CondaPrefix
import ServiceRelease

/// Runs what the manifest says must work before a release may serve.
struct ReleaseChecks: Sendable {
    private let prefix: String
    private let checks: [Check]
    private let environment: [EnvironmentVariable]
    private let release: Release
    private let events: @Sendable (HostEvent) -> Void

    /// - Throws: `HostError.system` when there is no activation.
    init(
        home: ServiceHome, identifier: String, release: Release, events: @escaping @Sendable (HostEvent) -> Void
    ) throws(HostError) {
        prefix = home.release(identifier)
        checks = release.checks
        environment = checks.isEmpty ? [] : try ReleaseEnvironment.read(home.activation(identifier))
        self.release = release
        self.events = events
    }

    /// - Throws: `HostError.checkFailed` for the first that fails, `HostError.noSuchUser`.
    func run() throws {
        guard !checks.isEmpty else { return }
        let user = try CheckUser(release, events: events)
        events(.checking(count: checks.count, user: user.name))
        for check in checks {
            let (title, command) = command(check, user)
            let result = try user.run(command)
            guard result.succeeded else {
                throw HostError.checkFailed(
                    check: title, user: user.name, status: result.status, output: result.output)
            }
        }
    }

    private func command(_ check: Check, _ user: CheckUser) -> (String, Command) {
        switch check {
        case .importModule(let module):
            ("import \(module)", command("\(prefix)/bin/python", ["-c", "import \(module)"], user))
        case .run(let line):
            (line, command("/bin/sh", ["-c", line], user))
        }
    }

    /// Python may not leave `.pyc` files in the prefix: they would be neither recorded nor removed by anyone.
    private func command(_ executable: String, _ arguments: [String], _ user: CheckUser) -> Command {
        let base = ["LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONNOUSERSITE": "1"]
            .merging(user.variables) { $1 }
            .merging(ProgramOrigin.variables(prefix: prefix)) { $1 }
        return Command(
            executable, arguments, environment: ReleaseEnvironment.merged(environment, over: base), directory: prefix)
    }
}
