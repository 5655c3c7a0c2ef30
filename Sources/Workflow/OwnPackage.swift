import CondaModel
import FoundationEssentials
import RPMFormat
import ServicePackaging
import ServiceRelease

/// What an RPM that conda-rpm wrote is for: a service, or one conda package of layout `split`.
///
/// Either may come as the source RPM of the same.
enum OwnPackage {
    case service(Release)
    /// As the package describes itself; of a source RPM, as the archive's name does.
    case package(PackageRecord)

    /// Finds out which it is.
    ///
    /// - Throws: `WorkflowError.noReleaseDocument` when the RPM is not ours.
    init(_ reader: RPMReader) throws {
        if reader.isSharedPackage {
            self = .package(try Self.record(of: reader))
        } else if reader.isSource, let record = Self.archived(in: reader) {
            self = .package(record)
        } else {
            self = .service(try Release(rpm: reader))
        }
    }

    /// What an unpacked package says of itself, with the digest of its archive.
    private static func record(of reader: RPMReader) throws -> PackageRecord {
        let path = "\(SharedPackage.root)/\(reader.name.dropFirst("conda-".count))/info/index.json"
        let bytes = try reader.contents(of: path, limit: 1 << 20)
        do {
            var record = try JSONDecoder().decode(PackageRecord.self, from: Data(bytes))
            record.sha256 = reader.inputs
            return record
        } catch {
            throw RPMError.corrupt(path: reader.path, reason: "\(path) describes no package: \(error)")
        }
    }

    /// The one archive of a conda package's source RPM.
    private static func archived(in reader: RPMReader) -> PackageRecord? {
        let archives = reader.files.filter { $0.kind == .file && ArchiveName($0.path) != nil }
        guard archives.count == 1, let file = archives.first, let name = ArchiveName(file.path),
            let version = try? Version(name.version), let digest = file.digest
        else { return nil }
        let record = PackageRecord(
            name: name.name, version: version, build: name.build, sha256: digest, size: file.size,
            license: reader.license,
            fileName: file.path)
        return SharedPackage(record).rpmName == reader.name ? record : nil
    }
}

extension Release {
    /// Reads the document that an RPM of ours carries.
    ///
    /// A file of the user's may have the same name: the document is the one that speaks of this very package.
    ///
    /// - Throws: `WorkflowError.noReleaseDocument` when the RPM is not ours.
    init(rpm reader: RPMReader) throws {
        let candidates = reader.files.filter { $0.kind == .file && Self.isDocument($0.path, of: reader) }
        var problem: (any Error)?
        for file in candidates {
            do {
                let release = try Release(
                    json: try reader.contents(of: file.path, limit: 64 << 20), origin: "\(reader.path): \(file.path)")
                if release.speaks(of: reader, from: file.path) {
                    self = release
                    return
                }
            } catch {
                problem = problem ?? error
            }
        }
        throw problem ?? WorkflowError.noReleaseDocument(rpm: reader.path)
    }

    /// In a bundle, or among the sources, where a number stands before a name that two sources have.
    private static func isDocument(_ path: String, of reader: RPMReader) -> Bool {
        guard reader.isSource else {
            return path.hasSuffix("/bundle/\(reader.version)-\(reader.release)/\(Release.fileName)")
        }
        return path == Release.fileName
            || path.hasSuffix("-\(Release.fileName)")
                && path.dropLast(Release.fileName.count + 1).allSatisfy(\.isNumber)
    }

    private func speaks(of reader: RPMReader, from path: String) -> Bool {
        guard name == reader.name, version == reader.version, release == reader.release else { return false }
        return reader.isSource || path == "\(prefix)/bundle/\(identifier)/\(Release.fileName)"
    }
}
