/// The parts of a path, which a user may have written in one letter.
///
/// Foundation's own functions (those of `NSString`) trap on text of one character: seen with Swift 6.3 on Linux, November
/// 2026.
extension String {
    /// The last name of a path: `b` of `a/b` and of `a/b/`.
    var lastPathName: String {
        String(split(separator: "/").last ?? (isEmpty ? "" : "/"))
    }

    /// What stands before the last name: `a` of `a/b`, nothing of `b`, `/` of `/b`.
    var parentPath: String {
        var path = self[...]
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        guard let slash = path.lastIndex(of: "/") else { return "" }
        path = path[..<slash]
        while path.hasSuffix("/") { path.removeLast() }
        return path.isEmpty ? "/" : String(path)
    }
}
