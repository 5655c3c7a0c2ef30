import CondaModel
import HostSystem
import StrictYAML

/// Reads the wheels of a PEP 751 `pylock.toml`, one for each package: the best that the target's Python can use.
struct PylockReader {
    let path: String
    let reading: LockReading

    func lock(_ bytes: [UInt8]) throws(LockError) -> Lock {
        let document = TOMLFields(file: path, table: try TOMLParser.parse(bytes, file: path), name: "the lock")
        let version = try document.required("lock-version")
        guard version.hasPrefix("1.") else {
            throw document.error("lock-version", expected: "1.0", found: quoted(version))
        }
        let tags = WheelTags(python: reading.python, platform: reading.platform, glibc: reading.glibc)
        let location = LockedLocation(reading: reading, folder: folder)
        var lock = Lock()
        lock.origin = .pylock
        lock.platforms = [reading.platform]
        for package in try document.tables("packages") where try applies(package) {
            lock.packages.append(try self.package(package, tags, location))
        }
        return lock
    }

    private func package(
        _ fields: TOMLFields, _ tags: WheelTags, _ location: LockedLocation
    ) throws(LockError) -> LockedPackage {
        let name = try fields.required("name")
        let wheel = try bestWheel(fields, name, tags)
        let version = try fields.text("version") ?? wheel.name.version
        var package = LockedPackage(name: name, version: version, manager: .pip, platform: reading.platform, url: "")
        location.place(wheel.location, in: &package)
        package.sha256 = try digest("sha256", digits: 64, of: wheel.fields)
        package.md5 = try digest("md5", digits: 32, of: wheel.fields)
        return package
    }

    /// Whether a package's condition holds for the target.
    private func applies(_ fields: TOMLFields) throws(LockError) -> Bool {
        guard let marker = try fields.text("marker") else { return true }
        let name = try fields.required("name")
        do throws(PythonMarker.Problem) {
            return try PythonMarker(python: reading.python, platform: reading.platform).holds(marker)
        } catch {
            throw fields.error(
                "\(name) is locked under a condition that has no answer here",
                found: quoted(marker),
                advice: "lock for one platform and Python: `uv pip compile --format pylock.toml --python-platform ...`")
        }
    }

    private struct Wheel {
        let name: WheelName
        let location: String
        let fields: TOMLFields
        let rank: Int
    }

    private func bestWheel(_ fields: TOMLFields, _ name: String, _ tags: WheelTags) throws(LockError) -> Wheel {
        var best: Wheel?
        var others: [String] = []
        // A wheel that was required by its own address stands alone.
        let single = try fields.table("archive")
        let wheels = if let single { [single] } else { try fields.tables("wheels") }
        for wheel in wheels {
            let url = try wheel.text("url")
            let location = if let url { url } else { try wheel.required("path") }
            let fileName = try wheel.text("name") ?? ArchiveLocation.fileName(of: location)
            others.append(fileName)
            guard let parsed = WheelName(fileName), let rank = tags.rank(parsed), rank > best?.rank ?? -1 else {
                continue
            }
            best = Wheel(name: parsed, location: location, fields: wheel, rank: rank)
        }
        if let best { return best }
        throw fields.error(
            name, expected: "a wheel for \(tags)",
            found: others.isEmpty ? "a source only" : others.prefix(3).joined(separator: ", "),
            advice: "require another version of \(name), or build a wheel and name it under `rpm.wheels`")
    }

    private func digest(_ key: String, digits: Int, of fields: TOMLFields) throws(LockError) -> String? {
        guard let text = try fields.table("hashes")?.text(key)?.lowercased() else { return nil }
        guard isHexadecimal(text, bytes: digits / 2) else {
            throw fields.error("hashes.\(key)", expected: "\(digits) hexadecimal digits", found: quoted(text))
        }
        return text
    }

    private var folder: String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "" }
}
