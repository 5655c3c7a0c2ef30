import Foundation
import RPMFormat
import ServicePackaging

/// The directory RPMs are written into, and what it already holds of one service.
struct OutputDirectory: Sendable {
    let path: String

    /// An RPM of the service in this directory.
    struct Built: Sendable {
        let path: String
        let release: String
        /// The digest of its inputs, as its header states it.
        let inputs: String?
    }

    /// Finds out whether the directory, or the nearest one above it that exists, can be written to.
    ///
    /// Nothing is created: a build that fails leaves no empty directory behind.
    func check() throws(WorkflowError) {
        var place = URL(fileURLWithPath: path).standardizedFileURL
        while place.path != "/", access(place.path, F_OK) != 0, errno == ENOENT { place.deleteLastPathComponent() }
        guard access(place.path, W_OK) == 0 else { throw .outputUnwritable(path: path, code: errno) }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: place.path, isDirectory: &isDirectory), isDirectory.boolValue
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

    /// The RPMs of one name, version and architecture.
    ///
    /// Files that cannot be read as RPMs are left out: a build replaces them.
    func built(name: String, version: String, architecture: String) -> [Built] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let head = "\(name)-\(version)-"
        let tail = ".\(architecture).rpm"
        return entries.sorted().compactMap { entry in
            guard entry.hasPrefix(head), entry.hasSuffix(tail), entry.count > head.count + tail.count,
                let reader = try? RPMReader(path: "\(path)/\(entry)"), reader.name == name
            else { return nil }
            let inputs = reader.provides.first { $0.name == ServicePackage.inputsCapability }?.evr
            return Built(path: "\(path)/\(entry)", release: reader.release, inputs: inputs)
        }
    }

    /// One more than the highest whole number among the releases, or 1.
    static func nextRelease(after built: [Built], dist: String) -> String {
        let numbers = built.compactMap { Int($0.release.prefix { $0.isNumber }) }
        return "\((numbers.max() ?? 0) + 1)\(dist)"
    }
}
