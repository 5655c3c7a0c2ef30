/// What a header says that its member is, before the member's links are resolved.
enum MemberKind: Equatable {
    case file
    case directory
    case symlink(target: [UInt8])
    case hardlink(target: [UInt8])
    /// A file in GNU's old sparse format, with the header's part of the map.
    case oldSparse(fields: [UInt8])

    /// - Parameters:
    ///   - rawPath: as the archive has it; v7 marks directories by a slash at its end.
    ///   - linkPath: the target of a link, from whichever header has it.
    /// - Throws: ``ArchiveFault/forbidden(_:)`` for devices and fifos, ``ArchiveFault/unsupported(_:_:)``.
    init(_ header: TarHeader, rawPath: [UInt8], linkPath: [UInt8]) throws(ArchiveFault) {
        switch header.typeFlag {
        case 0 where rawPath.last == UInt8(ascii: "/"): self = .directory
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): self = .file
        case UInt8(ascii: "1"): self = .hardlink(target: linkPath)
        case UInt8(ascii: "2"): self = .symlink(target: try Self.checked(linkPath))
        case UInt8(ascii: "3"): throw .forbidden("a character device has no place in a package")
        case UInt8(ascii: "4"): throw .forbidden("a block device has no place in a package")
        case UInt8(ascii: "5"): self = .directory
        case UInt8(ascii: "6"): throw .forbidden("a fifo has no place in a package")
        case UInt8(ascii: "S"): self = .oldSparse(fields: header.sparseFields)
        default: throw .unsupported(.tar, "member type '\(printable([header.typeFlag]))'")
        }
    }

    private static func checked(_ target: [UInt8]) throws(ArchiveFault) -> [UInt8] {
        guard !target.isEmpty else { throw .corrupt(.tar, "a symbolic link without a target") }
        guard !target.contains(0) else { throw .unsafePath(printable(target), problem: .containsNUL) }
        return target
    }
}
