import CondaArchive

/// A small package of either format.
struct PackageFixture: Sendable {
    var index =
        #"{"name": "sample", "version": "1.0", "build": "0", "build_number": 0, "depends": [], "subdir": "linux-64"}"#
    var info: [(String, String)] = [("info/paths.json", #"{"paths_version": 1, "paths": []}"#)]
    var payload: @Sendable (inout TarFixture) -> Void = { tar in
        tar.add("bin/", type: "5", mode: 0o755)
        tar.add("bin/tool", data: Array("#!/bin/sh\n".utf8), mode: 0o755)
        tar.add("lib/link", type: "2", link: "../bin/tool")
    }
    var metadata: String? = #"{"conda_pkg_format_version": 2}"#

    var infoTar: TarFixture {
        var tar = TarFixture()
        tar.add("info/index.json", data: Array(index.utf8))
        for (name, text) in info { tar.add(name, data: Array(text.utf8)) }
        return tar
    }

    var payloadTar: TarFixture {
        var tar = TarFixture()
        payload(&tar)
        return tar
    }

    func conda(edit: (inout ZipFixture) -> Void = { _ in }) -> [UInt8] {
        var zip = ZipFixture()
        if let metadata { zip.add("metadata.json", Array(metadata.utf8)) }
        zip.add("pkg-sample-1.0-0.tar.zst", Compression.zstd(payloadTar.finished()))
        zip.add("info-sample-1.0-0.tar.zst", Compression.zstd(infoTar.finished()))
        edit(&zip)
        return zip.bytes()
    }

    /// - Parameter infoFirst: whether the metadata comes before the payload, as build tools put it.
    func tar(infoFirst: Bool = true) -> [UInt8] {
        var tar = infoFirst ? infoTar : payloadTar
        tar.append(infoFirst ? payloadTar.bytes : infoTar.bytes)
        return tar.finished()
    }

    func tarBzip2(infoFirst: Bool = true) -> [UInt8] {
        Compression.bzip2(tar(infoFirst: infoFirst))
    }

    func bytes(_ format: ArchiveFormat) -> [UInt8] {
        format == .conda ? conda() : tarBzip2()
    }
}

/// A member as the tests compare it.
struct Visited: Equatable {
    var member: ArchiveMember
    var contents: [UInt8]
}

extension CondaArchive {
    func visitAll() throws -> [Visited] {
        var visited: [Visited] = []
        try forEachMember { member, contents in
            visited.append(Visited(member: member, contents: try contents.readAll(limit: 1 << 24)))
        }
        return visited
    }
}

/// Reads a tar stream whole, handed out in chunks of the given size.
func readTar(
    _ bytes: [UInt8], chunkSize: Int = .max, limits: ArchiveLimits = .standard, expansion: Int64 = 1 << 30
) throws(ArchiveFault) -> [Visited] {
    let reader = TarReader(MemorySource(bytes, chunkSize: chunkSize), limits: limits, expansion: expansion)
    var visited: [Visited] = []
    while let member = try reader.nextMember() {
        var contents: [UInt8] = []
        while let chunk = try reader.nextChunk() { contents.append(contentsOf: chunk) }
        visited.append(Visited(member: member, contents: contents))
    }
    return visited
}

/// The fault that a body ends with, nil when it ends well.
func fault(_ body: () throws -> Void) -> ArchiveFault? {
    do {
        try body()
        return nil
    } catch let error as ArchiveFault {
        return error
    } catch let error as ArchiveError {
        return error.reason
    } catch {
        return .forbidden("unexpected error type: \(error)")
    }
}
