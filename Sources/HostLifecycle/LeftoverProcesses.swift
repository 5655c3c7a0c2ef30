import CondaPrefix
import FoundationEssentials
import Glibc

/// Processes that outlive an installation that was killed: a link script, a bootstrap, a check.
///
/// What they still write would get between the files of the next try. Only what the tool itself has started is ended, and it
/// is known by the ``ProcessMark`` of the try, which stands in the marker of its release: neither a path in a variable
/// (`PWD` of whoever stands there) nor a user or a program's name would tell. Whoever looks holds the home's lock, so no
/// installation goes on meanwhile.
struct LeftoverProcesses {
    /// What became of the search.
    enum Outcome: Equatable {
        /// None is left.
        case none
        /// These did not end.
        case remaining([pid_t])
        /// Nobody can tell: there is no `/proc`.
        case unknown
    }

    let home: ServiceHome

    /// Kills those of incomplete releases and waits until they are gone, 5 seconds at most.
    func end() -> Outcome {
        let marks = Set(home.incompleteReleases().compactMap(\.mark)).subtracting([ProcessMark.own])
        guard !marks.isEmpty else { return .none }
        var found: [pid_t] = []
        for round in 0...50 {
            if round > 0 { usleep(100_000) }
            guard let table = ProcessTable() else { return .unknown }
            found = end(marks, in: table)
            if found.isEmpty { return .none }
        }
        return .remaining(found.sorted())
    }

    /// Kills those that bear one of the marks, but none that this program descends from, or that stands beside it.
    private func end(_ marks: Set<String>, in table: ProcessTable) -> [pid_t] {
        let spared = table.ancestors(of: getpid()).union([getpid()])
        return table.entries.keys.filter { process in
            guard !spared.contains(process), getpgid(process) != getpgrp(), let handle = ProcessHandle(process),
                marks.contains(where: { handle.has(ProcessMark.variable, value: $0) })
            else { return false }
            handle.kill()
            return true
        }
    }
}

extension ServiceHome {
    /// Ends what earlier tries have left running, and tells what could not be ended.
    func endLeftovers(events: (HostEvent) -> Void) {
        switch LeftoverProcesses(home: self).end() {
        case .none: break
        case .remaining(let processes):
            for process in processes {
                events(.warning("process \(process) of an earlier try does not end and may write below \(releases)"))
            }
        case .unknown:
            events(
                .warning("an earlier try was cut off; without /proc nobody can tell whether its processes still run"))
        }
    }
}
