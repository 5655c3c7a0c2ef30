import CLinux
import Glibc
import HostSystem

/// All that a new process needs before its program runs.
struct ChildStart {
    /// The absolute path of the program.
    let path: String
    /// Its name and its arguments.
    let arguments: [String]
    /// Its variables, as `NAME=VALUE`.
    let environment: [String]
    /// The directory it starts in.
    let directory: String
    /// Whom it runs as; nil: as this program.
    var identity: ChildIdentity?

    /// Starts it with three descriptors, each 4 or more.
    func run(input: Int32, output: Int32, errors: Int32) throws(PrefixError) -> RunningChild {
        let argv = Self.copies(arguments)
        let envp = Self.copies(environment)
        defer { for text in argv + envp { free(text) } }
        guard argv.dropLast().allSatisfy({ $0 != nil }), envp.dropLast().allSatisfy({ $0 != nil }) else {
            throw .cannotRun(path, problem: "there is not enough memory")
        }
        var step: Int32 = 0
        let process = withIdentity { identity in
            path.withCString { path in
                directory.withCString { directory in
                    argv.withUnsafeBufferPointer { argv in
                        envp.withUnsafeBufferPointer { envp in
                            var plan = child_plan(
                                path: path, arguments: argv.baseAddress, environment: envp.baseAddress,
                                directory: directory, input: input, output: output, errors: errors,
                                identity: identity)
                            return start_child(&plan, &step)
                        }
                    }
                }
            }
        }
        guard process != -1 else { throw .cannotRun(path, problem: problem(UInt32(step), errno)) }
        return RunningChild(process)
    }

    private func withIdentity(_ body: (UnsafePointer<child_identity>?) -> pid_t) -> pid_t {
        guard let identity else { return body(nil) }
        return identity.groups.withUnsafeBufferPointer { groups in
            var raw = child_identity(
                user: identity.user, group: identity.group, groups: groups.baseAddress, group_count: groups.count)
            return body(&raw)
        }
    }

    /// How the problem begins where a limit of processes is reached.
    static let noFurtherProcess = "no further process may be started here"

    private func problem(_ step: UInt32, _ code: Int32) -> String {
        let reason = systemMessage(code)
        switch step {
        case child_step_fork.rawValue where code == EAGAIN:
            return "\(Self.noFurtherProcess): \(reason)"
        case child_step_fork.rawValue: return "no process can be started: \(reason)"
        case child_step_identity.rawValue where code == EINVAL: return ChildIdentity.notMapped
        case child_step_identity.rawValue: return "it cannot become user \(identity?.user ?? 0): \(reason)"
        case child_step_directory.rawValue: return "its directory \(directory) cannot be entered: \(reason)"
        default: return reason
        }
    }

    private static func copies(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] { texts.map { strdup($0) } + [nil] }
}
