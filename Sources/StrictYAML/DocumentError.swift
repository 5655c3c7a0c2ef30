import CondaModel
import HostSystem

/// An error at one place of a text document: a manifest, a lock or a list of archives.
///
/// It carries what a person needs to mend the document: the file, the place in it, the key, what was expected there,
/// what was found, and the valid key nearest to a misspelled one.
package struct DocumentError: ActionableError, Hashable {
    /// The document as the user named it.
    package var file: String
    /// The line, counted from 1; `nil` when the whole document is meant.
    package var line: Int?
    /// The column, counted from 1 in Unicode scalars.
    package var column: Int?
    /// The key's path from the top of the document, as in `rpm.services[0].user`; empty for the document itself.
    package var key: String
    /// What is wrong, in one clause, when it is more than a difference between expected and found.
    package var problem: String?
    /// What may stand at this place.
    package var expected: String?
    /// What stands there.
    package var found: String?
    /// The valid key or value that resembles the one found.
    package var nearest: String?
    /// What to do next, where more than following `expected` is needed; not shown beside a nearest key.
    package var advice: String?

    /// Describes an error; every part except the file may be left out.
    package init(
        file: String, line: Int? = nil, column: Int? = nil, key: String = "", problem: String? = nil,
        expected: String? = nil, found: String? = nil, nearest: String? = nil, advice: String? = nil
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.key = key
        self.problem = problem
        self.expected = expected
        self.found = found
        self.nearest = nearest
        self.advice = advice
    }

    /// The place in the form that editors and terminals turn into a link: `FILE:LINE:COLUMN`.
    package var place: String {
        [file, line.map(String.init), column.map(String.init)].compactMap { $0 }.joined(separator: ":")
    }

    package var description: String { "\(key.isEmpty ? place : "\(place): \(key)"): \(reason)" }

    /// What is wrong, without the place where it is.
    package var reason: String {
        var clauses: [String] = []
        if let problem { clauses.append(problem) }
        switch (expected, found) {
        case (let expected?, let found?): clauses.append("expected \(expected), found \(found)")
        case (let expected?, nil): clauses.append("expected \(expected)")
        case (nil, let found?): clauses.append("found \(found)")
        case (nil, nil): break
        }
        return clauses.joined(separator: "; ")
    }

    package var hint: String? {
        nearest.map { "did you mean \"\($0)\"?" } ?? advice
    }
}
