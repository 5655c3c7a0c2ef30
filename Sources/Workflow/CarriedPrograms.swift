import RPMFormat
import ServicePackaging
import ServiceRelease

extension HostTool {
    /// The tool and what it is made of, as far as it tells.
    ///
    /// - Throws: `ELFProblem` for a damaged program, `PackagingError` for a damaged description.
    func described() throws -> CarriedProgram {
        let description = try ELFFile(path: path).section(CarriedProgram.section)
        return try CarriedProgram(hostTool: path, description: description, sha256: sha256)
    }
}

extension Inspection.Program {
    /// The programs in an RPM of ours, by its own bill of materials; none where it has no bill.
    static func all(_ reader: RPMReader) -> [Inspection.Program] {
        let bills = reader.files.filter { $0.kind == .file && isBill($0.path, of: reader) }.compactMap { file in
            try? SoftwareBill(json: try reader.contents(of: file.path, limit: 64 << 20))
        }
        guard let bill = bills.first(where: { $0.metadata.component.name == reader.name }) else { return [] }
        return bill.programs.map { program in
            var found = Inspection.Program(program)
            found.knowledge = bill.knowledge(of: program)
            return found
        }
    }

    /// The programs of the bill against the files of the package: a bill that speaks of another tool is worse than none.
    static func findings(_ reader: RPMReader, _ release: Release) -> [Verification.Finding] {
        let programs = all(reader)
        guard !programs.isEmpty else { return [] }
        let bundle = "\(release.prefix)/bundle/\(release.identifier)"
        let names = ["conda-rpm-host"] + (release.bootstrap.fileName.map { [$0] } ?? [])
        let files = reader.files.filter { file in names.contains { file.path == "\(bundle)/\($0)" } }
        let (carried, named) = (Set(files.compactMap(\.digest)), Set(programs.compactMap(\.sha256)))
        let place = "/usr/share/doc/\(reader.name)/\(ServicePackage.billName)"
        return programs.filter { !carried.contains($0.sha256 ?? "") }.map {
            Verification.Finding(
                kind: .archive, place: place, problem: "no file in the bundle is the \($0.title) it names")
        }
            + files.filter { !named.contains($0.digest ?? "") }.map {
                Verification.Finding(kind: .archive, place: $0.path, problem: "the bill of materials does not name it")
            }
    }

    /// In its place, or among the sources, where a number stands before a name that two sources have.
    private static func isBill(_ path: String, of reader: RPMReader) -> Bool {
        guard reader.isSource else { return path == ServicePackage.billPath(reader.name) }
        let name = ServicePackage.billName
        return path == name || path.hasSuffix("-\(name)") && path.dropLast(name.count + 1).allSatisfy(\.isNumber)
    }

    private init(_ component: SoftwareBill.Component) {
        name = component.name
        version = component.version
        license = component.licenses?.compactMap { $0.expression ?? $0.license?.name }.joined(separator: " AND ")
        sha256 = component.hashes?.first { $0.alg == "SHA-256" }?.content
        purl = component.purl
        parts = (component.components ?? []).map(Inspection.Program.init)
    }

    /// Name and version in one text.
    var title: String { version.map { "\(name) \($0)" } ?? name }

    /// The parts and their parts.
    var allParts: [Inspection.Program] { parts.flatMap { [$0] + $0.allParts } }
}
