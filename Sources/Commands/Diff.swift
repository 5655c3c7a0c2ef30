import ArgumentParser
import FoundationEssentials
import TerminalProgress
import Workflow

/// `conda-rpm diff`.
struct Diff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what changed between two versions of a service.",
        discussion: """
            Each side is an RPM, a lock, a manifest or its directory, or one of the latter two as git has it: \
            REVISION:PATH. Licences and sizes are shown where both sides know them.

            EXAMPLES
              conda-rpm diff dist/orders-1.0.0-1.el9.x86_64.rpm dist/orders-1.1.0-1.el9.x86_64.rpm
              conda-rpm diff --markdown main:orders/conda-lock.yml orders/conda-lock.yml      for a review comment
              conda-rpm diff --installed dist/orders-1.1.0-1.el9.x86_64.rpm                   on a host
            """)

    @Argument(help: ArgumentHelp("The two sides, the old one first.", valueName: "side"), completion: .file())
    var sides: [String]

    @Flag(name: .long, help: "Compare with the release that serves on this host; name one side only.")
    var installed = false

    @Flag(name: .long, help: "Print a table for a review comment.")
    var markdown = false

    @Flag(name: .long, help: "Print JSON.")
    var json = false

    @Flag(name: .long, help: "End with 2 when something differs.")
    var exitCode = false

    @Option(name: .long, help: "The platform of manifests and locks: linux-64, linux-aarch64, ...")
    var platform: String?

    func validate() throws {
        let wanted = installed ? 1 : 2
        guard sides.count == wanted else {
            throw ValidationError("expected \(wanted == 1 ? "one side" : "two sides"), found \(sides.count)")
        }
    }

    func run() async throws {
        let new = try await contents(sides[sides.count - 1])
        let old = installed ? try ComparisonSide.installed(like: new) : try await contents(sides[0])
        let comparison = Comparison(old, new)
        var options = RunOptions()
        options.json = json
        let text = ComparisonText(comparison)
        try options.output(comparison, text: markdown ? text.markdown : text.plain)
        if exitCode, !comparison.isEmpty { throw ExitCode(2) }
    }

    private func contents(_ text: String) async throws -> Contents {
        var source = ProjectSource()
        source.platform = platform
        return try await ComparisonSide(text, source: source, environment: ProcessInfo.processInfo.environment)
            .contents()
    }
}

/// A comparison for people.
struct ComparisonText {
    private struct Row {
        var kind: String
        var subject: String
        var from = ""
        var to = ""
    }

    let comparison: Comparison

    init(_ comparison: Comparison) { self.comparison = comparison }

    /// Aligned columns, one line for each difference.
    var plain: String {
        let head = "\(comparison.old) -> \(comparison.new)"
        guard !rows.isEmpty else { return "\(head)\n  no difference" }
        let kinds = rows.map(\.kind.count).max() ?? 0
        let subjects = rows.map(\.subject.count).max() ?? 0
        let lines = rows.map { row in
            let line = "  \(padded(row.kind, kinds))  \(padded(row.subject, subjects))  \(arrow(row))"
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
        return ([head] + lines).joined(separator: "\n")
    }

    /// A table as GitHub and GitLab show it.
    var markdown: String {
        let head = "**\(comparison.old)** → **\(comparison.new)**"
        guard !rows.isEmpty else { return "\(head)\n\nNo difference." }
        let lines = rows.map { "| \($0.kind) | \(escaped($0.subject)) | \(escaped($0.from)) | \(escaped($0.to)) |" }
        return ([head, "", "| | what | from | to |", "|---|---|---|---|"] + lines).joined(separator: "\n")
    }

    private var rows: [Row] { packages + licenses + names + sizes }

    private var packages: [Row] {
        let moves = Comparison.Move.allCases.flatMap { move in
            comparison.changed.filter { $0.move == move }.map { change in
                let isBuild = move == .rebuilt
                return Row(
                    kind: move.rawValue, subject: change.name, from: Self.version(change.from, withBuild: isBuild),
                    to: Self.version(change.to, withBuild: isBuild))
            }
        }
        return comparison.removed.map { Row(kind: "removed", subject: $0.name, from: Self.version($0)) }
            + comparison.added.map { Row(kind: "added", subject: $0.name, to: Self.version($0)) } + moves
    }

    private var licenses: [Row] {
        comparison.licenses.map { Row(kind: "licence", subject: $0.name, from: $0.from, to: $0.to) }
    }

    private var names: [Row] {
        let groups = [
            ("requirement", comparison.requirements), ("command", comparison.commands),
            ("service", comparison.services),
            ("file", comparison.files), ("script", comparison.scripts),
        ]
        return groups.flatMap { kind, names in
            names.removed.map { Row(kind: kind, subject: $0, from: "removed") }
                + names.added.map { Row(kind: kind, subject: $0, to: "added") }
                + names.changed.map { Row(kind: kind, subject: $0, to: "changed") }
        }
    }

    private var sizes: [Row] {
        [("RPM", comparison.size), ("installed", comparison.installedSize)].compactMap { subject, sizes in
            sizes.map {
                Row(kind: "size", subject: subject, from: ByteText.string($0.from), to: ByteText.string($0.to))
            }
        }
    }

    private static func version(_ item: Contents.Item, withBuild: Bool = false) -> String {
        let text = item.kind == .wheel ? "\(item.version) (wheel)" : item.version
        return withBuild ? "\(text) \(item.build ?? item.sha256.map { String($0.prefix(8)) } ?? "")" : text
    }

    private func arrow(_ row: Row) -> String {
        row.from.isEmpty || row.to.isEmpty ? row.from + row.to : "\(row.from) -> \(row.to)"
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private func escaped(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
