import CondaArchive
import CondaModel
import HostSystem

/// Writes the files of one wheel, each of them compared with `RECORD` on the way.
struct WheelLinker {
    private static let scriptLimit = 16 << 20

    /// The wheel.
    let plan: WheelPlan

    /// The prefix that is made.
    let build: PrefixBuild

    /// The `#!` line of scripts, with its newline.
    let interpreterLine: String

    /// Writes files and returns what is known about each in the order of the plan; nil for those not selected.
    func link(selection: Set<Int>? = nil) throws(PrefixError) -> [InstalledPath?] {
        var paths: [InstalledPath?] = []
        for (index, task) in plan.tasks.enumerated() {
            paths.append(selection?.contains(index) ?? true ? try link(task) : nil)
        }
        return paths
    }

    private func link(_ task: WheelTask) throws(PrefixError) -> InstalledPath {
        switch task.origin {
        case .member(let member, let digest): try linkMember(task, member, listed: digest)
        case .command(let command):
            try write(Array(command.script(interpreterLine: interpreterLine).utf8), task, time: nil)
        case .text(let text): try write(Array(text.utf8), task, time: nil)
        // It is written last and has no digest of its own.
        case .record: InstalledPath(path: task.target, kind: .hardlink)
        }
    }

    private func linkMember(
        _ task: WheelTask, _ member: ZipArchive.Member, listed: String
    ) throws(PrefixError) -> InstalledPath {
        let contents = try PrefixError.reading { () throws(ArchiveError) in try plan.archive.contents(of: member) }
        var digest = WheelDigest(row: .init(path: "", digest: listed))
        guard var chunk = try Self.next(contents) else {
            try check(digest, member)
            return try write([], task, time: member.modificationTime, isExecutable: member.isExecutable)
        }
        if task.isScript, chunk.starts(with: "#!python".utf8) {
            return try linkScript(task, member, contents, chunk, digest)
        }
        let file = try task.isWritten ? create(task, isExecutable: member.isExecutable) : nil
        var hash = Digest(.sha256)
        while true {
            digest?.update(chunk)
            hash.update(chunk)
            if let file { try PrefixError.writing { () throws(DirectoryError) in try file.file.write(chunk) } }
            guard let next = try Self.next(contents) else { break }
            chunk = next
        }
        try check(digest, member)
        if let file { try file.close(time: clamped(member.modificationTime)) }
        return installed(task, hexadecimal(hash.finalize()), member.size)
    }

    /// Puts the environment's Python into the first line, as the wheel's `#!python` or `#!pythonw` asks for (PEP 427).
    private func linkScript(
        _ task: WheelTask, _ member: ZipArchive.Member, _ contents: ZipContents, _ first: UnsafeRawBufferPointer,
        _ digest: WheelDigest?
    ) throws(PrefixError) -> InstalledPath {
        guard member.size <= Int64(Self.scriptLimit) else { throw bad(member, "is a script of \(member.size) bytes") }
        var bytes = Array(first)
        while let chunk = try Self.next(contents) { bytes.append(contentsOf: chunk) }
        var digest = digest
        bytes.withUnsafeBytes { digest?.update($0) }
        try check(digest, member)
        let rest = bytes.drop { $0 != UInt8(ascii: "\n") }.dropFirst()
        return try write(Array(interpreterLine.utf8) + rest, task, time: member.modificationTime)
    }

    private func check(_ digest: WheelDigest?, _ member: ZipArchive.Member) throws(PrefixError) {
        if let problem = digest?.problem() { throw bad(member, problem) }
    }

    private func write(
        _ bytes: [UInt8], _ task: WheelTask, time: FileTime?, isExecutable: Bool = false
    ) throws(PrefixError) -> InstalledPath {
        if task.isWritten {
            let file = try create(task, isExecutable: isExecutable)
            try PrefixError.writing { () throws(DirectoryError) in try file.file.write(bytes) }
            try file.close(time: time.map(clamped) ?? FileTime(seconds: build.time))
        }
        return installed(task, FileLinker.digest(of: bytes), Int64(bytes.count))
    }

    private func create(_ task: WheelTask, isExecutable: Bool) throws(PrefixError) -> OpenFile {
        do throws(DirectoryError) {
            let mode: UInt16 = isExecutable || task.isScript ? 0o755 : 0o644
            return OpenFile(file: try build.directory.createFile(task.place, mode: mode))
        } catch {
            throw .directory(error)
        }
    }

    private func clamped(_ time: FileTime) -> FileTime {
        min(time.seconds, build.options.sourceEpoch ?? .max) == time.seconds ? time : FileTime(seconds: build.time)
    }

    private func installed(_ task: WheelTask, _ digest: String, _ size: Int64) -> InstalledPath {
        var path = InstalledPath(path: task.target, kind: .hardlink)
        path.digestInPrefix = digest
        path.size = size
        return path
    }

    private func bad(_ member: ZipArchive.Member, _ problem: String) -> PrefixError {
        .badWheel(wheel: plan.wheel.path, member: member.location.string, problem: problem)
    }

    private static func next(_ contents: ZipContents) throws(PrefixError) -> UnsafeRawBufferPointer? {
        do throws(ArchiveError) { return try contents.next() } catch { throw .archive(error) }
    }
}

/// A file that may or may not be written, which an optional noncopyable value cannot express well.
private final class OpenFile {
    let file: WritableFile

    init(file: consuming WritableFile) {
        self.file = file
    }

    func close(time: FileTime) throws(PrefixError) {
        do throws(DirectoryError) { try file.setModificationTime(time) } catch { throw .directory(error) }
    }
}
