import ArgumentParser
import ServiceRelease
import TerminalProgress
import Workflow

/// `conda-rpm inspect`.
struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what an RPM carries: target, requirements, packages with licences and digests.")

    @Argument(help: "The RPM.", completion: .file(extensions: ["rpm"]))
    var file: String

    @Flag(name: .long, help: "Print JSON.")
    var json = false

    func run() throws {
        let inspection = try Inspection.read(file)
        var options = RunOptions()
        options.json = json
        try options.output(inspection, text: InspectionText.text(inspection))
    }
}

/// An inspection as a page of text.
enum InspectionText {
    static func text(_ found: Inspection) -> String {
        (head(found) + [""] + table(found) + programs(found)).joined(separator: "\n")
    }

    private static func head(_ found: Inspection) -> [String] {
        let rows = [
            ("name", "\(found.name) \(found.version)-\(found.release).\(found.architecture)"),
            ("summary", found.summary),
            ("kind", kind(found)),
            ("target", found.target.map { "\($0.name), glibc \($0.glibc), \($0.subdir)" } ?? ""),
            ("layout", found.layout?.rawValue ?? ""),
            ("bootstrap", found.bootstrap?.kind ?? ""),
            ("prefix", found.prefix),
            ("commands", found.commands.joined(separator: " ")),
            ("services", found.services.joined(separator: " ")),
            ("channels", found.channels.joined(separator: " ")),
            ("requested", found.requested.joined(separator: ", ")),
            ("size", "\(ByteText.string(found.size)), installed \(ByteText.string(found.installedSize))"),
            ("inputs", found.inputs),
            ("built by", found.tool ?? ""),
        ]
        return rows.filter { !$0.1.isEmpty }.map { "\(padded($0.0, 10)) \($0.1)" }
    }

    /// Nothing for what most RPMs are: a service to install.
    private static func kind(_ found: Inspection) -> String {
        let package = found.kind == .package ? "one conda package, for services of layout split to link" : ""
        let parts = [found.isSource ? "the source RPM" : "", package].filter { !$0.isEmpty }
        return parts.joined(separator: " of ")
    }

    private static func table(_ found: Inspection) -> [String] {
        aligned(
            [["PACKAGE", "VERSION", "BUILD", "SIZE", "LICENCE", "SHA256"]] + found.packages.map(row)
                + found.wheels.map(row))
    }

    /// What root runs on a host, and what that is made of.
    private static func programs(_ found: Inspection) -> [String] {
        guard !found.programs.isEmpty else { return [] }
        let lines = found.programs.flatMap { program in
            rows(program, indent: "") + (program.knowledge == "complete" ? [] : [remark(program)])
        }
        return [""] + aligned([["RUN BY ROOT", "VERSION", "LICENCE", "SHA256"]] + lines)
    }

    private static func rows(_ program: Inspection.Program, indent: String) -> [[String]] {
        [[indent + program.name, program.version ?? "", program.license ?? "", program.sha256 ?? ""]]
            + program.parts.flatMap { rows($0, indent: indent + "  ") }
    }

    private static func remark(_ program: Inspection.Program) -> [String] {
        [program.knowledge == "incomplete" ? "  and more, which it does not tell" : "  of parts that it does not tell"]
            + ["", "", ""]
    }

    private static func aligned(_ rows: [[String]]) -> [String] {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { padded($0, $1) }.joined(separator: "  ")
            return String(cells.reversed().drop { $0 == " " }.reversed())
        }
    }

    private static func row(_ package: Inspection.Package) -> [String] {
        [
            package.name + (package.requested ? "*" : ""), package.version, package.build,
            package.size.map(ByteText.string) ?? "", package.license ?? "", package.sha256 ?? "",
        ]
    }

    private static func row(_ wheel: BundledWheel) -> [String] {
        [
            wheel.name + (wheel.isRequested ? "*" : ""), wheel.version, "wheel", ByteText.string(wheel.size),
            wheel.license ?? "", wheel.sha256,
        ]
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
