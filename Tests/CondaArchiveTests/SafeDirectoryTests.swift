import CondaArchive
import Foundation
import Testing

@Suite("Writing below a root")
struct SafeDirectoryTests {
    let scratch: Scratch
    let directory: SafeDirectory

    init() throws {
        scratch = try Scratch()
        directory = try SafeDirectory(path: scratch.path + "/root", creating: true)
    }

    private func write(_ path: String, _ text: String = "x", in directory: SafeDirectory? = nil) throws {
        let file = try (directory ?? self.directory).createFile(try RelativePath(path), mode: 0o644)
        try Array(text.utf8).withUnsafeBytes { try file.write($0) }
    }

    private func reason(_ body: () throws -> Void) -> DirectoryError.Reason? {
        do {
            try body()
            return nil
        } catch {
            return (error as? DirectoryError)?.reason
        }
    }

    @Test func filesAndTheirParentsAreMadeWithExactModes() throws {
        let path = try RelativePath("a/b/c")
        let before = umask(0o077)
        defer { umask(before) }
        let file = try directory.createFile(path, mode: 0o775)
        try [1, 2, 3].withUnsafeBytes { try file.write(UnsafeRawBufferPointer($0)) }
        try file.setModificationTime(FileTime(seconds: 1_000, nanoseconds: 5))
        let status = try #require(try directory.status(path))
        #expect(status.mode == 0o775 && status.kind == .file)
        #expect(status.modificationTime == FileTime(seconds: 1_000, nanoseconds: 5))
        #expect(try directory.status(RelativePath("a/b"))?.mode == 0o755)
        #expect(try directory.createDirectory(RelativePath("d"), mode: 0o700))
        #expect(try !directory.createDirectory(RelativePath("d"), mode: 0o755))
        #expect(try directory.status(RelativePath("d"))?.mode == 0o700)
    }

    @Test func aNameIsTakenOnce() throws {
        try write("a")
        #expect(reason { try write("a") } == .system(EEXIST))
        #expect(reason { try directory.createSymbolicLink(RelativePath("a"), target: [0x62]) } == .system(EEXIST))
        #expect(reason { _ = try directory.createDirectory(RelativePath("a")) } == .notADirectory("a"))
    }

    @Test func aLinkOnTheWayIsNotFollowed() throws {
        let outside = scratch.path + "/outside"
        try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
        for target in [outside, "../outside"] {
            let root = try SafeDirectory(path: scratch.path + "/root-\(target.count)", creating: true)
            try FileManager.default.createSymbolicLink(atPath: root.path + "/evil", withDestinationPath: target)
            for traversal in [SafeDirectory.LinkTraversal.refused, .insideRoot] {
                let directory = try SafeDirectory(path: root.path, traversal: traversal)
                #expect(reason { try write("evil/file", in: directory) } != nil)
                #expect(reason { try write("evil", in: directory) } == .system(EEXIST))
                #expect(reason { _ = try directory.createDirectory(RelativePath("evil/sub")) } != nil)
                #expect(reason { _ = try directory.read(RelativePath("evil/file"), limit: 10) } != nil)
                #expect(reason { _ = try directory.removeFile(RelativePath("evil/file")) } != nil)
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside).isEmpty)
    }

    @Test func aLinkInsideTheRootIsFollowedOnRequest() throws {
        try write("lib/a")
        try directory.createSymbolicLink(RelativePath("lib64"), target: Array("lib".utf8))
        try directory.createSymbolicLink(RelativePath("lib/up"), target: Array("..".utf8))
        #expect(reason { try write("lib64/b") } == .symbolicLinkOnTheWay("lib64"))
        let following = try SafeDirectory(path: directory.path, traversal: .insideRoot)
        try write("lib64/b", in: following)
        try write("lib64/up/c", in: following)
        #expect(try directory.names(in: RelativePath("lib")).map(\.string) == ["a", "b", "up"])
        #expect(try directory.status(RelativePath("c"))?.kind == .file)
    }

    @Test func linksInACircleEnd() throws {
        try directory.createSymbolicLink(RelativePath("a"), target: Array("b".utf8))
        try directory.createSymbolicLink(RelativePath("b"), target: Array("a".utf8))
        let following = try SafeDirectory(path: directory.path, traversal: .insideRoot)
        #expect(reason { try write("a/x", in: following) } == .system(ELOOP))
    }

    @Test("A link that climbs out of the root is refused", arguments: ["../x", "a/../../x", "", "a\u{0}"])
    func refusesLinks(target: String) throws {
        let found = reason { try directory.createSymbolicLink(RelativePath("l"), target: Array(target.utf8)) }
        guard case .leavesRoot = found else {
            Issue.record("found \(String(describing: found))")
            return
        }
    }

    @Test func linksMayDangleOrNameTheHost() throws {
        try directory.createSymbolicLink(RelativePath("d/l"), target: Array("../none".utf8))
        try directory.createSymbolicLink(RelativePath("h"), target: Array("/usr/share/zoneinfo".utf8))
        #expect(try directory.symbolicLinkTarget(RelativePath("d/l")) == Array("../none".utf8))
        #expect(try directory.status(RelativePath("h"))?.kind == .symbolicLink)
        #expect(reason { _ = try directory.openFile(RelativePath("h")) } == .notARegularFile)
    }

    @Test func hardLinksShareTheFile() throws {
        try write("a", "text")
        try directory.createHardLink(RelativePath("b/c"), to: RelativePath("a"))
        let status = try #require(try directory.status(RelativePath("b/c")))
        #expect(status.linkCount == 2)
        #expect(status.inode == (try directory.status(RelativePath("a")))?.inode)
    }

    @Test func readingIsBoundedAndOnlyOfFiles() throws {
        try write("a", "12345")
        #expect(try directory.read(RelativePath("a"), limit: 5) == Array("12345".utf8))
        #expect(reason { _ = try directory.read(RelativePath("a"), limit: 4) } == .overLimit(limit: 4, found: 5))
        mkfifo(directory.path + "/fifo", 0o644)
        #expect(reason { _ = try directory.openFile(RelativePath("fifo")) } == .notARegularFile)
        #expect(try directory.status(RelativePath("fifo"))?.kind == .other)
        #expect(try directory.status(RelativePath("none/at/all")) == nil)
    }

    @Test func removingForgetsDirectories() throws {
        try write("a/b/c")
        #expect(try !directory.removeEmptyDirectory(RelativePath("a/b")))
        #expect(try directory.removeFile(RelativePath("a/b/c")))
        #expect(try !directory.removeFile(RelativePath("a/b/c")))
        #expect(try directory.removeEmptyDirectory(RelativePath("a/b")))
        #expect(try !directory.removeEmptyDirectory(RelativePath("a/b")))
        try write("a/b/c")
        #expect(try directory.names(in: RelativePath("a/b")).count == 1)
    }

    @Test func renamingReplaces() throws {
        try write("a", "new")
        try write("d/b", "old")
        try directory.rename(RelativePath("a"), to: RelativePath("d/b"))
        #expect(try directory.read(RelativePath("d/b"), limit: 10) == Array("new".utf8))
        #expect(try directory.names(in: nil).map(\.string) == ["d"])
    }

    @Test func namesMayBeAnyBytes() throws {
        let path = try RelativePath(bytes: [0x64, 0xFF, 0x2F, 0xFE])
        _ = try directory.createFile(path)
        #expect(try directory.status(path)?.kind == .file)
        #expect(try directory.names(in: path.parent) == [try RelativePath(bytes: [0xFE])])
    }

    @Test func errorsNameRootPathAndReason() throws {
        let error = #expect(throws: DirectoryError.self) { try SafeDirectory(path: scratch.path + "/none") }
        #expect(error?.description == "cannot open directory \(scratch.path)/none: No such file or directory")
    }

    @Test func severalThreadsShareOneRoot() async throws {
        let directory = self.directory
        try await withThrowingTaskGroup(of: Void.self) { group in
            for thread in 0..<4 {
                group.addTask {
                    for index in 0..<200 {
                        _ = try directory.createFile(RelativePath("d\(index % 90)/x\(index)-\(thread)"))
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try directory.names(in: nil).count == 90)
    }
}
