import Glibc
import HostSystem

extension RPMReader {
    /// Unpacks the payload below an existing, empty directory.
    ///
    /// Files, directories, links and their permission bits and times are made; owners, set-user-ID bits, devices and
    /// ghosts are not. No path leaves `directory`: a component that is a link is refused, and so is a path that exists.
    /// Every file is compared with its digest in the header.
    ///
    /// - Throws: ``RPMError/unsafePath(path:package:reason:)``, ``RPMError/unwritable(path:reason:)`` and what
    ///   ``contents(of:limit:)`` throws.
    package func extract(to directory: String) throws(RPMError) {
        let entries = files
        let root = try ExtractionRoot(directory, package: path)
        let walk = try PayloadWalk(self, fileCount: entries.count)
        var directories: [RPMEntry] = []
        while let member = try walk.next() {
            let entry = entries[member.index]
            switch entry.kind {
            case .directory:
                try root.makeDirectory(entry.path)
                directories.append(entry)
            case .symlink(let target): try root.makeLink(entry.path, target: target)
            case .special: throw .unsafePath(path: entry.path, package: path, reason: "it is a device, pipe or socket")
            case .file:
                let links = walk.hardLinks(of: member.index)
                guard member.hasContents || entry.size == 0 && links.count <= 1 else { continue }
                try extract(entry, from: walk, to: root)
                for other in links where other != member.index {
                    try root.makeHardLink(entries[other].path, to: entry.path)
                }
            }
        }
        // Last, so that a directory that may not be written to is filled first.
        for entry in directories.reversed() { try root.finish(directory: entry) }
    }

    private func extract(_ entry: RPMEntry, from walk: PayloadWalk, to root: borrowing ExtractionRoot) throws(RPMError)
    {
        let descriptor = try root.makeFile(entry.path)
        defer { close(descriptor) }
        try walk.readContents(of: entry) { bytes throws(RPMError) in
            let failure = writeAll(bytes, to: descriptor)
            if failure != 0 { throw .unwritable(path: entry.path, reason: systemMessage(failure)) }
        }
        try root.finish(descriptor, entry)
    }
}
