import CondaPrefix
import ServiceRelease

/// Runs what the manifest says must work before a release may serve.
struct ReleaseChecks: Sendable {
    let prefix: String
    let environment: [EnvironmentVariable]

    func run(_ checks: [Check]) throws {
        for check in checks {
            let (title, command) = command(check)
            let result = try command.run()
            guard result.succeeded else {
                throw HostError.checkFailed(check: title, status: result.status, output: result.output)
            }
        }
    }

    private func command(_ check: Check) -> (String, Command) {
        switch check {
        case .importModule(let module):
            ("import \(module)", command("\(prefix)/bin/python", ["-c", "import \(module)"]))
        case .run(let line):
            (line, command("/bin/sh", ["-c", line]))
        }
    }

    /// Python may not leave `.pyc` files in the prefix: they would be neither recorded nor removed by anyone.
    private func command(_ executable: String, _ arguments: [String]) -> Command {
        let base = ["HOME": "/", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONNOUSERSITE": "1"]
            .merging(ProgramOrigin.variables(prefix: prefix)) { $1 }
        return Command(
            executable, arguments, environment: ReleaseEnvironment.merged(environment, over: base), directory: prefix)
    }
}
