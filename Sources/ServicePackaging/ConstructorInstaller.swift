import Crypto
import Foundation

/// A constructor-made installer (Miniconda, Miniforge, ...), checked before it goes into an RPM.
///
/// The header is a shell script, the rest a binary payload. A cut download keeps its header, so the header is
/// what tells: older ones state `# BYTES:` and `LINES`, newer ones end in `@@END_HEADER@@` and name the sizes of
/// the payload's parts; both carry the payload's `# MD5:`.
package struct ConstructorInstaller: Sendable, Hashable {
    package let path: String
    /// SHA-256 of the whole file, lower-case hexadecimal.
    package let sha256: String
    /// Bytes.
    package let size: Int

    /// Reads and checks the file.
    ///
    /// - Throws: `PackagingError` when it is no shell script, shorter or longer than its header says, or when a
    ///   digest (the one given, or the header's own MD5) does not match.
    package init(path: String, expectedSHA256: String?) throws(PackagingError) {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        } catch {
            throw .bootstrapUnreadable(path: path, reason: error.localizedDescription)
        }
        self.path = path
        self.size = data.count
        self.sha256 = SHA256.hash(data: data).map { String(format: "%02x", $0) }.joined()
        if let expectedSHA256, expectedSHA256.lowercased() != sha256 {
            throw .bootstrapDigest(path: path, expected: expectedSHA256, found: sha256)
        }
        guard data.starts(with: Data("#!".utf8)) else { throw .bootstrapNotScript(path: path) }
        let header = Header(data)
        if let expected = header.expectedSize, expected != data.count {
            throw .bootstrapTruncated(path: path, expected: expected, found: data.count)
        }
        if let expected = header.md5, let start = header.payloadStart {
            let found = Insecure.MD5.hash(data: data[start...]).map { String(format: "%02x", $0) }.joined()
            guard found == expected else { throw .bootstrapDigest(path: path, expected: expected, found: found) }
        }
    }

    /// What the shell part says about the file.
    struct Header {
        var expectedSize: Int?
        var md5: String?
        /// The offset of the first byte after the shell part.
        var payloadStart: Int?

        /// A header is some tens of kilobytes; a longer search would read the payload as text.
        private static let searchLimit = 1 << 20

        init(_ data: Data) {
            let head = data.prefix(Self.searchLimit)
            let marker = head.range(of: Data("\n@@END_HEADER@@\n".utf8))
            let text = String(decoding: head[..<(marker?.lowerBound ?? head.endIndex)], as: UTF8.self)
            md5 = Self.value("# MD5:", in: text).flatMap { $0.count == 32 ? $0.lowercased() : nil }
            expectedSize = Self.value("# BYTES:", in: text).flatMap { Int($0) }
            if let marker {
                payloadStart = marker.upperBound
                let parts = text.matches(of: /boundary[123]=\$\(\( *boundary[012] *\+ *([0-9]+) *\)\)/)
                let sizes = parts.compactMap { Int($0.1) }
                if expectedSize == nil, !sizes.isEmpty { expectedSize = sizes.reduce(marker.upperBound, +) }
            } else if let line = Self.value("# LINES:", in: text).flatMap({ Int($0) }) {
                payloadStart = Self.offset(ofLine: line, in: head)
            }
        }

        private static func value(_ key: String, in text: String) -> String? {
            text.split(separator: "\n").first { $0.hasPrefix(key) }
                .map { $0.dropFirst(key.count).trimmingCharacters(in: .whitespaces) }
        }

        /// The offset of a line counted from 1, as `tail -n +LINE` counts.
        private static func offset(ofLine line: Int, in data: Data) -> Int? {
            var current = 1
            var offset = data.startIndex
            while current < line {
                guard let newline = data[offset...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
                offset = newline + 1
                current += 1
            }
            return offset
        }
    }
}
