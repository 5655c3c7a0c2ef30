import CondaModel
import HostSystem

/// Brings archives into the cache: in parallel, resumed after a cut, verified while they stream.
package struct Downloader: Sendable {
    let requester: Requester
    let cache: CacheDirectory
    let offline: Bool
    let events: ChannelEventHandler

    /// Makes every item available and returns their paths in the order of the items.
    ///
    /// An archive of a `file` URL is verified and used where it is: a copy would cost time and disk, a hard link
    /// would change with the original just the same, and whoever packs the archive digests it again. Everything
    /// else is stored under its digest, see ``CacheDirectory``. An archive that is there already is digested
    /// again before it counts, and fetched anew when it is damaged, unless `trustingCache` says that the caller
    /// verifies what it reads.
    ///
    /// - Parameter concurrency: downloads at once; 1 or more.
    /// - Throws: the first ``ChannelError``; downloads under way are cancelled and can be resumed later. Offline,
    /// all URLs that the
    ///   cache lacks are named in one error.
    package func fetch(
        _ items: [DownloadItem], concurrency: Int = 8, trustingCache: Bool = false
    ) async throws(ChannelError) -> [String] {
        var paths = [String](repeating: "", count: items.count)
        var missing: [String] = []
        let outcome = await withTaskGroup(of: Fetched.self) { group in
            var next = 0
            func start(_ group: inout TaskGroup<Fetched>) {
                guard next < items.count else { return }
                let number = next
                next += 1
                group.addTask { await fetched(number, items[number], trustingCache: trustingCache) }
            }
            for _ in 0..<max(1, concurrency) { start(&group) }
            for await fetched in group {
                switch fetched.result {
                case .success(let path): paths[fetched.number] = path
                case .failure(.offline(let urls)): missing += urls
                case .failure(let error):
                    group.cancelAll()
                    return Result<Void, ChannelError>.failure(error)
                }
                start(&group)
            }
            return .success(())
        }
        try outcome.get()
        if !missing.isEmpty { throw .offline(missing: missing.sorted()) }
        return paths
    }

    /// How one item ended.
    private struct Fetched: Sendable {
        let number: Int
        let result: Result<String, ChannelError>
    }

    // A function of its own: Swift 6.3's optimizer loses `number` when the typed error is caught inside the task's
    // closure.
    private func fetched(_ number: Int, _ item: DownloadItem, trustingCache: Bool) async -> Fetched {
        do throws(ChannelError) {
            return Fetched(number: number, result: .success(try await path(of: item, trustingCache: trustingCache)))
        } catch {
            return Fetched(number: number, result: .failure(error))
        }
    }

    private func path(of item: DownloadItem, trustingCache: Bool) async throws(ChannelError) -> String {
        if Task.isCancelled { throw .cancelled }
        let location = item.url.hasPrefix("/") ? ResourceURL(filePath: item.url) : ResourceURL(item.url)
        guard let location else {
            throw .invalidChannel("the URL of an archive", reason: "it is no http, https or file URL")
        }
        let task = try ArchiveTask(item: item, location: location, downloader: self)
        return location.isFile
            ? try task.useInPlace(trusting: trustingCache) : try await task.cached(trusting: trustingCache)
    }
}
