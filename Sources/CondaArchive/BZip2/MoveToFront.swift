/// The list of byte values that the most recent ones head.
///
/// Its first sixteen places are kept in two registers, where most moves happen without a branch that depends on them.
struct MoveToFront {
    private static let registers = 16

    /// Places 0 to 7, the first one lowest.
    private var first: UInt64 = 0
    /// Places 8 to 15.
    private var second: UInt64 = 0
    /// The places behind; the first sixteen of this memory are not used.
    private let rest: UnsafeMutablePointer<UInt8>

    /// - Parameter memory: 256 bytes that start with the list; they belong to this value while it is used.
    init(_ memory: UnsafeMutablePointer<UInt8>) {
        rest = memory
        first = UnsafeRawPointer(memory).loadUnaligned(as: UInt64.self).littleEndian
        second = UnsafeRawPointer(memory + 8).loadUnaligned(as: UInt64.self).littleEndian
    }

    /// The byte at the front.
    var front: UInt8 {
        @inline(__always) get { UInt8(truncatingIfNeeded: first) }
    }

    /// Moves the byte at a place below 256 to the front and returns it.
    @inline(__always)
    mutating func move(_ place: Int) -> UInt8 {
        if place < 8 {
            let byte = first &>> UInt64(truncatingIfNeeded: place &* 8) & 0xFF
            first = Self.shifted(first, upTo: place, carrying: byte)
            return UInt8(truncatingIfNeeded: byte)
        }
        return place < Self.registers ? moveFromSecond(place &- 8) : moveFromRest(place)
    }

    @inline(__always)
    private mutating func moveFromSecond(_ place: Int) -> UInt8 {
        let byte = second &>> UInt64(truncatingIfNeeded: place &* 8) & 0xFF
        second = Self.shifted(second, upTo: place, carrying: first &>> 56)
        first = first &<< 8 | byte
        return UInt8(truncatingIfNeeded: byte)
    }

    private mutating func moveFromRest(_ place: Int) -> UInt8 {
        let byte = rest[place]
        moveUp(place)
        rest[Self.registers] = UInt8(truncatingIfNeeded: second >> 56)
        second = second << 8 | first >> 56
        first = first << 8 | UInt64(byte)
        return byte
    }

    /// Moves the bytes in memory below a place up by one; sixteen at a time from the top down, for the moves are short.
    ///
    /// The last sixteen may reach into the places that are not used.
    @inline(__always)
    private func moveUp(_ place: Int) {
        let memory = UnsafeMutableRawPointer(rest)
        var end = place
        repeat {
            end &-= 16
            let bytes = memory.loadUnaligned(fromByteOffset: end, as: SIMD16<UInt8>.self)
            memory.storeBytes(of: bytes, toByteOffset: end &+ 1, as: SIMD16<UInt8>.self)
        } while end > Self.registers
    }

    /// Moves the bytes below a place up by one, over the byte at the place, and puts another below them.
    @inline(__always)
    static func shifted(_ word: UInt64, upTo place: Int, carrying byte: UInt64) -> UInt64 {
        let mask = (2 &<< UInt64(truncatingIfNeeded: place &* 8 &+ 7)) &- 1
        return word & ~mask | (word &<< 8 | byte) & mask
    }
}
