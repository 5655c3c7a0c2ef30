import CondaChannel
import CondaModel
import FoundationEssentials
import Glibc
import RPMFormat
import ServicePackaging

/// The RPMs of a directory, known by their headers alone.
package struct PublishedPackages: Sendable {
    /// One RPM.
    package struct Package: Sendable, Hashable {
        package let name: String
        package let version: String
        package let release: String
        package let architecture: String
        /// The digest of what went into it; nil for an RPM that is not ours.
        package let inputs: String?
        /// Where it is, for messages.
        package let place: String
        /// Where it can be read; nil for one that is only known from a repository's metadata.
        package let path: String?
        /// `0` where there is none.
        package var epoch = "0"
        /// The RPM that was the newest when this one was built, where dnf takes this one for older.
        var after: EVR?
        /// SHA-256 of the file as the metadata has it; nil where it was not told.
        package var sha256: String?

        var evr: EVR { EVR(epoch: Int(epoch) ?? 0, version: version, release: release) }

        var identity: PackageIdentity {
            PackageIdentity(
                name: name, epoch: epoch, version: version, release: release, architecture: architecture)
        }
    }

    /// In the order of their versions, oldest first.
    private let byName: [String: [Package]]

    init(_ packages: [Package]) {
        byName = Dictionary(grouping: packages, by: \.name).mapValues { own in
            own.sorted { $0.evr < $1.evr }
        }
    }

    /// Reads a directory of RPMs, or the metadata of a yum repository that is named by its URL.
    ///
    /// - Parameter mayBeMissing: whether a directory that is not there has no RPMs, as that of a first build. Any other one
    ///   that cannot be read is not empty: releases that are taken would be given again.
    package init(repository: String, mayBeMissing: Bool = false, connection: Connection) async throws {
        if let directory = try RepositoryPlace.directory(repository) {
            let isMissing = mayBeMissing && access(directory, F_OK) != 0 && errno == ENOENT
            guard isMissing || access(directory, R_OK | X_OK) == 0 else {
                throw PublishError.noDirectory(path: directory)
            }
            self.init(directory: directory)
        } else {
            self = try await RepositoryIndex(connection: connection).packages(of: repository)
        }
    }

    /// Reads the headers of all RPMs in a directory and the directories below it; a file that is none is passed over.
    package init(directory: String) {
        let files = FolderTree.paths(below: directory).filter { $0.hasSuffix(".rpm") }
        self.init(files: files.sorted().map { "\(directory)/\($0)" })
    }

    /// Reads the headers of RPMs; a file that is none is passed over.
    init(files: [String]) {
        self.init(
            files.compactMap { path in
                // A source package has the name of what it makes.
                guard let reader = try? RPMReader(path: path), reader.sourceRPM != nil else { return nil }
                return Package(
                    name: reader.name, version: reader.version, release: reader.release,
                    architecture: reader.architecture, inputs: reader.inputs, place: path, path: path,
                    epoch: "\(reader.epoch ?? 0)", after: reader.after)
            })
    }

    /// The RPMs of one service, oldest first.
    package func packages(name: String, architecture: String) -> [Package] {
        (byName[name] ?? []).filter { $0.architecture == architecture }
    }
}

/// What `--repo` says.
enum RepositoryPlace {
    /// The directory that a path or a `file://` URL names; nil for the URL of a server.
    static func directory(_ text: String) throws(PublishError) -> String? {
        guard text.contains("://") else { return text }
        guard let url = ResourceURL(text) else { throw .noRepository(text: ChannelName.withoutCredentials(text)) }
        guard url.isFile else { return nil }
        let path = percentDecoded(url.path)
        return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }
}

/// What a repository has one package of: hosts take two files that agree in this for the same.
struct PackageIdentity: Hashable, Sendable, CustomStringConvertible {
    let name: String
    let epoch: String
    let version: String
    let release: String
    let architecture: String

    var description: String {
        "\(name)-\(epoch == "0" ? "" : "\(epoch):")\(version)-\(release).\(architecture)"
    }
}

extension RPMReader {
    /// A source package has the name of what it makes, and the architecture of the machine that made it.
    var identity: PackageIdentity {
        PackageIdentity(
            name: name, epoch: "\(epoch ?? 0)", version: version, release: release,
            architecture: sourceRPM == nil ? "src" : architecture)
    }
}
