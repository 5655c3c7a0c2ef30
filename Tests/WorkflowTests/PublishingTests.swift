import Foundation
import Testing

@testable import Workflow

@Suite struct PublishingTests {
    private func publish(
        _ files: [String], to repository: String, signKey: String? = nil, _ environment: [String: String]
    ) throws -> [PublishedPackage] {
        try Publishing(repository: repository, signKey: signKey, environment: environment, events: { _ in }).run(files)
    }

    @Test func packagesAreAddedOnceAndNeverReplaced() throws {
        let scratch = try Scratch()
        let environment = environment(home: scratch)
        let repository = try scratch.folder("repo")
        let path = try SampleRPM().write(in: scratch.path)
        #expect(try publish([path], to: repository, environment).map(\.outcome) == [.added])
        #expect(try publish([path], to: repository, environment).map(\.outcome) == [.unchanged])
        #expect(try FileContents.read("\(repository)/orders-1-1.x86_64.rpm") == FileContents.read(path))
        var other = try SampleRPM()
        other.rpm.summary = "Other orders"
        let changed = try other.write(in: try scratch.folder("other"))
        #expect(throws: PublishError.published(name: "orders-1-1.x86_64.rpm", repository: repository)) {
            try publish([changed], to: repository, environment)
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: repository).sorted()
        #expect(left == [".conda-rpm.lock", "orders-1-1.x86_64.rpm", "repodata"])
    }

    @Test func publishersAtOnceLoseNothing() async throws {
        let scratch = try Scratch()
        let environment = environment(home: scratch)
        let repository = try scratch.folder("repo")
        let numbers = (1...6).map { "\($0)" }
        let paths = try numbers.map { try SampleRPM(release: $0).write(in: scratch.path) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for path in paths {
                group.addTask { _ = try self.publish([path], to: repository, environment) }
            }
            try await group.waitForAll()
        }
        let index = try String(contentsOfFile: "\(repository)/repodata/repomd.xml", encoding: .utf8)
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(repository)/repodata")
        let primary = try #require(names.first { $0.hasSuffix("-primary.xml.gz") && index.contains($0) })
        let gzip = try #require(Program.find("gzip", environment: environment))
        let text = try gzip.run(["-dc", "\(repository)/repodata/\(primary)"], environment: environment).text
        for number in numbers { #expect(text.contains("href=\"orders-1-\(number).x86_64.rpm\"")) }
        // The metadata before this one is still there for who has begun to read it, and none before that.
        #expect(names.count { $0.hasSuffix("-primary.xml.gz") } == 2)
    }

    @Test func signedMetadataStaysSigned() throws {
        let scratch = try Scratch()
        let environment = environment(home: scratch)
        defer { stopAgent(environment) }
        _ = try makeKey("repo@example.com", environment: environment)
        let repository = try scratch.folder("repo")
        let first = try SampleRPM(release: "1").write(in: scratch.path)
        let second = try SampleRPM(release: "2").write(in: scratch.path)
        _ = try publish([first], to: repository, signKey: "repo@example.com", environment)
        #expect(throws: PublishError.metadataIsSigned(repository: repository)) {
            try publish([second], to: repository, environment)
        }
        _ = try publish([second], to: repository, signKey: "repo@example.com", environment)
        let gpg = try #require(Program.find("gpg", environment: environment))
        let index = "\(repository)/repodata/repomd.xml"
        #expect(try gpg.run(["--verify", "\(index).asc", index], environment: environment).status == 0)
    }

    @Test func aFailureLeavesTheRepositoryAsItWas() throws {
        let scratch = try Scratch()
        var environment = environment(home: scratch)
        let repository = try scratch.folder("repo")
        let path = try SampleRPM().write(in: scratch.path)
        // A createrepo_c that fails.
        let tool = "\(try scratch.folder("bin"))/createrepo_c"
        try Data("#!/bin/sh\necho broken >&2\nexit 1\n".utf8).write(to: URL(fileURLWithPath: tool))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tool)
        environment["PATH"] = "\(scratch.path)/bin:\(environment["PATH"] ?? "")"
        #expect(throws: PublishError.metadata(repository: repository, said: "broken")) {
            try publish([path], to: repository, environment)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: repository) == [".conda-rpm.lock"])
        #expect(throws: PublishError.noDirectory(path: "\(scratch.path)/none")) {
            try publish([path], to: "\(scratch.path)/none", environment)
        }
    }
}
