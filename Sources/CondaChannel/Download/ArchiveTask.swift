import CondaModel
import Glibc
import HostSystem

/// One archive on its way into the cache.
struct ArchiveTask {
    let item: DownloadItem
    let location: ResourceURL
    let downloader: Downloader
    let work: ChannelEvent.Work
    private let key: (algorithm: String, digest: String)
    private let suffix: String

    init(item: DownloadItem, location: ResourceURL, downloader: Downloader) throws(ChannelError) {
        (self.item, self.location, self.downloader) = (item, location, downloader)
        let name = location.fileName
        work = ChannelEvent.Work(kind: .archive, name: name, url: location.description)
        suffix = archiveSuffix(of: name)
        for (digest, length, algorithm) in [(item.sha256, 32, "SHA-256"), (item.md5, 16, "MD5")] {
            guard let digest, !isHexadecimal(digest, bytes: length) else { continue }
            throw .digestMismatch(
                url: location.description, algorithm: algorithm, expected: "\(2 * length) hexadecimal digits",
                found: "'\(digest)'")
        }
        if let digest = item.sha256 {
            key = ("sha256", digest)
        } else if let digest = item.md5 {
            key = ("md5", digest)
        } else {
            key = ("url", hexadecimal(Digest.sha256(Array(location.text.utf8))))
        }
    }

    /// Verifies a local archive and gives its own path.
    func useInPlace(trusting: Bool) throws(ChannelError) -> String {
        let path = location.filePath
        guard let stamp = try stampOfFile(path), let file = try File.reading(path) else {
            throw .notFound(url: location.description)
        }
        downloader.events(.started(work, total: stamp.size, resumed: 0))
        try check(size: stamp.size)
        if !isTrusted(trusting), item.sha256 != nil || item.md5 != nil {
            var digest = ArchiveDigest(item)
            try digest.update(from: file)
            try check(digest.finish())
        }
        downloader.events(.finished(work, .fetched(bytes: stamp.size)))
        return path
    }

    /// The archive in the cache, fetched when it is not there or damaged.
    func cached(trusting: Bool) async throws(ChannelError) -> String {
        if let path = try stored(trusting: trusting) { return reportCached(path) }
        if downloader.offline { throw .offline(missing: [location.description]) }
        let partial = downloader.cache.partial("\(key.algorithm)-\(key.digest)")
        let file = try await lockedFile(partial)
        defer { withExtendedLifetime(file) {} }
        // Another process may have done it while this one waited for the lock.
        if let path = try stored(trusting: trusting) {
            removeFile(partial)
            return reportCached(path)
        }
        let download = try PartialDownload(task: self, file: file)
        let digests = try await download.run()
        let path = try store(file, digests)
        downloader.events(.finished(work, .fetched(bytes: download.received)))
        return path
    }

    /// Who verifies what it reads goes by SHA-256: with an MD5 alone nobody else would do it.
    private func isTrusted(_ trusting: Bool) -> Bool { trusting && item.sha256 != nil }

    private func reportCached(_ path: String) -> String {
        downloader.events(.finished(work, .cached))
        return path
    }

    private var storedPath: String {
        downloader.cache.archive(algorithm: key.algorithm, digest: key.digest, suffix: suffix)
    }

    /// The final path when the archive is there and right; a damaged one is removed.
    private func stored(trusting: Bool) throws(ChannelError) -> String? {
        let path = storedPath
        guard let stamp = try stampOfFile(path), let file = try File.reading(path) else { return nil }
        let final = resolved(path)
        do throws(ChannelError) {
            try check(size: stamp.size)
            if isTrusted(trusting) || key.algorithm == "url" { return final }
            var digest = ArchiveDigest(item)
            try digest.update(from: file)
            try check(digest.finish())
            return final
        } catch {
            if case .fileSystem = error { throw error }
            removeFile(final)
            removeFile(path)
            return nil
        }
    }

    /// Gives a verified download its final name, and a link from the key that it was asked for by.
    private func store(_ file: File, _ digests: ArchiveDigest.Values) throws(ChannelError) -> String {
        let final = downloader.cache.archive(algorithm: "sha256", digest: digests.sha256, suffix: suffix)
        try file.commit(as: final)
        let asked = storedPath
        if asked != final {
            try makeDirectory(directory(of: asked))
            removeFile(asked)
            if symlink("../../sha256/\(digests.sha256.prefix(2))/\(digests.sha256)\(suffix)", asked) != 0
                && errno != EEXIST
            {
                throw fileError(asked, "linking")
            }
        }
        return final
    }

    private func resolved(_ path: String) -> String {
        guard key.algorithm != "sha256", let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    func check(size found: Int64) throws(ChannelError) {
        if let size = item.size, size != found {
            throw .sizeMismatch(url: location.description, expected: size, found: found)
        }
    }

    /// Compares with whatever the item promises.
    func check(_ found: ArchiveDigest.Values) throws(ChannelError) {
        if let expected = item.sha256, expected != found.sha256 {
            throw .digestMismatch(
                url: location.description, algorithm: "SHA-256", expected: expected, found: found.sha256)
        }
        if let expected = item.md5, let md5 = found.md5, expected != md5 {
            throw .digestMismatch(url: location.description, algorithm: "MD5", expected: expected, found: md5)
        }
    }
}

/// `.conda`, `.tar.bz2`, or a short extension of another kind of file such as a wheel.
func archiveSuffix(of name: String) -> String {
    if name.hasSuffix(".tar.bz2") { return ".tar.bz2" }
    guard let dot = name.lastIndex(of: ".") else { return "" }
    let suffix = name[dot...]
    let isPlain = suffix.dropFirst().utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) }
    return suffix.utf8.count <= 9 && isPlain ? String(suffix) : ""
}
