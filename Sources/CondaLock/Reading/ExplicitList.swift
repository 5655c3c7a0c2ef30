import CondaModel
import HostSystem
import StrictYAML

/// Lists of archives to be installed as they stand, without a solve (`@EXPLICIT`, CEP 23).
package enum ExplicitList {
    /// The digest that follows each URL.
    package enum Digest: Sendable {
        case none, md5, sha256
    }

    /// Whether a text is such a list: one of its lines is the word `@EXPLICIT`.
    package static func isExplicit(_ text: String) -> Bool {
        // Every lock passes through here; most hold no such word at all.
        let lines = text.utf8.split(separator: UInt8(ascii: "\n")).filter { $0.contains(UInt8(ascii: "@")) }
        return lines.contains { String(Substring($0)).trimmingBlanks == "@EXPLICIT" }
    }

    /// Writes a list.
    ///
    /// - Parameters:
    ///   - records: the archives in the order in which they are to be installed.
    ///   - platform: named in a comment, as conda does.
    ///   - digest: what follows each URL; left out for a record that lacks it.
    ///   - url: where each archive will be; by default where the record says.
    package static func text(
        _ records: [PackageRecord], platform: Subdir, digest: Digest = .sha256,
        url: (PackageRecord) -> String = { $0.url }
    ) -> String {
        let lines = records.map { record in
            let suffix =
                switch digest {
                case .none: String?.none
                case .md5: record.md5
                case .sha256: record.sha256.map { "sha256:" + $0 }
                }
            return ChannelName.withoutCredentials(url(record)) + (suffix.map { "#" + $0 } ?? "")
        }
        return (["# platform: \(platform.rawValue)", "@EXPLICIT"] + lines).joined(separator: "\n") + "\n"
    }

    /// Reads a list.
    ///
    /// - Throws: the first line that is neither a comment nor an archive with an optional digest.
    static func read(_ text: String, path: String, _ reading: LockReading) throws(LockError) -> Lock {
        var lock = Lock()
        lock.origin = .explicit
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map { String($0).trimmingBlanks }
        let platform = self.platform(of: lines, default: reading.platform)
        lock.platforms = [platform]
        let location = LockedLocation(reading: reading, folder: "")
        for (index, line) in lines.enumerated() {
            guard !line.isEmpty, !line.hasPrefix("#"), line != "@EXPLICIT" else { continue }
            guard !line.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) else {
                throw LockError(
                    file: path, line: index + 1, expected: "the URL or path of an archive",
                    found: "a line with control characters", advice: "remove them, or write %XX in their place")
            }
            let package = try package(line, place: (path, index + 1), platform, location)
            if let channel = ArchiveLocation.channel(of: package.url)?.channel, !lock.channels.contains(channel) {
                lock.channels.append(channel)
            }
            lock.packages.append(package)
        }
        return lock
    }

    private static func package(
        _ line: String, place: (file: String, line: Int), _ platform: Subdir, _ location: LockedLocation
    ) throws(LockError) -> LockedPackage {
        let halves = line.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let fileName = ArchiveLocation.fileName(of: halves[0])
        guard let archive = ArchiveName(fileName) else {
            throw LockError(
                file: place.file, line: place.line, expected: "the URL or path of a .conda or .tar.bz2 archive",
                found: quoted(ChannelName.withoutCredentials(line)),
                advice: "requirements such as `python 3.12.*` do not belong in an @EXPLICIT list")
        }
        var package = LockedPackage(
            name: archive.name, version: archive.version, manager: .conda, platform: platform, url: "")
        package.build = archive.build
        location.place(halves[0], in: &package)
        guard halves.count > 1, !halves[1].isEmpty else { return package }
        let digest = halves[1].lowercased()
        let digits = digest.hasPrefix("sha256:") ? String(digest.dropFirst(7)) : digest
        if isHexadecimal(digits, bytes: 32) {
            package.sha256 = digits
        } else if isHexadecimal(digest, bytes: 16) {
            package.md5 = digits
        } else {
            throw wrongDigest(halves[1], place)
        }
        return package
    }

    private static func wrongDigest(_ text: String, _ place: (file: String, line: Int)) -> LockError {
        LockError(
            file: place.file, line: place.line,
            expected: "32 (MD5) or 64 (SHA-256) hexadecimal digits after \"#\"", found: quoted(text),
            advice: "correct the digest or remove it with its \"#\"")
    }

    /// The platform: from the comment `# platform:`, else from the URLs, else the given one.
    private static func platform(of lines: [String], default: Subdir) -> Subdir {
        let marker = "# platform:"
        let named = lines.first { $0.hasPrefix(marker) }.map { String($0.dropFirst(marker.count)).trimmingBlanks }
        if let subdir = named.flatMap(Subdir.init(rawValue:)), subdir != .noarch { return subdir }
        let subdirs = lines.lazy.filter { !$0.hasPrefix("#") }.compactMap { ArchiveLocation.channel(of: $0)?.subdir }
        return subdirs.first { $0 != .noarch && Subdir.known.contains($0.rawValue) } ?? `default`
    }
}
