import CondaChannel
import Foundation
import RPMFormat
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
        let changed = try changed(in: scratch.folder("other"))
        #expect(throws: PublishError.published(name: "orders-1-1.x86_64.rpm", repository: repository)) {
            try publish([changed], to: repository, environment)
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: repository).sorted()
        #expect(left == [".conda-rpm.lock", "orders-1-1.x86_64.rpm", "repodata"])
    }

    /// A package of the same name, version, release and architecture, and of other contents.
    private func changed(in folder: String) throws -> String {
        var other = try SampleRPM()
        other.rpm.summary = "Other orders"
        return try other.write(in: folder)
    }

    private func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int) & 0o777
    }

    /// Puts a program before the one of that name on PATH.
    private func shadow(_ name: String, _ script: String, _ scratch: Scratch, _ environment: inout [String: String])
        throws
    {
        let tool = "\(try scratch.folder("bin"))/\(name)"
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(fileURLWithPath: tool))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tool)
        environment["PATH"] = "\(scratch.path)/bin:\(environment["PATH"] ?? "")"
    }

    @Test func twoOfOneCallNeverReplaceEachOther() throws {
        let scratch = try Scratch()
        let environment = environment(home: scratch)
        let repository = try scratch.folder("repo")
        let path = try SampleRPM().write(in: scratch.folder("a"))
        let changed = try changed(in: scratch.folder("b"))
        let name = "orders-1-1.x86_64.rpm"
        #expect(throws: PublishError.rivals(what: name, first: path, second: changed)) {
            try publish([path, changed], to: repository, environment)
        }
        let renamed = "\(scratch.path)/b/renamed.rpm"
        try FileManager.default.moveItem(atPath: changed, toPath: renamed)
        #expect(throws: PublishError.rivals(what: "orders-1-1.x86_64", first: path, second: renamed)) {
            try publish([path, renamed], to: repository, environment)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: repository) == [".conda-rpm.lock"])
        let copy = "\(scratch.path)/a/copy.rpm"
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        let published = try publish([path, path, copy], to: repository, environment)
        #expect(published.map(\.outcome) == [.added, .unchanged, .unchanged])
        #expect(Set(published.map(\.place)) == ["\(repository)/\(name)"])
        #expect(!FileManager.default.fileExists(atPath: "\(repository)/copy.rpm"))
    }

    @Test func anotherFileNameReplacesNothing() throws {
        let scratch = try Scratch()
        let environment = environment(home: scratch)
        let repository = try scratch.folder("repo")
        let below = "\(try scratch.folder("repo/old"))/first.rpm"
        let path = try SampleRPM().write(in: scratch.path)
        try FileManager.default.copyItem(atPath: path, toPath: below)
        let changed = try changed(in: scratch.folder("b"))
        #expect(throws: PublishError.taken(package: "orders-1-1.x86_64", place: below, repository: repository)) {
            try publish([changed], to: repository, environment)
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: repository).sorted()
        #expect(left == [".conda-rpm.lock", "old"])
        let same = try publish([path], to: repository, environment)
        #expect(same.map(\.outcome) == [.unchanged] && same.map(\.place) == [below])
        // Hosts compare the epoch first: with one it is another package.
        var epoch = try SampleRPM()
        epoch.rpm.epoch = 1
        let path1 = try epoch.write(in: scratch.folder("c"))
        #expect(try publish([path1], to: repository, environment).map(\.outcome) == [.added])
    }

    @Test func whatOthersAddedToTheMetadataStays() throws {
        let scratch = try Scratch()
        let environment = environment(home: scratch)
        let repository = try scratch.folder("repo")
        let createrepo = try #require(Program.find("createrepo_c", environment: environment))
        let modifyrepo = try #require(Program.find("modifyrepo_c", environment: environment))
        let tags = ["--distro=cpe:/o:example:9,Example 9", "--repo=orders", "--content=binary"]
        #expect(try createrepo.run(["-q"] + tags + [repository], environment: environment).status == 0)
        let advisories = "\(scratch.path)/updateinfo.xml"
        try Data("<updates/>".utf8).write(to: URL(fileURLWithPath: advisories))
        let answer = try modifyrepo.run([advisories, "\(repository)/repodata"], environment: environment)
        try #require(answer.status == 0, "\(answer.text)")
        try Data("kept".utf8).write(to: URL(fileURLWithPath: "\(repository)/repodata/notes"))
        for release in 1...4 {
            let path = try SampleRPM(release: "\(release)").write(in: scratch.path)
            _ = try publish([path], to: repository, environment)
            let index = try String(contentsOfFile: "\(repository)/repodata/repomd.xml", encoding: .utf8)
            let types = index.components(separatedBy: "<data type=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
            #expect(types.sorted() == ["filelists", "other", "primary", "updateinfo"])
            #expect(index.contains("<distro cpeid=\"cpe:/o:example:9\">Example 9</distro>"))
            #expect(index.contains("<repo>orders</repo>") && index.contains("<content>binary</content>"))
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(repository)/repodata")
            #expect(names.count { $0.hasSuffix("-updateinfo.xml.gz") } == 1 && names.contains("notes"))
            // This generation and the one before it.
            for part in ["primary", "filelists", "other"] {
                #expect(names.count { $0.hasSuffix("-\(part).xml.gz") } == 2, "release \(release): \(names)")
            }
        }
    }

    @Test func everyoneMayReadWhatIsPublished() throws {
        let scratch = try Scratch()
        var environment = environment(home: scratch)
        let repository = try scratch.folder("repo")
        let path = try SampleRPM().write(in: scratch.path)
        chmod(path, 0o600)
        let createrepo = try #require(Program.find("createrepo_c", environment: environment))
        // Its files as they are where this process has that umask, which the other tests share.
        try shadow("createrepo_c", "umask 077; exec \(createrepo.path) \"$@\"", scratch, &environment)
        _ = try publish([path], to: repository, environment)
        #expect(try mode("\(repository)/repodata") == 0o755)
        for name in try FileManager.default.contentsOfDirectory(atPath: "\(repository)/repodata") {
            #expect(try mode("\(repository)/repodata/\(name)") == 0o644, "\(name)")
        }
        #expect(try mode("\(repository)/orders-1-1.x86_64.rpm") == 0o644)
    }

    @Test func theLockIsEveryones() throws {
        let scratch = try Scratch()
        let environment = environment(home: scratch)
        let repository = try scratch.folder("repo")
        let path = try SampleRPM().write(in: scratch.path)
        _ = try publish([path], to: repository, environment)
        let lock = "\(repository)/.conda-rpm.lock"
        #expect(try mode(lock) == 0o666)
        // One that an earlier version has made for its user.
        chmod(lock, 0o444)
        #expect(try publish([path], to: repository, environment).map(\.outcome) == [.unchanged])
    }

    @Test func aFileURLNamesADirectory() async throws {
        let scratch = try Scratch()
        let environment = environment(home: scratch)
        let repository = try scratch.folder("my repo")
        let encoded = repository.replacing(" ", with: "%20")
        let path = try SampleRPM().write(in: scratch.path)
        let connection = Connection(
            cache: CacheDirectory(path: "\(scratch.path)/cache"), offline: true, environment: environment)
        #expect(!Uploading.isURL("file://\(encoded)"))
        let published = try publish([path], to: "file://\(encoded)", environment)
        #expect(published.map(\.place) == ["\(repository)/orders-1-1.x86_64.rpm"])
        #expect(try publish([path], to: "file://localhost\(encoded)/", environment).map(\.outcome) == [.unchanged])
        for url in ["file://\(encoded)", "file://localhost\(encoded)/"] {
            let found = try await PublishedPackages(repository: url, connection: connection)
            #expect(found.packages(name: "orders", architecture: "x86_64").map(\.release) == ["1"])
        }
        for text in ["file://srv/repo", "ftp://example.com/repo"] {
            #expect(throws: PublishError.noRepository(text: text)) { try publish([path], to: text, environment) }
        }
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
        let key = try makeKey("repo@example.com", environment: environment)
        let repository = try scratch.folder("repo")
        let first = try SampleRPM(release: "1").write(in: scratch.path)
        let second = try SampleRPM(release: "2").write(in: scratch.path)
        _ = try publish([first], to: repository, signKey: "repo@example.com", environment)
        #expect(throws: PublishError.metadataIsSigned(repository: repository)) {
            try publish([second], to: repository, environment)
        }
        let gpg = try #require(Program.find("gpg", environment: environment))
        let index = "\(repository)/repodata/repomd.xml"
        try FileManager.default.copyItem(atPath: key, toPath: "\(index).key")
        _ = try publish([second], to: repository, signKey: "repo@example.com", environment)
        #expect(try gpg.run(["--verify", "\(index).asc", index], environment: environment).status == 0)
        #expect(FileManager.default.fileExists(atPath: "\(index).key"))
        // The key of another signature would make hosts refuse this one.
        _ = try makeKey("other@example.com", environment: environment)
        _ = try publish([second], to: repository, signKey: "other@example.com", environment)
        #expect(try gpg.run(["--verify", "\(index).asc", index], environment: environment).status == 0)
        #expect(!FileManager.default.fileExists(atPath: "\(index).key"))
    }

    @Test func aFailureLeavesTheRepositoryAsItWas() throws {
        let scratch = try Scratch()
        var environment = environment(home: scratch)
        let repository = try scratch.folder("repo")
        let path = try SampleRPM().write(in: scratch.path)
        // A createrepo_c that fails.
        try shadow("createrepo_c", "echo broken >&2; exit 1", scratch, &environment)
        #expect(throws: PublishError.metadata(repository: repository, said: "broken")) {
            try publish([path], to: repository, environment)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: repository) == [".conda-rpm.lock"])
        #expect(throws: PublishError.noDirectory(path: "\(scratch.path)/none")) {
            try publish([path], to: "\(scratch.path)/none", environment)
        }
    }
}

/// Packages on their way to a server, which is that of the acceptance tests.
@Suite struct UploadingTests {
    /// Publishes to a server that keeps its files in the scratch folder's `kept`.
    private final class Server {
        let kept: String
        private let scratch: Scratch
        private let process = Process()
        private let port: String

        init(_ scratch: Scratch, status: Int? = nil) throws {
            self.scratch = scratch
            kept = try scratch.folder("kept")
            let scripts = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../scripts/scenarios")
            let python = try #require(Program.find("python3", environment: environment(home: scratch)))
            process.executableURL = URL(fileURLWithPath: python.path)
            let script = scripts.appendingPathComponent("put-server.py").standardized.path
            process.arguments = [script, kept, "me", "secret"] + (status.map { ["\($0)"] } ?? [])
            let output = Pipe()
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            try process.run()
            let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
            port = line.trimmingCharacters(in: .whitespacesAndNewlines)
        }

        var url: String { "http://127.0.0.1:\(port)/repo" }

        func publish(_ files: [String], events: @escaping EventHandler = { _ in }) async throws -> [PublishedPackage] {
            let connection = Connection(
                cache: CacheDirectory(path: "\(scratch.path)/cache"), offline: false,
                environment: environment(home: scratch))
            let place = url.replacing("//", with: "//me:secret@")
            return try await Uploading(repository: place, connection: connection, events: events).run(files)
        }

        // Not by SIGTERM: a thread of Swift's pool has that blocked, and what it starts inherits this.
        deinit { kill(process.processIdentifier, SIGKILL) }
    }

    private func write(_ summary: String, in folder: String) throws -> String {
        var sample = try SampleRPM()
        sample.rpm.summary = summary
        return try sample.write(in: folder)
    }

    private let name = "orders-1-1.x86_64.rpm"

    @Test func whatIsOnAServerIsNeverReplaced() async throws {
        let scratch = try Scratch()
        let server = try Server(scratch)
        let path = try write("orders", in: scratch.folder("a"))
        let first = try await server.publish([path, path])
        #expect(first.map(\.outcome) == [.added, .unchanged] && Set(first.map(\.place)) == ["\(server.url)/\(name)"])
        #expect(try await server.publish([path]).map(\.outcome) == [.unchanged])
        // Of the same size, and of another: before anything is sent.
        let other = try SampleRPM(release: "2").write(in: scratch.path)
        for summary in ["sredro", "other orders"] {
            let changed = try write(summary, in: scratch.folder("b"))
            await #expect(throws: PublishError.published(name: name, repository: server.url)) {
                try await server.publish([other, changed])
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: server.kept) == [name])
        #expect(try FileContents.read("\(server.kept)/\(name)") == FileContents.read(path))
        // What was removed there is sent again: nothing of it stays here.
        try FileManager.default.removeItem(atPath: "\(server.kept)/\(name)")
        #expect(try await server.publish([path]).map(\.outcome) == [.added])
    }

    @Test func theMetadataTellsOfOtherFileNames() async throws {
        let scratch = try Scratch()
        let server = try Server(scratch)
        let path = try write("orders", in: scratch.folder("a"))
        try FileManager.default.copyItem(atPath: path, toPath: "\(server.kept)/first.rpm")
        let createrepo = try #require(Program.find("createrepo_c", environment: environment(home: scratch)))
        let arguments = ["-q", "--general-compress-type", "gz", server.kept]
        #expect(try createrepo.run(arguments, environment: environment(home: scratch)).status == 0)
        let same = try await server.publish([path])
        #expect(same.map(\.outcome) == [.unchanged] && same.map(\.place) == ["\(server.url)/first.rpm"])
        let changed = try write("other", in: scratch.folder("b"))
        let place = "\(server.url)/first.rpm"
        await #expect(
            throws: PublishError.taken(package: "orders-1-1.x86_64", place: place, repository: server.url)
        ) {
            try await server.publish([changed])
        }
        #expect(!FileManager.default.fileExists(atPath: "\(server.kept)/\(name)"))
    }

    @Test(arguments: [405, 501]) func aServerThatTellsNothingIsSentTo(status: Int) async throws {
        let scratch = try Scratch()
        let server = try Server(scratch, status: status)
        let path = try write("orders", in: scratch.folder("a"))
        #expect(try await server.publish([path]).map(\.outcome) == [.added])
        #expect(FileManager.default.fileExists(atPath: "\(server.kept)/\(name)"))
    }

    @Test func twoOfOneCallNeverReplaceEachOther() async throws {
        let scratch = try Scratch()
        let server = try Server(scratch)
        let (path, changed) = (try write("a", in: scratch.folder("a")), try write("b", in: scratch.folder("b")))
        await #expect(throws: PublishError.rivals(what: name, first: path, second: changed)) {
            try await server.publish([path, changed])
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: server.kept).isEmpty)
    }
}
