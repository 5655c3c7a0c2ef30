import CondaModel

/// A console command that runs a Python function: `flask = flask.cli:main` in `info/link.json` (CEP 34).
package struct EntryPoint: Sendable, Hashable {
    /// The name of the file in `bin/`.
    package let command: String

    /// The module to import, dotted.
    package let module: String

    /// The function in the module, possibly dotted.
    package let function: String

    /// Why a definition was refused.
    package struct Malformed: Error, Hashable {
        /// What would have been accepted.
        package let expected: String
        /// What was found instead.
        package let found: String
    }

    /// Reads `COMMAND = MODULE:FUNCTION` as strictly as conda does, so that nothing but names reaches the script.
    package init(_ text: String) throws(Malformed) {
        guard let equals = text.firstIndex(of: "="), let colon = text.lastIndex(of: ":"), equals < colon else {
            throw Malformed(expected: "COMMAND = MODULE:FUNCTION", found: text)
        }
        let definition = Self.unquoted
        command = String(text[..<equals].trimming(definition))
        module = String(text[text.index(after: equals)..<colon].trimming(definition))
        function = String(text[text.index(after: colon)...].trimming(definition))
        guard Self.isFileName(command) else {
            throw Malformed(expected: "a command that is a plain file name", found: command)
        }
        guard PythonName.isDotted(module) else { throw Malformed(expected: "a Python module", found: module) }
        guard PythonName.isDotted(function) else { throw Malformed(expected: "a Python function", found: function) }
    }

    private static let unquoted: Set<Character> = [" ", "\t", "\r", "\n", "\"", "'"]

    private static func isFileName(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".")
            && !name.unicodeScalars.contains { $0 == "/" || $0 == "\\" || $0.value < 0x20 }
    }

    /// The script as conda writes it, to be run by the interpreter at an absolute path.
    func script(python executable: String) -> String {
        script(interpreterLine: Shebang.line(forPython: executable))
    }

    /// The script with a given first line.
    func script(interpreterLine: String) -> String {
        let imported = function.split(separator: ".").first.map(String.init) ?? function
        return interpreterLine + """
            # -*- coding: utf-8 -*-
            import re
            import sys

            from \(module) import \(imported)

            if __name__ == '__main__':
                sys.argv[0] = re.sub(r'(-script\\.pyw?|\\.exe)?$', '', sys.argv[0])
                sys.exit(\(function)())

            """
    }
}

extension Substring {
    fileprivate func trimming(_ characters: Set<Character>) -> Substring {
        var text = self
        while let first = text.first, characters.contains(first) { text.removeFirst() }
        while let last = text.last, characters.contains(last) { text.removeLast() }
        return text
    }
}
