/// A program inside an RPM that is no conda package, and that root runs: the host tool, or what a bootstrap brings.
package struct CarriedProgram: Sendable, Hashable {
    /// A library or a package inside a program.
    package struct Part: Sendable, Hashable, Codable {
        package var name: String
        package var version: String?
        /// An SPDX expression.
        package var license: String?
        package var purl: String?
        package var parts: [Part]?
    }

    /// Whether the parts are all there are (CycloneDX, `compositions`).
    package enum Knowledge: String, Sendable, Hashable {
        case complete, incomplete, unknown
    }

    package var name: String
    package var version: String?
    package var license: String?
    /// Lower-case hexadecimal.
    package var sha256: String
    /// Where it was downloaded from, without credentials.
    package var url: String?
    package var parts: [Part] = []
    package var knowledge = Knowledge.unknown
    /// Licence texts and notices; their package is the program.
    package var texts: [BundledLicense] = []

    /// What the License tag counts: the program and every part that tells its licence.
    package var licenses: [(package: String, license: String?)] {
        func stated(_ part: Part) -> [(package: String, license: String?)] {
            (part.license.map { [(part.name, $0)] } ?? []) + (part.parts ?? []).flatMap(stated)
        }
        return [(name, license)] + parts.flatMap(stated)
    }

    /// All licence texts and notices as one, each under its path.
    package var notices: [UInt8] {
        texts.flatMap { Array("==== \($0.package)/\($0.path)\n\n".utf8) + $0.text + Array("\n".utf8) }
    }

    /// One line for the program and one for each part, for people.
    var summary: String {
        func lines(_ part: Part, _ indent: String) -> String {
            let version = part.version.map { " \($0)" } ?? ""
            return "\(indent)\(part.name)\(version): \(part.license ?? "not stated")\n"
                + (part.parts ?? []).map { lines($0, indent + "  ") }.joined()
        }
        return lines(Part(name: name, version: version, license: license), "")
            + parts.map { lines($0, "  ") }.joined()
    }
}
