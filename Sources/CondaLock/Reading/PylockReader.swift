import CondaModel
import StrictYAML
import TOMLKit

/// Reads the wheels of a PEP 751 `pylock.toml`, one for each package: the best that the target's Python can use.
struct PylockReader {
    let path: String
    let reading: LockReading

    func lock(_ bytes: [UInt8]) throws(LockError) -> Lock {
        let document = try document(bytes)
        guard document.lockVersion.hasPrefix("1.") else {
            throw LockError(file: path, key: "lock-version", expected: "1.0", found: quoted(document.lockVersion))
        }
        let tags = WheelTags(python: reading.python, platform: reading.platform, glibc: reading.glibc)
        let location = LockedLocation(reading: reading, folder: folder)
        var lock = Lock()
        lock.origin = .pylock
        lock.platforms = [reading.platform]
        for package in document.packages {
            try refuseMarker(package)
            let wheel = try bestWheel(package, tags)
            let version = package.version ?? WheelName(wheel.fileName)?.version ?? ""
            var locked = LockedPackage(
                name: package.name, version: version, manager: .pip, platform: reading.platform, url: "")
            location.place(wheel.url ?? wheel.path ?? "", in: &locked)
            locked.sha256 = wheel.hashes["sha256"]?.lowercased()
            locked.md5 = wheel.hashes["md5"]?.lowercased()
            lock.packages.append(locked)
        }
        return lock
    }

    private func document(_ bytes: [UInt8]) throws(LockError) -> Document {
        do {
            return try TOMLDecoder().decode(Document.self, from: String(decoding: bytes, as: UTF8.self))
        } catch let error as TOMLParseError {
            throw LockError(
                file: path, line: error.source.begin.line, column: error.source.begin.column,
                problem: "not valid TOML: \(error.description)")
        } catch DecodingError.keyNotFound(let key, let context) {
            throw LockError(file: path, key: keyPath(context.codingPath), problem: "there is no \"\(key.stringValue)\"")
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.dataCorrupted(let context)
        {
            throw LockError(file: path, key: keyPath(context.codingPath), problem: context.debugDescription)
        } catch {
            throw LockError(file: path, problem: "not readable as a pylock.toml (\(error))")
        }
    }

    /// A marker makes a package depend on the host; which packages a lock holds must not depend on it.
    private func refuseMarker(_ package: Package) throws(LockError) {
        guard let marker = package.marker else { return }
        throw LockError(
            file: path, key: package.name, problem: "the package is locked under a condition", found: quoted(marker),
            advice: "lock for one platform: `uv pip compile --format pylock.toml --python-platform ...`")
    }

    private func bestWheel(_ package: Package, _ tags: WheelTags) throws(LockError) -> Wheel {
        let ranked = (package.wheels ?? []).compactMap { wheel in
            WheelName(wheel.fileName).flatMap(tags.rank).map { (rank: $0, wheel: wheel) }
        }
        guard let best = ranked.max(by: { ($0.rank, $1.wheel.fileName) < ($1.rank, $0.wheel.fileName) }) else {
            let names = (package.wheels ?? []).map(\.fileName)
            throw LockError(
                file: path, key: package.name, expected: "a wheel for \(tags)",
                found: names.isEmpty ? "a source only" : names.prefix(3).joined(separator: ", "),
                advice: "require another version of \(package.name), or build a wheel and name it under `rpm.wheels`")
        }
        return best.wheel
    }

    private func keyPath(_ path: [any CodingKey]) -> String {
        path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
    }

    private var folder: String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "" }

    private struct Document: Decodable {
        var lockVersion: String
        var packages: [Package]

        enum CodingKeys: String, CodingKey {
            case lockVersion = "lock-version"
            case packages
        }
    }

    private struct Package: Decodable {
        var name: String
        var version: String?
        var marker: String?
        var wheels: [Wheel]?
    }

    private struct Wheel: Decodable {
        var name: String?
        var url: String?
        var path: String?
        var hashes: [String: String]

        var fileName: String { name ?? ArchiveLocation.fileName(of: url ?? path ?? "") }
    }
}
