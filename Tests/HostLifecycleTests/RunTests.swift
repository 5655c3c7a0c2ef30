import Foundation
import Testing

@testable import HostLifecycle

/// Where `run` looks for programs.
@Suite struct RunTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path

    private func program(_ name: String, mode: mode_t = 0o755) throws -> String {
        let path = "\(folder)/\(name)"
        try makeDirectory(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
        try replaceDocument(path, with: Array("#!/bin/sh\n".utf8), mode: mode)
        return path
    }

    @Test func theFirstProgramOfTheSearchPathIsMeant() throws {
        defer { try? removeTree(folder) }
        _ = try program("first/plain", mode: 0o644)
        try makeDirectory("\(folder)/first/folder")
        let searchPath = "\(folder)/nowhere:\(folder)/first:\(folder)/second"
        for name in ["plain", "folder", "tool"] {
            let wanted = try program("second/\(name)")
            #expect(Command.find(name, on: searchPath) == wanted)
        }
        let first = try program("first/tool")
        #expect(Command.find("tool", on: searchPath) == first)
        for name in ["absent", "", ".."] { #expect(Command.find(name, on: searchPath) == nil) }
    }

    @Test func aPathIsTakenAsItIs() throws {
        defer { try? removeTree(folder) }
        let path = try program("tool", mode: 0o644)
        #expect(Command.find(path, on: "/nowhere") == path)
        #expect(Command.find("\(folder)/absent", on: "/usr/bin") == nil)
        #expect(Command.find("./absent", on: "/usr/bin") == nil)
    }

    @Test func exitStatusesAreThoseOfAShell() {
        #expect(HostError.commandNotFound(command: "x", release: "1-1", searchPath: "/bin").exitStatus == 127)
        #expect(HostError.system(operation: "run", path: "/x", code: EACCES).exitStatus == 126)
        #expect(HostError.noReleaseServes(root: "/opt/x").exitStatus == 1)
    }
}
