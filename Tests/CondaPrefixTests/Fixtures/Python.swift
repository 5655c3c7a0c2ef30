import Foundation
import Testing

/// Python, whose own tools are what our work is compared with.
enum Python {
    /// Runs a program text with arguments and returns the lines that it prints.
    static func lines(_ program: String, _ arguments: [String]) throws -> [String] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", program] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "python3 failed")
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
