/// Streams all files of a plan into the payload, in constant memory, hashing on the way.
struct PayloadStage: ~Copyable {
    /// What came out.
    struct Result: Sendable {
        /// Digests for the header.
        let facts: PackageHeader.PayloadFacts
        /// Bytes of the payload as it stands in the package.
        let size: Int64
        /// Bytes before compression.
        let uncompressedSize: Int64
    }

    /// Bytes that are read, hashed and compressed at once.
    private static let pieceSize = 1 << 20

    private let plan: PackagePlan
    private let sink: any PayloadSink
    private let fileDigests = DigestLane()
    /// Hashes the payload before compression.
    private let archiveDigest = DigestLane()
    private var archive: CpioWriter
    /// Headers and small files that wait to be written together.
    private var pending: [UInt8] = []

    /// Prepares to write to `output` from `offset` on; `path` is for messages.
    init(_ plan: PackagePlan, to output: Int32, at offset: Int64, path: String) throws(RPMError) {
        self.plan = plan
        sink = try plan.description.payload.sink(to: output, at: offset, path: path)
        archive = CpioWriter(isStripped: plan.hasLargeFiles, isSource: plan.isSource)
    }

    /// Writes everything.
    consuming func run() throws(RPMError) -> Result {
        for (index, file) in plan.files.enumerated() where file.isInPayload {
            try append(archive.header(of: file, index: index, time: plan.time(of: file)))
            try appendContents(of: file, index: index)
        }
        try append(archive.trailer())
        try flush()
        archiveDigest.cut(0)
        let sunk = try sink.finish()
        let facts = try checkedFacts(sunk)
        return Result(facts: facts, size: sunk.size, uncompressedSize: archive.size)
    }

    private mutating func appendContents(of file: RPMFile, index: Int) throws(RPMError) {
        switch file.contents {
        case .directory: return
        case .symlink(let target): try appendContents(Array(target.utf8))
        case .data(let bytes):
            fileDigests.add(bytes)
            try appendContents(bytes)
        case .file(let path, let size, _): try appendFile(path, size: size, hashing: file.knownDigest == nil)
        }
        if file.hasDigest, file.knownDigest == nil { fileDigests.cut(index) }
    }

    private mutating func appendFile(_ path: String, size: Int64, hashing: Bool) throws(RPMError) {
        let source = try SourceFile(path)
        guard source.size == size else { throw .sizeChanged(path: path, expected: size, found: source.size) }
        var position: Int64 = 0
        while position < size {
            let piece = try source.read(count: Int(min(Int64(Self.pieceSize), size - position)), at: position)
            position += Int64(piece.count)
            if piece.isEmpty { throw .sizeChanged(path: path, expected: size, found: position) }
            if hashing { fileDigests.add(piece) }
            try appendContents(piece)
        }
    }

    private mutating func appendContents(_ bytes: [UInt8]) throws(RPMError) {
        archive.advance(by: bytes.count)
        try append(bytes)
    }

    /// Adds bytes to the archive; large pieces go on without another copy.
    private mutating func append(_ bytes: [UInt8]) throws(RPMError) {
        if bytes.count >= Self.pieceSize / 4 {
            try flush()
            try pass(bytes)
        } else {
            pending += bytes
            if pending.count >= Self.pieceSize { try flush() }
        }
    }

    private mutating func flush() throws(RPMError) {
        if pending.isEmpty { return }
        try pass(pending)
        pending = []
        pending.reserveCapacity(Self.pieceSize + Self.pieceSize / 4)
    }

    private func pass(_ bytes: [UInt8]) throws(RPMError) {
        archiveDigest.add(bytes)
        try sink.write(bytes)
    }

    /// Compares what went in with what the description promised.
    private func checkedFacts(_ sunk: PayloadSinkResult) throws(RPMError) -> PackageHeader.PayloadFacts {
        var facts = PackageHeader.PayloadFacts(placeholderFor: plan)
        facts.uncompressedDigest = archiveDigest.finish()[0] ?? ""
        facts.digest = sunk.digest ?? facts.uncompressedDigest
        for (index, digest) in fileDigests.finish() {
            if case .file(let path, _, let expected?) = plan.files[index].contents, expected != digest {
                throw .digestMismatch(path: path, expected: expected, found: digest)
            }
            facts.fileDigests[index] = digest
        }
        for (index, file) in plan.files.enumerated() {
            if let known = file.knownDigest { facts.fileDigests[index] = known }
        }
        return facts
    }
}
