/// A package that stands complete under its final name.
package struct RPMWritten: Sendable, Hashable {
    /// Where it stands.
    package let path: String
    /// Size of the file in bytes.
    package let size: Int64
    /// SHA-256 of the whole file, lower-case hexadecimal.
    package let sha256: String
}

/// Writes RPM packages.
package enum RPMWriter {
    /// Writes the package that `description` describes to `path`.
    package static func write(_ description: RPMDescription, to path: String) throws(RPMError) -> RPMWritten {
        try description.check()
        throw .header(reason: "under construction")
    }
}
