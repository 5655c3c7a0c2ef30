import Glibc

/// How a prefix is made.
package struct PrefixOptions: Sendable {
    /// Byte-compiles `noarch: python` packages, as conda does; failures are tolerated.
    package var compile = true

    /// Runs the packages' pre-link, post-link and pre-unlink scripts (CEP 34).
    ///
    /// They need the prefix at its real place: nothing is run when another directory is written.
    package var runLinkScripts = true

    /// Digests every file while it is written and reports those that differ from their package's list.
    ///
    /// Without it the list is believed where sizes agree, as conda and rattler do: the archive as a whole was verified.
    package var checksContents = false

    /// Archives that are unpacked at the same time, 1 or more; processors beyond those that there are do not help.
    package var threads = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

    /// Seconds since 1970: no file gets a later time, and the history is dated with it.
    ///
    /// Without it files keep the times of their archives and the history is dated with the newest package.
    package var sourceEpoch: Int64?

    /// Variables of the environment (`variables:` of `environment.yml`), for `conda-meta/state`.
    package var variables: [String: String] = [:]

    /// Why the environment must not be changed by conda, for `conda-meta/frozen` (CEP 22); nil writes no such file.
    package var frozen: String?

    /// Why pip must not change the environment's Python, for `EXTERNALLY-MANAGED` (PEP 668); nil writes no such file.
    package var externallyManaged: String?

    /// Whether conda and pip are kept from changing the environment.
    var isGuarded: Bool { frozen != nil }

    /// The command line that `conda-meta/history` shows.
    package var command = "conda-rpm install"

    /// Waits until the whole tree is on disk before `install` returns.
    ///
    /// Nothing is synchronised file by file: whoever makes the prefix current needs one barrier before that, and a
    /// prefix that a power cut left half-made is made anew.
    package var synchronize = false

    /// The standard options.
    package init() {}
}
