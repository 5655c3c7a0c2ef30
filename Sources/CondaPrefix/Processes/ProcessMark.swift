import CondaModel
import Glibc
import HostSystem

/// What tells the processes that this run of the program has started from all others, also after it was killed.
///
/// The mark is a variable whose value is random and made anew for each run. Nobody else knows it: only children get it,
/// and theirs. A variable that merely names a path of ours would not do: whoever stands in a directory has it in `PWD`.
package enum ProcessMark {
    /// The variable's name.
    package static let variable = "STARTED_BY_CONDA_RPM"

    /// The value for the children of this run: 128 bits, in hexadecimal.
    package static let own: String = {
        var generator = SystemRandomNumberGenerator()
        return hexadecimal((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }()
}
