import CondaPrefix
import FoundationEssentials
import Glibc
import ServiceRelease

/// A look at whether a release can run at all: cheap enough for every `status`, which reads no file's contents.
///
/// Each recorded path is looked for, which `verify` does too before it compares digests. Of the packages that bring the
/// interpreter or a command no program and no library may be missing; what is missing else may not matter to the service.
struct Ability: Sendable {
    let home: ServiceHome
    let identifier: String
    let release: Release

    /// What was found, in words: why nothing can run, or else what is missing.
    struct Finding: Sendable, Hashable {
        var obstacle: String?
        var lack: String?
    }

    private var prefix: String { home.release(identifier) }
    private var programs: [String] {
        release.commands.map { "bin/\($0)" } + (hasPython ? ["bin/python"] : [])
    }
    private var hasPython: Bool { release.packages.contains { $0.record.name == "python" } }

    func look() -> Finding {
        if access(home.activation(identifier), F_OK) != 0 {
            return Finding(obstacle: "\(ServiceHome.activationName) is missing, which its units read")
        }
        for program in programs {
            if let problem = problem(program) { return Finding(obstacle: problem) }
        }
        do {
            let state = try PrefixState(prefix: prefix)
            return judge(try state.missing(expecting: release.packages.map(\.record)), in: state)
        } catch {
            return Finding(lack: "\(error)")
        }
    }

    private func judge(_ missing: [PrefixDifference], in state: PrefixState) -> Finding {
        let needed = state.packages(bringing: Set(programs))
        let python = release.packages.map(\.record).filter { $0.name == "python" }.map(\.distribution)
        let serious = missing.filter { difference in
            difference.package.map(needed.union(python).contains) == true
                && (Self.folders.contains { difference.path.hasPrefix($0) } || difference.path.hasPrefix("conda-meta/"))
        }
        return Finding(obstacle: Self.summary(serious), lack: Self.summary(missing))
    }

    /// Where programs and what they load lie.
    private static let folders = ["bin/", "lib/", "libexec/", "sbin/"]

    private static func summary(_ missing: [PrefixDifference]) -> String? {
        guard let first = missing.first else { return nil }
        let others = missing.count - 1
        let rest = others == 0 ? "is" : "and \(others) other file\(others == 1 ? "" : "s") are"
        return "\(first.path)\(first.package.map { " of \($0)" } ?? "") \(rest) missing"
    }

    /// What keeps a program from being started, as far as its first bytes tell.
    private func problem(_ program: String) -> String? {
        let path = "\(prefix)/\(program)"
        guard exists(path) else { return "\(program) is missing" }
        guard access(path, F_OK) == 0 else { return "\(program) is a link to what is not there" }
        guard Command.isProgram(path) else { return "\(program) cannot be executed" }
        guard let interpreter = Self.interpreter(path), !Command.isProgram(interpreter) else { return nil }
        return "\(interpreter) is missing, which runs \(program)"
    }

    /// The program that a script's first line names; nil for what is no script.
    private static func interpreter(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor != -1 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &bytes, bytes.count)
        guard count > 2, bytes.starts(with: "#!".utf8) else { return nil }
        let line = String(decoding: bytes[2..<count], as: UTF8.self).split(separator: "\n").first ?? ""
        return line.split(separator: " ").first.map(String.init)
    }
}
