/// The text of a symbolic link, judged against the root that the link lies below.
package struct LinkTarget: Sendable {
    /// Where a link leads.
    package enum Place: Sendable, Equatable {
        case outside
        case root
        case below(RelativePath)
    }

    /// The text as the link holds it.
    package let text: [UInt8]

    package init(_ text: [UInt8]) {
        self.text = text
    }

    /// Whether the text starts at the root of the file system.
    package var isAbsolute: Bool { text.first == UInt8(ascii: "/") }

    /// Where the link leads when it lies in `directory` (nil: the root) and no directory on the way is itself a link.
    ///
    /// Absolute links and links that climb above the root even for a moment are outside.
    package func resolved(from directory: RelativePath?) -> Place {
        guard !isAbsolute, !text.isEmpty, !text.contains(0) else { return .outside }
        var components = directory?.bytes.split(separator: UInt8(ascii: "/")) ?? []
        for component in text.split(separator: UInt8(ascii: "/")) {
            if component.elementsEqual([UInt8(ascii: ".")]) { continue }
            if component.elementsEqual([UInt8(ascii: "."), UInt8(ascii: ".")]) {
                guard components.popLast() != nil else { return .outside }
            } else {
                components.append(component)
            }
        }
        guard let path = try? RelativePath(bytes: Array(components.joined(separator: [UInt8(ascii: "/")]))) else {
            return .root
        }
        return .below(path)
    }
}
