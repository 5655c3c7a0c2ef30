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
