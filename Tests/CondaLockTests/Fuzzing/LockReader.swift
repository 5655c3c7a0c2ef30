import CondaModel
import Fuzzing

@testable import CondaLock

/// The readers of `CondaLock`.
enum LockReader: String, FuzzedReader {
    /// `conda-lock.yml`, whoever wrote it.
    case condaLocks = "conda-locks"
    /// Lists of archives (`@EXPLICIT`).
    case explicitLists = "explicit-lists"
    case pixiLocks = "pixi-locks"
    /// `pylock.toml` (PEP 751).
    case pylocks
    /// Requirements of Python distributions with their conditions (PEP 508), and what names of wheels say.
    case requirements = "python-requirements"

    func read(_ input: [UInt8]) throws {
        switch self {
        case .condaLocks: try Self.readLock(input, "conda-lock.yml")
        case .explicitLists: try Self.readLock(Array("@EXPLICIT\n".utf8) + input, "explicit.txt")
        case .pixiLocks: try Self.readLock(input, "pixi.lock")
        case .pylocks: try Self.readLock(input, "pylock.toml")
        case .requirements: try Self.readRequirement(String(decoding: input, as: UTF8.self))
        }
    }
}

extension LockReader {
    /// Whatever a lock was read from, it is read again from what it is written as, and then is written alike.
    private static func readLock(_ input: [UInt8], _ path: String) throws {
        var reading = LockReading()
        reading.python = "3.12.1"
        reading.variables = ["HOME": "/home/me", "TOKEN": "secret"]
        let lock = try Lock.decode(input, path: path, reading)
        let text = lock.text
        _ = lock.platforms.map { lock.categories(for: $0) }
        let again: Lock
        do { again = try Lock.decode(Array(text.utf8), path: "conda-lock.yml", reading) } catch {
            throw BrokenPromise("the lock is written as what is refused: \(error)\n\(text)")
        }
        try promise(
            again.packages.count == lock.packages.count,
            "\(lock.packages.count) packages became \(again.packages.count)")
        try promise(again.text == text, "the lock is written as\n\(text)\nand then as\n\(again.text)")
    }

    private static func readRequirement(_ text: String) throws {
        let requirement = PythonRequirement(text)
        let marker = PythonMarker(python: "3.12.1", platform: .linux64)
        _ = try? marker.holds(requirement.marker ?? text)
        try promise(
            DistributionName.canonical(requirement.name) == requirement.name, "'\(requirement.name)' is no plain name")
        let dependency = LockedPackage.Dependency(text)
        let again = LockedPackage.Dependency(dependency.matchSpec)
        try promise(dependency == again, "'\(dependency.matchSpec)' is read as '\(again.matchSpec)'")
        if let wheel = WheelName(text) {
            _ = WheelTags(python: "3.12.1", platform: .linux64, glibc: "2.17").rank(wheel)
        }
        _ = ArchiveLocation.fileName(of: text)
        _ = expandingVariables(in: text, ["HOME": "/home/me"])
    }
}

#if FUZZING
    /// The function that libFuzzer calls.
    @_cdecl("LLVMFuzzerTestOneInput")
    public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt { LockReader.feed(start, count) }
#endif
