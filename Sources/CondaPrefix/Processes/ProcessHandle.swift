import CLinux
import Glibc
import HostSystem

/// A process that was found in `/proc`, held so that its number cannot come to mean another one.
package struct ProcessHandle: ~Copyable {
    private let process: pid_t
    /// The directory of the process in `/proc`: when it ends, nothing in it opens any more, whoever gets its number.
    private let folder: Int32
    /// A descriptor of the process itself; -1 where the kernel is older than Linux 5.3.
    private let descriptor: Int32

    /// Holds a process; nil when there is none of that number.
    package init?(_ process: pid_t) {
        let folder = open("/proc/\(process)", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder != -1 else { return nil }
        self.process = process
        self.folder = folder
        descriptor = open_process(process)
    }

    deinit {
        close(folder)
        if descriptor != -1 { close(descriptor) }
    }

    /// Whether the process was started with a variable of this value.
    package func has(_ variable: String, value: String) -> Bool {
        let file = openat(folder, "environ", O_RDONLY | O_CLOEXEC)
        guard file != -1 else { return false }
        defer { close(file) }
        let wanted = Array("\(variable)=\(value)".utf8)
        return ProcessTable.readAll(file).split(separator: 0).contains { $0.elementsEqual(wanted) }
    }

    /// Ends the process at once; whether it worked shows the next look.
    package func kill() {
        if descriptor != -1 {
            _ = signal_process(descriptor, SIGKILL)
        } else if faccessat(folder, "environ", F_OK, 0) == 0 {
            _ = Glibc.kill(process, SIGKILL)
        }
    }
}

/// What this program has started, and what that has, wherever it went.
package enum Descendants {
    /// Has orphans become children of this program, so that they can be told from other people's processes.
    package static func keep() {
        // Without it (before Linux 3.4) only those are found whose parents live.
        _ = adopt_orphans()
    }

    /// Ends all of them at once; nothing else can descend from this program.
    package static func end() {
        for process in ProcessTable()?.descendants(of: getpid()) ?? [] {
            guard let handle = ProcessHandle(process) else { continue }
            handle.kill()
        }
    }
}
