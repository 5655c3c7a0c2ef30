/// A hint of an error in the words of this host: the service's name, and the package manager that is there.
///
/// EL 7 and Amazon Linux 2 have yum and no dnf; later hosts have both names, and dnf is what they document.
package enum HostHint {
    /// - Parameters:
    ///   - hint: as errors give it, with `NAME` and `dnf`.
    ///   - service: the package's name.
    ///   - root: where programs are looked for.
    package static func text(_ hint: String, service: String, root: String = "") -> String {
        let hasOnlyYum = exists("\(root)/usr/bin/yum") && !exists("\(root)/usr/bin/dnf")
        let local = hasOnlyYum ? hint.replacing("dnf ", with: "yum ") : hint
        // As a word: what else has these letters is a path or a name of the user's.
        return local.split(separator: " ", omittingEmptySubsequences: false).map { word in
            word == "NAME" || word.hasPrefix("NAME-") ? service + word.dropFirst("NAME".count) : String(word)
        }.joined(separator: " ")
    }
}
