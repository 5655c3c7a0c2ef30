import FoundationEssentials
import Glibc
import TerminalProgress

/// A report as one HTML page: no network, readable without scripts, light and dark, printable.
///
/// Equal reports give equal pages.
package struct ReportPage: Sendable {
    let report: Report

    package init(_ report: Report) { self.report = report }

    /// The page.
    package var html: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(escaped(report.title))</title>
        <style>\(Self.style)</style>
        </head>
        <body>
        <header><h1>\(escaped(report.title))</h1><p>\(headline)</p></header>
        <main>
        \(facts)
        \(changes)
        <section aria-labelledby="sizes"><h2 id="sizes">Sizes</h2>
        <p>Each area is a package, as large as its archive.</p>\(Treemap(report.packages).svg)</section>
        \(licenses)
        \(table)
        </main>
        <script>\(Self.script)</script>
        </body>
        </html>

        """
    }

    /// Writes the page, whole or not at all.
    ///
    /// - Throws: `WorkflowError.notAPage` where the path names something else, such as the lock that the page is about.
    package func write(to path: String) throws {
        guard Self.mayReplace(path) else { throw WorkflowError.notAPage(path: path) }
        try FileContents.replace(path, with: html)
    }

    private static func mayReplace(_ path: String) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0 else { return true }
        guard status.st_mode & S_IFMT == S_IFREG, let start = try? FileContents.prefix(path, 64) else { return false }
        return String(decoding: start, as: UTF8.self).lowercased().hasPrefix("<!doctype html")
    }

    private var headline: String {
        let bytes = report.packages.compactMap(\.size).reduce(0, +)
        let origins = Set(report.packages.map(\.origin)).count
        return "\(report.packages.count) packages"
            + (bytes > 0 ? ", \(ByteText.string(bytes)) of archives" : "")
            + ", from \(origins) channel\(origins == 1 ? "" : "s")"
    }

    private var facts: String {
        let rows = report.facts.map { "<dt>\(escaped($0[0]))</dt><dd>\(escaped($0[1]))</dd>" }
        return "<section aria-labelledby=\"facts\"><h2 id=\"facts\">What it is</h2><dl>\(rows.joined())</dl></section>"
    }

    private var changes: String {
        guard let comparison = report.changes else { return "" }
        let lines = Changelog.lines(comparison).map { "<li>\(escaped(String($0.dropFirst(2))))</li>" }
        return """
            <section aria-labelledby="changes"><h2 id="changes">What changed</h2>
            <p>Since \(escaped(comparison.old)):</p><ul>\(lines.joined())</ul></section>
            """
    }

    private var licenses: String {
        let groups = Dictionary(grouping: report.packages) { $0.license ?? "not stated" }
        let rows = groups.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map { license, packages in
            "<tr><th scope=\"row\">\(escaped(license))</th><td>\(packages.map { link($0.name) }.joined(separator: ", "))</td></tr>"
        }
        return """
            <section aria-labelledby="licences"><h2 id="licences">Licences</h2>
            <table><thead><tr><th scope="col">Licence</th><th scope="col">Packages</th></tr></thead>
            <tbody>\(rows.joined())</tbody></table></section>
            """
    }

    private var table: String {
        """
        <section aria-labelledby="packages"><h2 id="packages">Packages</h2>
        <p class="search"><label for="search">Show packages with</label>
        <input id="search" type="search" autocomplete="off"> <output id="shown" for="search"></output></p>
        <table id="list"><thead><tr><th scope="col">Package</th><th scope="col">Version</th><th scope="col">Size</th>
        <th scope="col">Built</th><th scope="col">Licence</th><th scope="col">Needs</th><th scope="col">Needed by</th>
        </tr></thead><tbody>
        \(report.packages.map(row).joined(separator: "\n"))
        </tbody></table></section>
        """
    }

    private func row(_ package: Report.Package) -> String {
        let size = package.size.map(ByteText.string) ?? ""
        let origin = "\(package.build) from \(package.origin)" + (package.sha256.map { ", sha256 \($0)" } ?? "")
        return "<tr id=\"\(id(package.name))\"\(package.isRequested ? " class=\"requested\"" : "")>"
            + "<th scope=\"row\">\(escaped(package.name))</th>"
            + "<td title=\"\(escaped(origin))\">\(escaped(package.version))</td><td class=\"number\">\(size)</td>"
            + "<td>\(package.built.map(Self.day) ?? "")</td><td>\(escaped(package.license ?? ""))</td>"
            + "<td>\(package.needs.map(link).joined(separator: " "))</td>"
            + "<td>\(package.neededBy.map(link).joined(separator: " "))</td></tr>"
    }

    private func link(_ name: String) -> String { "<a href=\"#\(id(name))\">\(escaped(name))</a>" }

    private func id(_ name: String) -> String { "package-" + escaped(name.replacing(" ", with: "-")) }

    private static func day(_ seconds: Int64) -> String {
        String(Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601).prefix(10))
    }

    private static let style = """
        :root{color-scheme:light dark;--ground:#fff;--ink:#1c1e21;--soft:#5c6370;--line:#d5d8dd;--mark:#0b62c4}
        @media(prefers-color-scheme:dark){:root{--ground:#16181c;--ink:#e6e8eb;--soft:#9aa2ae;--line:#363b43;--mark:#6cb0ff}}
        body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:75rem;padding:1rem 1.5rem 4rem;background:var(--ground);color:var(--ink)}
        h1{margin-bottom:0}header p,section>p{color:var(--soft)}h2{margin-top:2.5rem;border-bottom:1px solid var(--line)}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.5rem}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
        table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line)}
        tbody th{font-weight:normal;white-space:nowrap}.requested th{font-weight:bold}.number{text-align:right;white-space:nowrap}
        a{color:var(--mark)}tr:target{outline:2px solid var(--mark)}svg{width:100%;height:auto}svg text{font:12px system-ui,sans-serif;fill:#fff;pointer-events:none}
        svg a:focus rect{stroke:var(--ink);stroke-width:3}@media print{.search{display:none}body{max-width:none}}
        """

    private static let script = """
        const search=document.getElementById("search"),rows=[...document.querySelectorAll("#list tbody tr")],shown=document.getElementById("shown");
        function show(){const words=search.value.toLowerCase().split(/\\s+/);let count=0;for(const row of rows){
        const text=row.textContent.toLowerCase();row.hidden=!words.every(word=>text.includes(word));count+=!row.hidden}
        shown.textContent=search.value?count+" of "+rows.length:""}
        search.addEventListener("input",show);
        addEventListener("hashchange",()=>{search.value="";show();const row=document.getElementById(location.hash.slice(1));if(row)row.scrollIntoView({block:"center"})});
        """
}

/// HTML's five characters.
private func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
}

/// Packages as rectangles whose areas are their sizes: squarified, after Bruls, Huizing and van Wijk.
struct Treemap {
    private struct Tile {
        let package: Report.Package
        let area: Double
    }

    struct Rectangle: Equatable {
        var x, y, width, height: Double

        var shorter: Double { min(width, height) }
    }

    private static let bounds = Rectangle(x: 0, y: 0, width: 1200, height: 520)
    private static let colors = [
        "#2f6f9f", "#8a5a00", "#3c7a3c", "#8b4a6b", "#5a5fa8", "#9a4a3a", "#2f7f7a", "#6b6b2a",
    ]

    let packages: [Report.Package]

    init(_ packages: [Report.Package]) { self.packages = packages.filter { ($0.size ?? 0) > 0 } }

    /// The drawing; each rectangle leads to its package.
    var svg: String {
        let shapes = places.enumerated().map { number, place in
            let (package, box) = place
            let label = "\(package.name) \(package.version), \(ByteText.string(package.size ?? 0))"
            let fits = Double(package.name.count) * 7 < box.width - 8 && box.height > 18
            return "<a href=\"#package-\(escaped(package.name))\"><title>\(escaped(label))</title>"
                + "<rect \(Self.attributes(box)) fill=\"\(Self.colors[number % Self.colors.count])\" stroke=\"#fff\"/>"
                + (fits
                    ? "<text x=\"\(Self.number(box.x + 5))\" y=\"\(Self.number(box.y + 15))\">\(escaped(package.name))</text>"
                    : "")
                + "</a>"
        }
        return
            "<svg viewBox=\"0 0 1200 520\" role=\"group\" aria-label=\"Sizes of packages\">\(shapes.joined(separator: "\n"))</svg>"
    }

    /// Where each package goes, the largest first.
    var places: [(Report.Package, Rectangle)] {
        let total = packages.reduce(0) { $0 + Double($1.size ?? 0) }
        guard total > 0 else { return [] }
        let scale = Self.bounds.width * Self.bounds.height / total
        var waiting = packages.sorted { ($1.size ?? 0, $0.name) < ($0.size ?? 0, $1.name) }
            .map { Tile(package: $0, area: Double($0.size ?? 0) * scale) }[...]
        var free = Self.bounds
        var placed: [(Report.Package, Rectangle)] = []
        while let first = waiting.first {
            var row = [first]
            waiting.removeFirst()
            while let next = waiting.first, Self.worst(row + [next], free.shorter) <= Self.worst(row, free.shorter) {
                row.append(next)
                waiting.removeFirst()
            }
            placed += Self.lay(row, in: &free)
        }
        return placed
    }

    /// The proportion of the least square tile of a row along a side.
    private static func worst(_ row: [Tile], _ side: Double) -> Double {
        let sum = row.reduce(0) { $0 + $1.area }
        let areas = row.map(\.area)
        guard let large = areas.max(), let small = areas.min(), sum > 0 else { return .infinity }
        return max(side * side * large / (sum * sum), sum * sum / (side * side * small))
    }

    private static func lay(_ row: [Tile], in free: inout Rectangle) -> [(Report.Package, Rectangle)] {
        let sum = row.reduce(0) { $0 + $1.area }
        let isColumn = free.width >= free.height
        let thickness = sum / free.shorter
        var offset = 0.0
        let placed = row.map { tile in
            let length = tile.area / thickness
            defer { offset += length }
            let box =
                isColumn
                ? Rectangle(x: free.x, y: free.y + offset, width: thickness, height: length)
                : Rectangle(x: free.x + offset, y: free.y, width: length, height: thickness)
            return (tile.package, box)
        }
        if isColumn {
            free.x += thickness
            free.width -= thickness
        } else {
            free.y += thickness
            free.height -= thickness
        }
        return placed
    }

    private static func attributes(_ box: Rectangle) -> String {
        "x=\"\(number(box.x))\" y=\"\(number(box.y))\" width=\"\(number(box.width))\" height=\"\(number(box.height))\""
    }

    private static func number(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
