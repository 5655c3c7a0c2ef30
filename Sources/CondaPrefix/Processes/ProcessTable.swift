import Glibc
import HostSystem

/// The processes of this machine at one moment, as `/proc` tells them.
package struct ProcessTable: Sendable {
    /// One process.
    package struct Entry: Sendable {
        package let parent: pid_t
        package let session: pid_t
        /// Processor time, its ended children's too, in ticks of the clock.
        package let ticks: UInt64
    }

    /// By process.
    package private(set) var entries: [pid_t: Entry] = [:]

    /// Reads the table; nil where there is no `/proc`.
    package init?() {
        guard let folder = opendir("/proc") else { return nil }
        defer { closedir(folder) }
        while let found = readdir(folder) {
            let name = withUnsafePointer(to: &found.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let process = pid_t(name) else { continue }
            // One that has ended meanwhile has no line any more.
            if let entry = Self.entry(process) { entries[process] = entry }
        }
        if entries.isEmpty { return nil }
    }

    /// What started a process, and what started that, up to the first.
    package func ancestors(of process: pid_t) -> Set<pid_t> {
        var found: Set<pid_t> = []
        var next = entries[process]?.parent ?? 0
        while next > 0, found.insert(next).inserted { next = entries[next]?.parent ?? 0 }
        return found
    }

    /// What a process has started, and what that has.
    package func descendants(of process: pid_t) -> Set<pid_t> {
        let children = Dictionary(grouping: entries.keys) { entries[$0]?.parent ?? 0 }
        var found: Set<pid_t> = []
        var open = children[process] ?? []
        while let next = open.popLast() {
            if found.insert(next).inserted { open += children[next] ?? [] }
        }
        return found
    }

    /// Processor time of a session, and of all that descends from its leader.
    func ticks(session: pid_t) -> UInt64 {
        let below = descendants(of: session)
        return entries.reduce(0) { total, next in
            next.value.session == session || below.contains(next.key) ? total &+ next.value.ticks : total
        }
    }

    /// Reads `/proc/PID/stat`, whose second field, the program's name in parentheses, may hold anything.
    private static func entry(_ process: pid_t) -> Entry? {
        let line = contents("/proc/\(process)/stat")
        guard let end = line.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = line[line.index(after: end)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 14 else { return nil }
        func number(_ index: Int) -> Int64 { Int64(String(decoding: fields[index], as: UTF8.self)) ?? 0 }
        let ticks = (11...14).reduce(UInt64(0)) { $0 &+ UInt64(clamping: number($1)) }
        return Entry(
            parent: pid_t(truncatingIfNeeded: number(1)), session: pid_t(truncatingIfNeeded: number(3)), ticks: ticks)
    }

    /// What a file below `/proc` holds; nothing when the process is gone.
    private static func contents(_ path: String) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor != -1 else { return [] }
        defer { close(descriptor) }
        return readAll(descriptor)
    }

    /// Reads a descriptor to its end, or as far as it goes.
    static func readAll(_ descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
        }
    }
}
