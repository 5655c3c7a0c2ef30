import CondaModel
import HostSystem

extension PrefixReplacement {
    /// Whether a file is what this replacement makes of one whose digest is known, found out without that one.
    ///
    /// The prefix is replaced by the placeholder again. If that gives the digest, and replacing it once more gives the file,
    /// then it is so, whatever way led there. Rewritten first lines and placeholders in other encodings are left to a
    /// comparison with the archive.
    /// - Parameter sha256: of the file in the package, in lower-case hexadecimal.
    /// - Returns: false also where it cannot be told this way.
    func makes(_ contents: [UInt8], from sha256: String) -> Bool {
        guard !placeholder.isEmpty, var original = undone(contents), FileLinker.digest(of: original) == sha256 else {
            return false
        }
        guard (try? apply(to: &original)) != nil else { return false }
        return original == contents
    }

    private func undone(_ contents: [UInt8]) -> [UInt8]? {
        let own = BytePattern(Array(prefix.utf8))
        let search = Array(placeholder.utf8)
        switch mode {
        case .text: return own.replaced(with: search, in: contents) ?? contents
        case .binary: return Self.lengthened(contents, own, search)
        }
    }

    /// Puts the placeholder into each terminated string that holds the prefix, and takes away what has filled it up.
    private static func lengthened(_ contents: [UInt8], _ own: BytePattern, _ search: [UInt8]) -> [UInt8]? {
        let difference = search.count - own.count
        guard difference >= 0 else { return nil }
        return contents.withUnsafeBytes { bytes -> [UInt8]? in
            var result: [UInt8] = []
            result.reserveCapacity(contents.count)
            var copied = 0
            while let start = own.firstIndex(in: bytes, from: copied) {
                guard let end = bytes[start...].firstIndex(of: 0) else { return nil }
                let string = [UInt8](bytes[start..<end])
                guard let longer = own.replaced(with: search, in: string) else { return nil }
                let filled = longer.count - string.count
                let rest = end + filled
                // The NUL that ended the string stands behind those that fill it up.
                guard rest < bytes.count, bytes[end...rest].allSatisfy({ $0 == 0 }) else { return nil }
                result.append(contentsOf: bytes[copied..<start])
                result.append(contentsOf: longer)
                copied = rest
            }
            result.append(contentsOf: bytes[copied...])
            return result
        }
    }
}
