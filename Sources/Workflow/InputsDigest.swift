import CondaArchive
import CondaModel
import FoundationEssentials
import HostSystem
import ServiceManifest
import ServicePackaging

/// One digest over everything that goes into an RPM.
///
/// Two builds with the same digest give the same bytes; that is what lets a build with nothing changed be skipped.
/// The manifest counts as decoded, so comments, formatting and the order of keys change nothing; files, scripts,
/// the bootstrap and the host tool count by their contents. The release number is left out: it follows from the digest.
struct InputsDigest: Encodable {
    /// The version of the packaging code: raised when equal inputs give other bytes.
    static let packaging = 7

    var packagingVersion = InputsDigest.packaging
    var manifest: String
    var platform: String
    var packages: [String]
    var wheels: [String]
    var files: [String]
    var scripts: [String?]
    var bootstrap: String?
    var hostTool: String
    /// What decides the bytes of transmuted archives, or of a compressed payload, where there are any.
    var transmuter: String?
    var sourceDateEpoch: String?

    init(
        project: Project, locked: LockedPackages, localWheels: [ResolvedWheel], files: [ResolvedFile],
        scripts: ResolvedScripts,
        bootstrap: String?, hostTool: String, sourceDateEpoch: String?
    ) throws {
        manifest = try Self.manifest(project)
        platform = project.subdir.rawValue
        packages = locked.records.map {
            "\(ChannelName.withoutFolders($0.url))#\($0.sha256 ?? $0.md5 ?? "") \($0.depends)"
        }
        wheels = locked.wheels.map { "\($0.url)#\($0.sha256 ?? $0.md5 ?? "")" }
        wheels += localWheels.map { "\($0.fileName)#\($0.sha256)" }
        self.files = files.map {
            "\($0.destination) \($0.mode) \($0.owner) \($0.group) \($0.flags.rawValue) \($0.identity)"
        }
        self.scripts = [scripts.pre, scripts.post, scripts.preun, scripts.postun]
        self.bootstrap = bootstrap
        self.hostTool = hostTool
        let section = project.manifest.rpm
        let payload = section.target.payload(section.layout.released)
        transmuter = section.transmute || payload != .uncompressed ? CondaArchive.transmuter : nil
        self.sourceDateEpoch = sourceDateEpoch
    }

    /// The manifest as it counts: without its release number, without the credentials of URLs, which must not reach an
    /// RPM and whose change is no change, and without the folders of the build machine.
    static func manifest(_ project: Project) throws -> String {
        var manifest = project.manifest
        manifest.rpm.release = .automatic
        // However it is written, a channel is its place: a path, a file:// URL, with a slash at its end or none.
        manifest.channels = project.channelNames
        manifest.dependencies = manifest.dependencies.map(Self.spelled)
        return try stableJSON(portable(JSONValue(json: try manifest.canonicalJSON()), isFile: false))
    }

    /// A requirement with its channel, where it names one, as URLs are written.
    private static func spelled(_ requirement: String) -> String {
        guard let end = requirement.firstRange(of: "::"), !requirement.hasPrefix("[") else { return requirement }
        var channel = String(requirement[..<end.lowerBound])
        while channel.count > 1, channel.hasSuffix("/") { channel.removeLast() }
        if ["/", "./", "../"].contains(where: channel.hasPrefix) {
            channel = "file://" + URL(fileURLWithPath: channel).standardizedFileURL.path
        }
        return channel + requirement[end.lowerBound...]
    }

    /// The values under these keys name files of the build machine, which count by their contents.
    private static let fileKeys: Set = ["source", "wheels", "miniconda", "micromamba", "file"]

    private static func portable(_ value: JSONValue, isFile: Bool) -> JSONValue {
        switch value {
        case .object(let members):
            .object(
                Dictionary(
                    uniqueKeysWithValues: members.map { ($0, portable($1, isFile: isFile || fileKeys.contains($0))) }))
        case .list(let items): .list(items.map { portable($0, isFile: isFile) })
        case .text(let text): .text(portable(text, isFile: isFile))
        case .null, .boolean, .number: value
        }
    }

    private static func portable(_ text: String, isFile: Bool) -> String {
        if text.hasPrefix("/"), isFile { return text.lastPathName }
        if text.hasSuffix(".whl") { return wheel(text) }
        return ChannelName.withoutFolders(ChannelName.withoutCredentials(text))
    }

    /// A wheel of the `pip:` list, by its path or as `NAME @ file://PATH`, without the folder that it lies in.
    private static func wheel(_ text: String) -> String {
        let parts = text.split(separator: "@", maxSplits: 1).map { $0.trimmingBlanks }
        let place = parts.last ?? text
        guard place.hasPrefix("/") || place.hasPrefix("file://") else {
            return ChannelName.withoutFolders(ChannelName.withoutCredentials(text))
        }
        return parts.count == 2 ? "\(parts[0]) @ \(place.lastPathName)" : place.lastPathName
    }

    /// Lower-case hexadecimal SHA-256 of the sorted JSON form.
    func hexadecimalDigest() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return hexadecimal(Digest.sha256(try encoder.encode(self)))
    }
}
