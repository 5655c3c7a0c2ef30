import CondaArchive
import CondaChannel
import FoundationEssentials
import Glibc
import ServiceRelease
import TerminalProgress

/// Compresses the `.tar.bz2` archives of a build anew, as `rpm.transmute` asks: hosts install them several times faster.
///
/// Each archive is compressed once per version of libzstd; the result stays in the cache beside a note of its digest.
struct Transmutation: Sendable {
    let cache: CacheDirectory
    let events: EventHandler

    private static let task = "transmute"

    /// Gives each `.tar.bz2` archive its `.conda` file; one that no such file can hold stays as it is, with a warning.
    ///
    /// - Throws: `ArchiveError` for a damaged archive, `WorkflowError` when the cache cannot be written.
    func run(_ packages: [FetchedPackage]) async throws -> [FetchedPackage] {
        let wanted = packages.indices.filter { packages[$0].record.fileName.hasSuffix(".tar.bz2") }
        guard !wanted.isEmpty else { return packages }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        events(.started(task: Self.task, total: Int64(wanted.count), unit: .items))
        var packages = packages
        let before = packages.map { $0 }
        try await withThrowingTaskGroup(of: (Int, FetchedPackage.Transmuted?).self) { group in
            let threads = max(1, ProcessInfo.processInfo.activeProcessorCount)
            for (number, index) in wanted.enumerated() {
                if number >= threads, let (done, file) = try await group.next() { packages[done].transmuted = file }
                group.addTask { (index, try transmuted(before[index])) }
            }
            for try await (index, file) in group { packages[index].transmuted = file }
        }
        let count = packages.count { $0.transmuted != nil }
        events(.finished(task: Self.task, summary: "\(count) of \(wanted.count) archives as .conda files"))
        return packages
    }

    private var directory: String { "\(cache.path)/transmuted" }

    private func transmuted(_ package: FetchedPackage) throws -> FetchedPackage.Transmuted? {
        defer { events(.advanced(task: Self.task, by: 1)) }
        let source = try package.record.sha256 ?? FileContents.sha256(package.path)
        let version = CondaArchive.transmuter.replacing(" ", with: "")
        let path = "\(directory)/\(source).\(version).conda"
        let name = String(package.record.fileName.dropLast(".tar.bz2".count))
        if let archive = kept(path) { return FetchedPackage.Transmuted(archive: archive, path: path) }
        let draft = "\(path).\(UUID().uuidString).new"
        defer { unlink(draft) }
        do {
            try CondaArchive(path: package.path).transmute(to: draft, name: name)
        } catch {
            guard case .unsupported = error.reason else { throw error }
            events(.warning("\(package.record.fileName) stays as it is: \(error.reason)"))
            return nil
        }
        let digest = try ArchiveDigest.of(path: draft)
        guard rename(draft, path) == 0 else { throw WorkflowError.unwritable(path: path, code: errno) }
        let archive = TransmutedArchive(fileName: "\(name).conda", sha256: digest.sha256, size: digest.size)
        try FileContents.replace("\(path).json", with: String(decoding: JSONEncoder().encode(archive), as: UTF8.self))
        return FetchedPackage.Transmuted(archive: archive, path: path)
    }

    /// The file of an earlier build, if it still is what it was.
    private func kept(_ path: String) -> TransmutedArchive? {
        guard let data = FileManager.default.contents(atPath: "\(path).json"),
            let archive = try? JSONDecoder().decode(TransmutedArchive.self, from: data),
            (try? FileContents.sha256(path)) == archive.sha256
        else { return nil }
        return archive
    }
}
