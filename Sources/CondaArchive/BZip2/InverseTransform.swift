import Glibc

/// Undoes the Burrows-Wheeler transform of one block after the other.
///
/// Following several blocks' links side by side, to hide the wait for memory, was tried: it gained nothing, as the links
/// of one block just about fit the second-level cache and those of several do not.
final class InverseTransform {
    private let links: UnsafeMutablePointer<UInt32>

    init() {
        // Two megabytes: with ordinary pages many a link would miss the address cache, too.
        let hugePage = 2 << 20
        let size = (BZip2Format.maximumBlockSize * MemoryLayout<UInt32>.stride + hugePage - 1) & -hugePage
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: hugePage)
        // Advice only: a kernel without huge pages is slower, not wrong.
        _ = madvise(memory, size, MADV_HUGEPAGE)
        links = memory.bindMemory(to: UInt32.self, capacity: BZip2Format.maximumBlockSize)
    }

    deinit {
        links.deallocate()
    }

    /// Puts the bytes of a block into its column and starts its output.
    func unwind(_ block: BZip2Block) {
        link(block)
        var row = block.origin
        for index in 0..<block.count {
            let link = links[row]
            block.column[index] = UInt8(truncatingIfNeeded: link)
            row = Int(link &>> 8)
        }
        block.start()
    }

    /// Links each row to the row of the rotation that starts one byte later; the low bits hold the row's first byte.
    private func link(_ block: BZip2Block) {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 256) { next in
            guard let next = next.baseAddress else { return }
            var sum = 0
            for byte in 0..<256 {
                next[byte] = sum
                sum &+= Int(block.frequencies[byte])
            }
            let column = block.column
            for row in 0..<block.count {
                let byte = Int(column[row])
                let place = next[byte]
                next[byte] = place &+ 1
                links[place] = UInt32(truncatingIfNeeded: row) &<< 8 | UInt32(truncatingIfNeeded: byte)
            }
        }
    }
}
