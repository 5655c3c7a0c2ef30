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

    /// Creates the directory where it is missing and finds out whether it can be written to.
    func prepare() throws(WorkflowError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .outputUnwritable(path: path, code: errno == 0 ? EACCES : errno)
        }
        guard access(path, W_OK) == 0 else { throw .outputUnwritable(path: path, code: errno) }
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
