extension PackageRecord {
    /// The records in the order in which they are linked: each after what it depends on.
    ///
    /// The order is rattler's, and depends on the records alone, not on how they are given: among packages that could
    /// come next, the one that sorts last by name starts. Cycles are broken, preferably where a package of a platform
    /// depends on one for all platforms. A `noarch: python` package is linked after python whether it says so or not.
    package static func topologicallySorted(_ records: [PackageRecord]) -> [PackageRecord] {
        var graph = LinkGraph(records)
        graph.breakCycles()
        return graph.sorted()
    }
}

/// The packages of an environment, and which of them needs which.
private struct LinkGraph {
    private struct Edge: Hashable {
        var from: Int
        var to: Int
    }

    private let names: [String]
    private let records: [[PackageRecord]]
    private var dependencies: [[Int]]

    init(_ packages: [PackageRecord]) {
        let groups = Dictionary(grouping: packages, by: \.name)
        names = groups.keys.sorted()
        records = names.map { name in
            (groups[name] ?? []).sorted { ($0.version, $0.build, $0.subdir) < ($1.version, $1.build, $1.subdir) }
        }
        let indices = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        dependencies = records.enumerated().map { index, records in
            var needed = Set(records.flatMap(\.depends).compactMap { indices[Self.name(in: $0)] })
            if let python = indices["python"], records.contains(where: { $0.noarch == .python }) {
                needed.insert(python)
            }
            needed.remove(index)
            return needed.sorted()
        }
    }

    /// The name that a dependency starts with.
    private static func name(in dependency: String) -> String {
        let spec = dependency.split(separator: ":").last ?? ""
        let name = spec.drop { $0 == " " }.prefix { !" =<>!~[,".contains($0) }
        return name.lowercased()
    }

    /// Removes one edge of every cycle that a depth-first walk by name meets.
    mutating func breakCycles() {
        var removed: Set<Edge> = []
        for cycle in cycles() {
            removed.insert(weakestEdge(of: cycle))
        }
        for edge in removed { dependencies[edge.from].removeAll { $0 == edge.to } }
    }

    private func cycles() -> [[Int]] {
        var cycles: [[Int]] = []
        var visited = Array(repeating: false, count: names.count)
        for root in names.indices where !visited[root] {
            var path: [(node: Int, next: Int)] = [(root, 0)]
            visited[root] = true
            while let (node, next) = path.last {
                guard next < dependencies[node].count else {
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                let target = dependencies[node][next]
                if let start = path.firstIndex(where: { $0.node == target }) {
                    cycles.append(path[start...].map(\.node))
                } else if !visited[target] {
                    visited[target] = true
                    path.append((target, 0))
                }
            }
        }
        return cycles
    }

    /// The edge to remove from a cycle: the first from a platform's package to one for all, else the first of all.
    private func weakestEdge(of cycle: [Int]) -> Edge {
        for (position, node) in cycle.enumerated() {
            let successor = cycle[(position + 1) % cycle.count]
            if !isNoArch(node), isNoArch(successor) { return Edge(from: node, to: successor) }
        }
        return Edge(from: cycle[0], to: cycle[1 % cycle.count])
    }

    private func isNoArch(_ node: Int) -> Bool {
        records[node].contains { $0.noarch != nil }
    }

    /// The records, dependencies first.
    func sorted() -> [PackageRecord] {
        var isNeeded = Array(repeating: false, count: names.count)
        for targets in dependencies { for target in targets { isNeeded[target] = true } }
        var visited = Array(repeating: false, count: names.count)
        var order: [PackageRecord] = []
        // What is left after the roots is part of cycles whose broken edge gave no root.
        for start in names.indices.filter({ !isNeeded[$0] }).reversed() + names.indices.reversed() {
            var stack: [(node: Int, isDone: Bool)] = [(start, false)]
            while let (node, isDone) = stack.popLast() {
                if isDone {
                    order += records[node]
                } else if !visited[node] {
                    visited[node] = true
                    stack.append((node, true))
                    stack += dependencies[node].map { ($0, false) }
                }
            }
        }
        return order
    }
}
