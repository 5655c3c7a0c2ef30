import CondaModel
import StrictYAML

/// Reads a PEP 751 `pylock.toml`.
struct PylockReader {
    let path: String

    func lock(_ bytes: [UInt8], _ reading: LockReading) throws(LockError) -> Lock {
        throw LockError(file: path, problem: "not readable yet")
    }
}
