import CondaModel
import CondaSolver
import Testing

@Suite("Random small channels")
struct RandomChannelTests {
    /// A generator of numbers that are the same in every run.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 33)
        }
    }

    private static let names = ["a", "b", "c", "d", "e"]

    private static func spec(_ numbers: inout Numbers) -> String {
        let name = names.randomElement(using: &numbers) ?? "a"
        let version = Int.random(in: 1...3, using: &numbers)
        return ["\(name)", "\(name) >=\(version)", "\(name) <\(version + 1)", "\(name) ==\(version)"]
            .randomElement(using: &numbers) ?? name
    }

    private static func specs(upTo limit: Int, _ numbers: inout Numbers) -> [String] {
        (0..<Int.random(in: 0...limit, using: &numbers)).map { _ in spec(&numbers) }
    }

    private static func channel(_ numbers: inout Numbers) throws -> [PackageRecord] {
        var records: [PackageRecord] = []
        for name in names {
            for version in 1...3 {
                var entry = try record("\(name) \(version)")
                entry.depends = specs(upTo: 2, &numbers)
                entry.constrains = specs(upTo: 1, &numbers)
                records.append(entry)
            }
        }
        return records
    }

    /// Whether a choice of records, at most one of each name, is complete and free of conflicts.
    private static func isSolution(_ chosen: [PackageRecord], _ specs: [MatchSpec]) throws -> Bool {
        let required = try specs + chosen.flatMap(\.depends).map { try MatchSpec($0) }
        let constraints = try chosen.flatMap(\.constrains).map { try MatchSpec($0) }
        return required.allSatisfy { spec in chosen.contains(where: spec.matches) }
            && constraints.allSatisfy { spec in chosen.allSatisfy { $0.name != spec.name || spec.matches($0) } }
            && Set(chosen.map(\.name)).count == chosen.count
    }

    /// Every choice of at most one record of each name.
    private static func choices(_ records: [PackageRecord]) -> [[PackageRecord]] {
        names.reduce([[]]) { partial, name in
            partial.flatMap { choice in
                [choice] + records.filter { $0.name == name }.map { choice + [$0] }
            }
        }
    }

    @Test(
        "a solution is found exactly when there is one, it is one, and it is always the same",
        arguments: 0..<UInt64(60))
    func agreesWithTryingEverything(seed: UInt64) throws {
        var numbers = Numbers(state: seed)
        let records = try Self.channel(&numbers)
        let texts = [Self.spec(&numbers)] + Self.specs(upTo: 2, &numbers)
        let specs = try texts.map { try MatchSpec($0) }
        let request = SolveRequest(specs: specs, channels: [records])
        do {
            let answer = try ClauseLearningSolver().solve(request)
            #expect(try Self.isSolution(answer, specs))
            #expect(try ClauseLearningSolver().solve(request) == answer)
        } catch let SolveError.unsatisfiable(explanation) {
            #expect(try !Self.choices(records).contains { try Self.isSolution($0, specs) })
            try expectCore(explanation, records)
        }
    }

    /// Checks that the named requirements are impossible together, and possible without any one of them.
    private func expectCore(_ explanation: Explanation, _ records: [PackageRecord]) throws {
        let core = try explanation.requirements.map { try MatchSpec($0) }
        #expect(!core.isEmpty)
        for left in core.indices {
            var rest = core
            rest.remove(at: left)
            #expect(throws: Never.self) {
                try ClauseLearningSolver().solve(SolveRequest(specs: rest, channels: [records]))
            }
        }
        #expect(explanation.reasons.allSatisfy { !$0.reasons.isEmpty }, "\(explanation)")
    }
}
