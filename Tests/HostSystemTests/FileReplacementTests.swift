import Foundation
import Testing

@testable import HostSystem

@Suite("Files are replaced in one step")
struct FileReplacementTests {
    private let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/replacement-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }

    private func mode(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test("The new contents stand under the name, with the mode asked for, and alone", arguments: [true, false])
    func replaces(isDurable: Bool) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = "\(folder)/document"
        try replaceFile(path, with: Array("old".utf8), mode: 0o600, isDurable: isDurable)
        #expect(try mode(path) == 0o600)
        try replaceFile(path, with: Array("new".utf8), mode: 0o664, isDurable: isDurable)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
        #expect(try mode(path) == 0o664)
        #expect(try names() == ["document"])
    }

    @Test("A name as long as a name can be is replaced, too")
    func longName() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let name = String(repeating: "n", count: 255)
        try replaceFile("\(folder)/\(name)", with: [1])
        #expect(try names() == [name])
    }

    @Test("What cannot be replaced stays, and leaves nothing")
    func refuses() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = "\(folder)/taken"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        let expected = SystemFailure(operation: "rename", path: path, code: EISDIR)
        #expect(throws: expected) { try replaceFile(path, with: [1]) }
        #expect(try names() == ["taken"])
        #expect(throws: SystemFailure.self) { try replaceFile("\(folder)/missing/document", with: [1]) }
    }

    /// Who can guess the name of a draft must not get a file of somebody else's written.
    @Test("A draft is never written through a link, nor over what is there")
    func draftIsTaken() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data("other".utf8).write(to: URL(fileURLWithPath: "\(folder)/other"))
        try FileManager.default.createSymbolicLink(atPath: "\(folder)/draft", withDestinationPath: "other")
        #expect(throws: SystemFailure(operation: "create", path: "\(folder)/draft", code: EEXIST)) {
            try replaceFile("\(folder)/document", with: [1], temporary: "\(folder)/draft")
        }
        #expect(try String(contentsOfFile: "\(folder)/other", encoding: .utf8) == "other")
        #expect(try names() == ["draft", "other"])
    }

    @Test("A full device is told, and one that takes a part at a time gets all")
    func writing() throws {
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        defer { close(full) }
        #expect([UInt8](repeating: 0, count: 10).withUnsafeBytes { writeAll($0, to: full) } == ENOSPC)
        #expect([UInt8](repeating: 0, count: 10).withUnsafeBytes { writeAll($0, to: -1) } == EBADF)
    }

    @Test("Reading stops at the end of the file, and says how far it came")
    func reading() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try replaceFile("\(folder)/document", with: Array(0..<10))
        let descriptor = open("\(folder)/document", O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 99, count: 8)
        let (count, code) = buffer.withUnsafeMutableBytes { readAll(into: $0, from: descriptor, at: 4) }
        #expect((count, code) == (6, 0))
        #expect(buffer == [4, 5, 6, 7, 8, 9, 99, 99])
        #expect(buffer.withUnsafeMutableBytes { readAll(into: $0, from: -1, at: 0) } == (0, EBADF))
    }

    @Test(
        "The folder part of a path",
        arguments: [("/a/b", "/a"), ("/a", "/"), ("a", "."), ("a/b/", "a/b"), ("", ".")])
    func folders(path: String, folder: String) { #expect(directory(of: path) == folder) }
}
