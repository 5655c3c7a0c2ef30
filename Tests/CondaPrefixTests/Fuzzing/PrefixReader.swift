import CondaArchive
import FoundationEssentials
import Fuzzing

@testable import CondaPrefix

/// The readers of `CondaPrefix`: what packages and wheels bring into a prefix, and what is read back from there as root.
enum PrefixReader: String, FuzzedReader {
    /// `conda-meta/NAME-VERSION-BUILD.json`.
    case condaMeta = "conda-meta"
    /// `entry_points.txt` of a wheel.
    case entryPoints = "entry-points"
    /// `conda-meta/state`.
    case environmentState = "environment-state"
    /// A file with a prefix, of which the first byte says whether it is text.
    case placeholders
    /// `METADATA` or `WHEEL` of a wheel.
    case wheelHeaders = "wheel-headers"
    /// `RECORD` of a wheel.
    case wheelRecords = "wheel-records"

    func read(_ input: [UInt8]) throws {
        switch self {
        case .condaMeta: try Self.readPackage(input)
        case .entryPoints: try Self.readEntryPoints(input)
        case .environmentState:
            let state = try JSONDecoder().decode(EnvironmentState.self, from: Data(input))
            _ = EnvironmentState.exported(state.variables)
        case .placeholders: try Self.replace(input)
        case .wheelHeaders:
            let headers = WheelHeaders(input)
            _ = (WheelLicense.text(headers), headers.all("Requires-Dist"))
        case .wheelRecords: try Self.readRecord(input)
        }
    }
}

extension PrefixReader {
    private static func readPackage(_ input: [UInt8]) throws {
        let package = try JSONDecoder().decode(InstalledPackage.self, from: Data(input))
        for path in package.paths { try check(try? path.location(in: "fuzz")) }
        let document = try Document.encode(package, path: "fuzz")
        let again = try? JSONDecoder().decode(InstalledPackage.self, from: Data(document))
        try promise(
            again?.paths == package.paths && again?.requestedSpecs == package.requestedSpecs,
            "a package is not what it is written as: \(String(decoding: document, as: UTF8.self))")
        _ = try? RelativePath(package.documentPath)
    }

    /// No path may lead out of the prefix.
    private static func check(_ path: RelativePath?) throws {
        let parts = path?.bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) ?? []
        let isBad = parts.contains { $0.isEmpty || $0 == [0x2E] || $0 == [0x2E, 0x2E] || $0.contains(0) }
        try promise(!isBad, "the path '\(path?.string ?? "")' was let pass")
    }

    private static func readRecord(_ input: [UInt8]) throws {
        let record = try WheelRecord(input)
        let again = try? WheelRecord(Array(record.text.utf8))
        let sorted = record.rows.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        try promise(again?.rows == sorted, "a RECORD is not what it is written as: \(record.text)")
        let folder = try RelativePath("lib/python3.12/site-packages")
        let place = folder.appending(try RelativePath("a-1.dist-info/RECORD"))
        let wheel = try InstalledWheel(input, at: place, sitePackages: folder)
        for path in wheel.paths { try check(try? path.location(in: "fuzz")) }
        _ = (wheel.canonicalName, wheel.record(sitePackages: folder))
    }

    /// What stands in a script is names and nothing else.
    private static func readEntryPoints(_ input: [UInt8]) throws {
        for entry in try WheelEntryPoints.read(input) {
            let lines = entry.script(python: "/opt/a/bin/python").split(
                separator: "\n", omittingEmptySubsequences: false)
            try promise(lines.count == 11, "the script of '\(entry.command)' has \(lines.count) lines")
            try promise(!entry.command.contains("/"), "the command '\(entry.command)' leads elsewhere")
        }
    }

    private static func replace(_ input: [UInt8]) throws {
        guard let first = input.first else { return }
        let placeholder = "/placeholder"
        let isText = first & 1 == 0
        var contents = Array(input.dropFirst())
        let length = contents.count
        let replacement = PrefixReplacement(
            placeholder: placeholder, prefix: first & 2 == 0 ? "/opt/a" : "/o p/", mode: isText ? .text : .binary)
        let changed = try replacement.apply(to: &contents)
        try promise(isText || contents.count == length, "a program of \(length) bytes has \(contents.count) now")
        try promise(changed || contents == Array(input.dropFirst()), "a file was changed without saying so")
    }
}

#if FUZZING
    /// The function that libFuzzer calls.
    @_cdecl("LLVMFuzzerTestOneInput")
    public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt { PrefixReader.feed(start, count) }
#endif
