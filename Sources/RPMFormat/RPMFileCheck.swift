import CondaModel
import HostSystem

/// Refuses a path that is not absolute and normalised, or that tools could not show on a line.
func checkPath(_ path: String, field: String) throws(RPMError) {
    func refuse(_ problem: String) -> RPMError {
        .invalid(
            field: field, value: path, problem: problem,
            hint: "give an absolute path without . and .. and control characters")
    }
    guard path.isAbsolutePath, path.utf8.count > 1 else { throw refuse("expected an absolute path below /") }
    guard path.utf8.count < 4096 else { throw refuse("longer than 4095 bytes") }
    if RPMCharacters.hasControl(path) { throw refuse("has a control character") }
    for part in path.pathParts.dropFirst() {
        if part.isEmpty || part == "." || part == ".." { throw refuse("is not a normalised path") }
        if part.utf8.count > 255 { throw refuse("has a component longer than 255 bytes") }
    }
}

extension RPMFile {
    /// Refuses an entry that an RPM cannot hold.
    func check() throws(RPMError) {
        try checkPath(path, field: "path")
        func refuse(_ field: String, _ value: String, _ problem: String, _ hint: String) -> RPMError {
            .invalid(field: "\(field) of \(path)", value: value, problem: problem, hint: hint)
        }
        guard mode <= 0o7777 else {
            throw refuse("mode", String(mode, radix: 8), "expected permission bits only", "use for example 0o644")
        }
        for name in [user, group] where name.isEmpty || RPMCharacters.hasControl(name) || name.contains(":") {
            throw refuse("owner", name, "expected a user or group name", "use for example root")
        }
        switch contents {
        case .symlink(let target) where target.isEmpty || RPMCharacters.hasControl(target) || target.utf8.count > 4095:
            throw refuse("link", target, "expected a target", "give a target without control characters")
        case .file(_, let size, _) where size < 0:
            throw refuse("size", "\(size)", "expected a size in bytes", "give the size of the file")
        case .file(_, _, let sha256?) where !isHexadecimal(sha256, bytes: 32):
            throw refuse("sha256", sha256, "expected 64 lower-case hexadecimal digits", "give the sha256 of the file")
        default: break
        }
    }
}
