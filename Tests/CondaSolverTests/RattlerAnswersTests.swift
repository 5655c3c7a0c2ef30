import CondaModel
import CondaSolver
import Foundation
import Testing

/// The answers of rattler 0.28 to requests on a made-up channel that is full of conflicts.
///
/// Every record of every answer is compared: a change in the order of choices or in what is learnt from a conflict
/// shows here first.
@Suite("The same records as rattler")
struct RattlerAnswersTests {
    private struct Answers: Decodable {
        let records: [PackageRecord]
        let cases: [Case]
    }

    /// A request and the file names of the answer; nil when there is none.
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let specs: [String]
        let locked: [String]?
        let pinned: [String]?
        let files: [String]?

        var testDescription: String { specs.joined(separator: ", ") }
    }

    private static let answers: Answers? = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/rattler-answers.json")
        return try? JSONDecoder().decode(Answers.self, from: Data(contentsOf: file))
    }()

    @Test("there are answers to compare with")
    func fixture() throws {
        let answers = try #require(Self.answers)
        #expect(answers.records.count > 100 && answers.cases.count > 50)
    }

    @Test(arguments: answers?.cases ?? [])
    func sameRecords(request: Case) throws {
        let records = try #require(Self.answers).records
        let byName = Dictionary(records.map { ($0.fileName, $0) }) { first, _ in first }
        let virtual = [("__unix", "0"), ("__linux", "5.15"), ("__glibc", "2.34"), ("__archspec", "1")]
        let question = SolveRequest(
            specs: try request.specs.map { try MatchSpec($0) }, channels: [records],
            virtualPackages: try virtual.map { VirtualPackage(name: $0.0, version: try Version($0.1)) },
            locked: (request.locked ?? []).compactMap { byName[$0] },
            pinned: try (request.pinned ?? []).map { try MatchSpec($0) })
        guard let files = request.files else {
            #expect(throws: SolveError.self) { try ClauseLearningSolver().solve(question) }
            return
        }
        #expect(try ClauseLearningSolver().solve(question).map(\.fileName).sorted() == files)
    }
}
