import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Processes that outlive an installation that was killed: a link script, a bootstrap, a check.
///
/// Nothing ends them with the tool, and what they still write would get between the files of the next try. They are known
/// by their environment, which names the release that they work on; whoever looks for them holds the home's lock, so no
/// installation goes on meanwhile.
struct LeftoverProcesses {
    let home: ServiceHome

    /// Kills those of incomplete releases and waits until they are gone, 5 seconds at most.
    ///
    /// A release that serves is left alone: its services have the same environment.
    /// - Returns: those that did not end.
    func end() -> [pid_t] {
        let serving = home.serving()
        let incomplete = home.incompleteReleases().map(\.identifier).filter { $0 != serving }
        guard !incomplete.isEmpty else { return [] }
        let folders = incomplete.flatMap { identifier in
            homes.flatMap { [$0.release(identifier), $0.workshop(identifier)] }
        }
        for _ in 0..<50 {
            let found = processes(workingOn: folders)
            if found.isEmpty { return [] }
            // Whether it worked shows the next look.
            for process in found { _ = kill(process, SIGKILL) }
            _ = usleep(100_000)
        }
        return processes(workingOn: folders)
    }

    /// By each of its paths, as the home may be a link to another disk.
    private var homes: [ServiceHome] {
        guard let real = realPath(home.root), real != home.root else { return [home] }
        return [home, ServiceHome(root: real)]
    }

    /// Whoever can install can also read the environments of all processes.
    private func processes(workingOn folders: [String]) -> [pid_t] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { pid_t($0) }.filter { process in
            guard process != getpid(), let data = FileManager.default.contents(atPath: "/proc/\(process)/environ")
            else { return false }
            return data.split(separator: 0).contains { variable in
                let text = String(decoding: variable, as: UTF8.self)
                guard let equals = text.firstIndex(of: "=") else { return false }
                let value = text[text.index(after: equals)...]
                return folders.contains { value == $0 || value.hasPrefix("\($0)/") }
            }
        }
    }
}
