/// The two tar streams of a package; in a `.tar.bz2` file they are one.
enum ArchivePart: String {
    case info = "info-"
    case payload = "pkg-"
}

extension CondaArchive {
    /// Opens one part of the archive for reading from its start.
    func reader(of part: ArchivePart, threads: Int = 1) throws(ArchiveError) -> TarReader {
        do throws(ArchiveFault) {
            let file = try ArchiveFile(path: path)
            return TarReader(
                try unpacked(part, of: file, threads), limits: limits,
                expansion: limits.expansion(ofArchiveSize: file.size))
        } catch {
            throw ArchiveError(archive: path, reason: error)
        }
    }

    private func unpacked(
        _ part: ArchivePart, of file: ArchiveFile, _ threads: Int
    ) throws(ArchiveFault) -> any ByteSource {
        switch format {
        case .tarBzip2:
            return BZip2Source(FileSource(file: file, region: 0..<file.size), threads: threads)
        case .conda:
            let directory = try ZipDirectory(file, limits: limits)
            try checkFormatVersion(directory, file)
            let entry = try directory.part(part)
            let region = try directory.contents(of: entry, in: file)
            let packed = FileSource(file: file, region: region, checksum: entry.checksum)
            return try ZstdSource(packed, windowLog: limits.zstandardWindowLog)
        }
    }

    /// Reads `metadata.json`, whose version must be 2 (CEP 35).
    ///
    /// Packages without the file exist and every client installs them, so its absence is accepted.
    private func checkFormatVersion(_ directory: ZipDirectory, _ file: ArchiveFile) throws(ArchiveFault) {
        guard let entry = directory.entries.first(where: { $0.name == "metadata.json" }) else { return }
        let region = try directory.contents(of: entry, in: file)
        guard region.count <= limits.extendedHeaderSize else {
            throw .overLimit(
                "bytes of metadata.json", limit: Int64(limits.extendedHeaderSize), found: Int64(region.count))
        }
        let bytes = try file.bytes(region)
        var checksum = CRC32()
        bytes.withUnsafeBytes { checksum.update($0) }
        guard checksum.value == entry.checksum else {
            throw .corrupt(.zip, "the CRC-32 of metadata.json differs from the one in the directory")
        }
        let version = try FormatVersion(json: bytes, depth: limits.documentDepth)
        guard version.number == 2 else {
            throw .unsupported(.zip, "metadata.json has conda_pkg_format_version \(version.number), expected 2")
        }
    }
}

extension ZipDirectory {
    /// The one member that holds a part.
    func part(_ part: ArchivePart) throws(ArchiveFault) -> ZipEntry {
        let found = entries.filter { $0.name.hasPrefix(part.rawValue) && $0.name.hasSuffix(".tar.zst") }
        guard let entry = found.first else { throw .missing("\(part.rawValue)*.tar.zst") }
        guard found.count == 1 else {
            throw .corrupt(.zip, "expected one \(part.rawValue)*.tar.zst, found \(found.count)")
        }
        return entry
    }
}
