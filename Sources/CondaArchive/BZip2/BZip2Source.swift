/// The bytes that bzip2 streams unpack to; streams may follow each other.
///
/// The Huffman codes are decoded in order on the caller's thread. The rest, about half of the work, is done block by
/// block, by helper threads too where the caller asks for them. Blocks are not looked for ahead of the codes: what looks
/// like a block's start in the middle of one cannot mislead this reader.
///
/// Written by hand, and not libbz2: the host tool links statically, and RHEL has no static libbz2. On one core it takes 0.67
/// of libbz2's time, which knows no threads (2026-12-01).
package final class BZip2Source: ByteSource {
    private let parser: BZip2Parser
    private let transforms: TransformQueue
    private var parsed: [BZip2Block] = []
    private var spare: [BZip2Block] = []
    private var current: BZip2Block?
    private var parsingEnded = false
    /// What the parser met behind the blocks that it has read; thrown once those are handed out.
    private var fault: ArchiveFault?

    /// - Parameter threads: threads that work on this stream, the caller's included, about 10 MB of memory each.
    package init(_ input: any ByteSource, threads: Int = 1) {
        parser = BZip2Parser(input)
        transforms = TransformQueue(helpers: max(0, min(threads, 64) - 1))
    }

    deinit {
        transforms.stop()
    }

    package func next() throws(ArchiveFault) -> UnsafeRawBufferPointer {
        while true {
            if let block = current {
                let part = try block.next()
                if !part.isEmpty { return part }
                spare.append(block)
                current = nil
            } else if try !takeBlock() {
                return UnsafeRawBufferPointer(start: nil, count: 0)
            }
        }
    }

    /// Makes the next block current; false at the end of the data.
    private func takeBlock() throws(ArchiveFault) -> Bool {
        let ahead = transforms.helpers == 0 ? 1 : 2 * transforms.helpers + 1
        while parsed.count < ahead, !parsingEnded { parseBlock() }
        guard !parsed.isEmpty else {
            if let fault { throw fault }
            return false
        }
        let block = parsed.removeFirst()
        transforms.finish(block)
        current = block
        return true
    }

    private func parseBlock() {
        let block = spare.popLast() ?? BZip2Block()
        do throws(ArchiveFault) {
            guard try parser.next(into: block) else {
                parsingEnded = true
                return
            }
            parsed.append(block)
            transforms.submit(block)
        } catch {
            fault = error
            parsingEnded = true
        }
    }
}
