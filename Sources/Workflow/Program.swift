import Foundation
import ServicePackaging

/// A program of this machine that does a part of the work: gpg, rpmsign, createrepo_c.
struct Program: Sendable {
    /// What a run said: its exit status, and what it wrote.
    struct Answer: Sendable {
        let status: Int32
        let text: String
    }

    let path: String

    /// The first of these names that stands on PATH.
    static func find(_ names: String..., environment: [String: String]) -> Program? {
        let folders = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        for name in names {
            for folder in folders where FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)") {
                return Program(path: "\(folder)/\(name)")
            }
        }
        return nil
    }

    /// Runs it to its end, with our standard input unless another one is given.
    ///
    /// `text` of the answer is what it wrote to standard output, and where `withErrors` to standard error too.
    func run(
        _ arguments: [String], environment: [String: String], withErrors: Bool = true, input: FileHandle? = nil
    ) throws(WorkflowError) -> Answer {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = environment
        let pipe = Pipe()
        if let input { process.standardInput = input }
        process.standardOutput = pipe
        process.standardError = withErrors ? pipe : FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            throw .unreadable(path: path, reason: error.systemReason)
        }
        // One pipe for both, read to its end first: a program that writes much never waits for us.
        let said = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: said, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return Answer(status: process.terminationStatus, text: text)
    }
}
