/// The folder that holds what came from channels, shared by all processes of a user.
///
///     archives/sha256/AB/HEX.conda|.tar.bz2   one archive, named by its own digest
///     archives/md5/AB/HEX.conda               relative symbolic link to the above, for locks that know only an MD5
///     archives/url/AB/HEX.conda               the same for items without digest; HEX is the SHA-256 of the URL
///     partial/HEX.part                        a download that is under way or was cut; locked while written
///     repodata/KEY/state.json                 what the last response said; its rename commits a download
///     repodata/KEY/body.UNIQUE                decompressed repodata, or the index of shards, that state.json names
///     repodata/KEY/body.UNIQUE.index          names and byte ranges of that document; local.index of a local channel's
///     shards/AB/HEX.msgpack.zst               one shard (CEP 16), named by its own digest
///     trees/PROCESS-UNIQUE                    a tree that a build makes and packs; gone with that process or the next
///     verified/HEX, verified/HEX.list         that an archive was compared with its digest, and its files with its list
///
/// A final name appears only by rename of a complete, verified file, so a killed process leaves nothing half-made
/// under one. Archives and repodata are synced first; shards and indexes are verified by digest whenever they are
/// read. Writers of the same file take `flock` first; readers need no lock.
package struct CacheDirectory: Sendable, Hashable {
    /// Absolute path; created when something is written.
    package let path: String

    /// Uses the folder at an absolute path.
    package init(path: String) { self.path = path }

    /// `$CONDA_RPM_CACHE`, else `$XDG_CACHE_HOME/conda-rpm`, else `~/.cache/conda-rpm`, else a folder in `/var/tmp`.
    package static func standard(environment: [String: String]) -> CacheDirectory {
        func value(_ key: String) -> String? { environment[key].flatMap { $0.isEmpty ? nil : $0 } }
        if let path = value("CONDA_RPM_CACHE") { return CacheDirectory(path: absolutePath(path)) }
        if let path = value("XDG_CACHE_HOME"), path.hasPrefix("/") { return CacheDirectory(path: "\(path)/conda-rpm") }
        if let path = value("HOME"), path.hasPrefix("/") { return CacheDirectory(path: "\(path)/.cache/conda-rpm") }
        return CacheDirectory(path: "/var/tmp/conda-rpm-cache")
    }

    func archive(algorithm: String, digest: String, suffix: String) -> String {
        "\(path)/archives/\(algorithm)/\(digest.prefix(2))/\(digest)\(suffix)"
    }

    func partial(_ key: String) -> String { "\(path)/partial/\(key).part" }

    func repodata(_ key: String) -> String { "\(path)/repodata/\(key)" }

    func shard(_ digest: String) -> String { "\(path)/shards/\(digest.prefix(2))/\(digest).msgpack.zst" }
}
