import Glibc

/// Tells the loader where a program stands, in a root without /proc.
///
/// conda's programs look for their libraries in `$ORIGIN/../lib`. The loader reads that origin off /proc/self/exe, and
/// where it cannot, takes it from LD_ORIGIN_PATH (ld.so(8)). Programs of the host have no such search path.
package enum ProgramOrigin {
    /// The variable for programs in a prefix's `bin`; nothing where there is a /proc.
    package static func variables(prefix: String) -> [String: String] {
        access("/proc/self/exe", F_OK) == 0 ? [:] : ["LD_ORIGIN_PATH": "\(prefix)/bin"]
    }
}
