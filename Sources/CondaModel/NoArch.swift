/// The kinds of packages that run on every platform.
package enum NoArch: String, Hashable, Sendable, Codable {
    /// Python modules that are linked into the site-packages directory of the environment's Python.
    case python
    /// Files that are linked as they are.
    case generic
}
