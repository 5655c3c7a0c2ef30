/// One archive to have in the cache.
package struct DownloadItem: Sendable, Hashable {
    /// `http`, `https` or `file` URL, or an absolute path; credentials in it are used but not kept.
    package let url: String
    /// Lower-case hexadecimal; what the archive is checked against and stored under.
    package let sha256: String?
    /// Lower-case hexadecimal; checked when there is no SHA-256, as in older explicit files.
    package let md5: String?
    /// In bytes; a server that promises or sends another size is refused early.
    package let size: Int64?

    /// Describes an archive; digests may be written in upper case.
    package init(url: String, sha256: String? = nil, md5: String? = nil, size: Int64? = nil) {
        self.url = url
        self.sha256 = sha256?.lowercased()
        self.md5 = md5?.lowercased()
        self.size = size
    }
}
