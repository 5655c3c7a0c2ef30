import RPMFormat

/// One licence text of a bundled package.
package struct BundledLicense: Sendable, Hashable {
    /// The package it belongs to.
    package var package: String
    /// The text's path below the package's licences, such as `LICENSE`.
    package var path: String
    package var text: [UInt8]

    package init(package: String, path: String, text: [UInt8]) {
        self.package = package
        self.path = path
        self.text = text
    }
}

extension BundledLicense {
    /// Texts as files, with the directories that they need, the one above all included.
    static func files(_ licenses: [BundledLicense], below folder: String) -> [RPMFile] {
        files(licenses.map { ("\(folder)/\($0.path)", $0.text) })
    }

    /// The same of texts that have their places already.
    static func files(_ texts: [(path: String, text: [UInt8])]) -> [RPMFile] {
        let folders = Set(OwnedDirectories.above(texts.map(\.path))).sorted()
        return folders.map { RPMFile(path: $0, contents: .directory, mode: 0o755) }
            + texts.map { RPMFile(path: $0.path, contents: .data($0.text), flags: .license) }
    }
}
