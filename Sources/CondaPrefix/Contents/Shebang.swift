/// The `#!` line of a script: Linux reads at most 127 bytes of it, and no blank in the interpreter's path.
enum Shebang {
    /// Bytes of the line, without its newline, that every Linux kernel reads.
    static let maximumLength = 127

    /// Bytes of the first line without its newline.
    static func lineLength(of contents: [UInt8]) -> Int {
        contents.firstIndex(of: UInt8(ascii: "\n")) ?? contents.count
    }

    /// Rewrites the first line when the kernel could not run it after the prefix took its place.
    ///
    /// A Python script becomes a shell script that runs the right interpreter by its path, which is a string to
    /// Python. Any other interpreter is looked up in PATH, as conda and rattler do.
    /// - Returns: the line that replaces the first one, with the prefix in place; nil when plain replacement does.
    static func rewritten(in contents: [UInt8], placeholder: String, prefix: String) -> [UInt8]? {
        guard contents.starts(with: Array("#!".utf8)) else { return nil }
        let line = Array(contents[..<lineLength(of: contents)])
        let replaced = BytePattern(Array(placeholder.utf8)).replaced(with: Array(prefix.utf8), in: line)
        let hasBlank = replaced != nil && prefix.utf8.contains(UInt8(ascii: " "))
        guard hasBlank || (replaced ?? line).count > maximumLength, let command = Command(line) else { return nil }
        return command.replacing(placeholder, with: prefix).portableLine
    }

    /// The first line of a script for an interpreter, with its newline.
    ///
    /// conda counts the newline here, so that paths of 125 bytes already take the long form.
    static func line(forPython executable: String) -> String {
        let plain = "#!\(executable)\n"
        guard plain.utf8.count > maximumLength || executable.utf8.contains(UInt8(ascii: " ")) else { return plain }
        return indirectLine(executable: executable, options: "") + "\n"
    }

    private static func indirectLine(executable: String, options: String) -> String {
        "#!/bin/sh\n'''exec' \"\(executable)\"\(options) \"$0\" \"$@\" #'''"
    }

    /// A parsed `#!` line.
    private struct Command {
        /// The interpreter's absolute path; a blank in it is escaped by a backslash.
        var executable: String
        /// What follows, with the blank before it.
        var options: String

        init?(_ line: [UInt8]) {
            let afterMark = line.dropFirst(2).drop { $0 == UInt8(ascii: " ") }
            guard afterMark.first == UInt8(ascii: "/") else { return nil }
            var end = afterMark.startIndex
            while end < afterMark.endIndex, !Self.endsPath(afterMark, at: end) { end += 1 }
            executable = String(decoding: afterMark[..<end], as: UTF8.self)
            options = String(decoding: afterMark[end...], as: UTF8.self)
        }

        private static func endsPath(_ line: ArraySlice<UInt8>, at index: Int) -> Bool {
            switch line[index] {
            case UInt8(ascii: " "): index == line.startIndex || line[index - 1] != UInt8(ascii: "\\")
            case UInt8(ascii: "\t"), UInt8(ascii: "\r"): true
            default: false
            }
        }

        func replacing(_ placeholder: String, with prefix: String) -> Command {
            var command = self
            command.executable = Self.replaced(executable, placeholder, prefix)
            command.options = Self.replaced(options, placeholder, prefix)
            return command
        }

        private static func replaced(_ text: String, _ placeholder: String, _ prefix: String) -> String {
            BytePattern(Array(placeholder.utf8)).replaced(with: Array(prefix.utf8), in: Array(text.utf8))
                .map { String(decoding: $0, as: UTF8.self) } ?? text
        }

        var portableLine: [UInt8] {
            let name = executable.split(separator: "/").last.map(String.init) ?? executable
            let line =
                isPython(name)
                ? indirectLine(executable: executable, options: options) : "#!/usr/bin/env \(name)\(options)"
            return Array(line.utf8)
        }

        /// `python`, `python3` or `python3.12`, but not `pythonw` or `python3.12.1`.
        private func isPython(_ name: String) -> Bool {
            guard name.hasPrefix("python") else { return false }
            let numbers = name.dropFirst("python".count).split(separator: ".", omittingEmptySubsequences: false)
            if numbers == [""] { return true }
            return numbers.count <= 2 && numbers.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }
        }
    }
}

/// Whether a byte is one of `0` to `9`.
func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}
