import FoundationEssentials
import Glibc
import RPMFormat

/// The directory RPMs are written into, and what it already holds of one service.
struct OutputDirectory: Sendable {
    let path: String

    /// Finds out whether the directory, or the nearest one above it that exists, can be written to.
    ///
    /// Nothing is created: a build that fails leaves no empty directory behind.
    func check() throws(WorkflowError) {
        var place = URL(fileURLWithPath: path).standardizedFileURL
        while place.path != "/", access(place.path, F_OK) != 0, errno == ENOENT { place.deleteLastPathComponent() }
        guard access(place.path, W_OK) == 0 else { throw .outputUnwritable(path: path, code: errno) }
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: place.path, isDirectory: &isDirectory), isDirectory
        else { throw .outputUnwritable(path: path, code: ENOTDIR) }
    }

    /// Creates the directory where it is missing.
    func create() throws(WorkflowError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .outputUnwritable(path: path, code: errno == 0 ? EACCES : errno)
        }
    }

    /// The RPMs of one name and architecture, oldest first.
    ///
    /// Files that cannot be read as RPMs are left out: a build replaces them.
    func built(name: String, architecture: String) -> [PublishedPackages.Package] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let tail = ".\(architecture).rpm"
        let own = entries.filter { $0.hasPrefix("\(name)-") && $0.hasSuffix(tail) }
        return PublishedPackages(files: own.sorted().map { "\(path)/\($0)" })
            .packages(name: name, architecture: architecture)
    }

    /// Holds off other builds of the same service into this directory while one chooses its release and writes.
    ///
    /// A file beside the RPMs is locked, and gone afterwards.
    func whileLocked<Result>(for name: String, _ work: () async throws -> Result) async throws -> Result {
        let path = "\(path)/.\(name).lock"
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
            guard descriptor != -1 else { throw WorkflowError.outputUnwritable(path: self.path, code: errno) }
            defer { close(descriptor) }
            // A thread that waits in the kernel could be the one that the holder needs to go on.
            while flock(descriptor, LOCK_EX | LOCK_NB) == -1 {
                guard errno == EWOULDBLOCK || errno == EINTR else {
                    throw WorkflowError.outputUnwritable(path: self.path, code: errno)
                }
                try await Task.sleep(for: .milliseconds(5))
            }
            // Who held it before has removed the file: a lock on a file without a name holds nobody off.
            guard Self.isSame(descriptor, path) else { continue }
            defer { unlink(path) }
            return try await work()
        }
    }

    private static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
        var (opened, named) = (stat(), stat())
        return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0 && opened.st_ino == named.st_ino
            && opened.st_dev == named.st_dev
    }

    /// One more than the highest whole number among the releases, or 1.
    static func nextRelease(after built: [PublishedPackages.Package], dist: String) -> String {
        let numbers = built.compactMap { Int($0.release.prefix { $0.isNumber }) }
        return "\((numbers.max() ?? 0) + 1)\(dist)"
    }
}
