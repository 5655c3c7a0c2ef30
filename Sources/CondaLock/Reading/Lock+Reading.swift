import CondaModel
import StrictYAML

/// How a lock file is read.
package struct LockReading: Sendable {
    /// The environment chosen from a `pixi.lock`.
    package var environment = "default"
    /// The platform of an `@EXPLICIT` list that names none, and of a `pylock.toml`.
    package var platform = Subdir.linux64
    /// The version of Python that a `pylock.toml` is read for; `nil`: only wheels for every Python 3 are taken.
    package var python: String?
    /// The version of glibc that a `pylock.toml` is read for.
    package var glibc = "2.17"
    /// The environment variables that file names and URLs may refer to; `HOME` stands for `~`.
    package var variables: [String: String] = [:]
    /// The directory that relative paths of an `@EXPLICIT` list start at, without a slash at its end.
    package var workingDirectory = "."

    /// The defaults.
    package init() {}
}

extension Lock {
    /// Reads a lock of any known format: `conda-lock.yml` v1, `pixi.lock` v6 and v7, `@EXPLICIT`, `pylock.toml`.
    ///
    /// - Throws: that the file cannot be read, or what is wrong with it and where.
    package static func read(path: String, _ reading: LockReading = LockReading()) throws(LockError) -> Lock {
        try decode(DocumentFile.read(path, advice: "make it with `conda-rpm lock`"), path: path, reading)
    }

    /// Decodes a lock from its bytes; see ``read(path:_:)``.
    package static func decode(
        _ bytes: [UInt8], path: String, _ reading: LockReading = LockReading()
    ) throws(LockError) -> Lock {
        var lock = try decodeAnyFormat(bytes, path: path, reading)
        lock.path = path
        return lock
    }

    private static func decodeAnyFormat(
        _ bytes: [UInt8], path: String, _ reading: LockReading
    ) throws(LockError) -> Lock {
        if path.hasSuffix(".toml") { return try PylockReader(path: path, reading: reading).lock(bytes) }
        let text = String(decoding: bytes, as: UTF8.self)
        try refuseConflict(bytes, path: path)
        if ExplicitList.isExplicit(text) { return try ExplicitList.read(text, path: path, reading) }
        guard let root = try YAMLNode.parse(bytes, file: path), root.kind == .mapping else {
            throw LockError(
                file: path, expected: "a conda-lock.yml, pixi.lock or @EXPLICIT list", found: "something else",
                advice: "a list of requirements is no lock: give it to `conda-rpm lock`")
        }
        if root["environments"] != nil { return try PixiReader(root: root, reading: reading).lock() }
        var lock = try CondaLockReader(root: root, reading: reading).lock()
        if lock.origin == .ours, !hasOurHead(bytes) { lock.origin = .condaLock }
        return lock
    }

    /// Whether the comment at the head of a file says that this tool wrote it.
    private static func hasOurHead(_ bytes: [UInt8]) -> Bool {
        // Somebody may have put a few lines of their own before it, or an editor the mark of its encoding.
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        let start = bytes.prefix(4096).dropFirst(bytes.starts(with: mark) ? mark.count : 0)
        let lines = String(decoding: start, as: UTF8.self).split(whereSeparator: \.isNewline)
        let comments = lines.map { String($0).trimmingBlanks }.prefix { $0.hasPrefix("#") || $0 == "---" }
        return comments.contains { $0.hasPrefix(head) }
    }

    /// What git leaves where two branches changed a lock is no lock, and no reason to make one unasked.
    private static func refuseConflict(_ bytes: [UInt8], path: String) throws(LockError) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        guard lines.contains(where: { $0.starts(with: "<<<<<<< ".utf8) }) else { return }
        throw LockError(
            file: path, problem: "it holds a merge conflict",
            advice: "take one side (git checkout --ours \(path), or --theirs), then run: conda-rpm lock")
    }
}

/// Turns what a lock says about an archive's place into a URL.
struct LockedLocation {
    let reading: LockReading
    /// The directory that relative paths start at.
    let folder: String

    /// Puts the place into a package: the clean URL, and the private one where they differ.
    func place(_ text: String, in package: inout LockedPackage) {
        let url = url(of: text)
        package.url = ChannelName.withoutCredentials(url)
        package.privateURL = package.url == url ? nil : PrivateText(url)
    }

    /// A URL with variables replaced; a path becomes a `file://` URL.
    func url(of text: String) -> String {
        let expanded = expandingVariables(in: text, reading.variables)
        guard !expanded.contains("://") else { return expanded }
        return "file://" + percentEncoded(absolute(expanded))
    }

    private func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        if path == "~" || path.hasPrefix("~/"), let home = reading.variables["HOME"] { return home + path.dropFirst() }
        let base = folder.hasPrefix("/") ? folder : "\(reading.workingDirectory)/\(folder)"
        return normalized("\(base)/\(path)")
    }

    /// Resolves `.` and `..` by their names alone.
    private func normalized(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
        }
        return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    }
}
