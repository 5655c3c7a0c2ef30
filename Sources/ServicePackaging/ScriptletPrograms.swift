import RPMFormat
import ServiceRelease

/// The packages whose programs a package's scriptlets run, as `Requires(pre)`, `Requires(post)` and so on.
///
/// In the first transaction of a root rpm installs in the order that these state: without them `%pre` may run before there
/// is an awk. The names are those of EL 7 to 10, Fedora and Amazon Linux (whose `coreutils-single` provides `coreutils`).
/// Package names and no paths, for the merge of /usr/sbin into /usr/bin moves programs; where the target is of no such
/// family, paths for what other distributions put into packages of other names.
enum ScriptletPrograms {
    private static let packages: [String: Set<String>] = [
        "coreutils": [
            "basename", "cat", "chgrp", "chmod", "chown", "cp", "cut", "date", "dd", "df", "dirname", "du", "env",
            "head",
            "id", "install", "ln", "ls", "mkdir", "mktemp", "mv", "nproc", "readlink", "realpath", "rm", "rmdir",
            "sha256sum", "sleep", "sort", "stat", "sync", "tail", "tee", "timeout", "touch", "tr", "truncate", "uname",
            "uniq", "wc",
        ],
        "findutils": ["find", "xargs"],
        "gawk": ["awk", "gawk"],
        "glibc-common": ["getconf", "getent"],
        "grep": ["egrep", "fgrep", "grep"],
        "sed": ["sed"],
        "shadow-utils": ["groupadd", "groupmod", "useradd", "usermod"],
        "util-linux": ["findmnt", "flock", "logger", "mountpoint", "runuser"],
    ]

    private static let pathsElsewhere = ["glibc-common": "/usr/bin/getent", "shadow-utils": "/usr/sbin/useradd"]

    private static let packageOfProgram: [String: String] = Dictionary(
        packages.flatMap { package, programs in programs.map { ($0, package) } }
    ) { first, _ in first }

    /// The requirements of all scriptlets, sorted by package; what several scriptlets need is stated once for all of them.
    ///
    /// - Parameters:
    ///   - hasUnits: whether systemd is told of units when the package comes and goes.
    ///   - bootstrap: what `%post` runs besides.
    ///   - hasFamily: whether the hosts' packages have the names of EL, Fedora and Amazon Linux.
    static func requires(
        _ scriptlets: RPMScriptlets, hasUnits: Bool, bootstrap: ServiceRelease.Bootstrap = .builtin,
        hasFamily: Bool = true
    ) -> [RPMDependency] {
        let scripts: [(RPMScriptlet?, RPMDependencyContext)] = [
            (scriptlets.pre, .pre), (scriptlets.post, .post), (scriptlets.preun, .preUninstall),
            (scriptlets.postun, .postUninstall), (scriptlets.posttrans, .postTransaction),
        ]
        var contexts: [String: RPMDependencyContext] =
            hasUnits ? ["systemd": [.post, .preUninstall, .postUninstall]] : [:]
        for package in programs(of: bootstrap) { contexts[package, default: []].insert(.post) }
        for case (let script?, let context) in scripts {
            for package in Set(commands(of: script.body).compactMap { packageOfProgram[$0] }) {
                contexts[package, default: []].insert(context)
            }
        }
        return contexts.sorted { $0.key < $1.key }.map { package, context in
            RPMDependency((hasFamily ? nil : pathsElsewhere[package]) ?? package, context: context)
        }
    }

    /// The packages of the programs that the headers of constructor run: dd, find, awk, ldd, grep, sed.
    private static func programs(of bootstrap: ServiceRelease.Bootstrap) -> [String] {
        guard case .miniconda = bootstrap else { return [] }
        return ["coreutils", "findutils", "gawk", "glibc-common", "grep", "sed"]
    }

    /// The words of a shell script that stand where a command stands.
    ///
    /// No parser of the shell: quoted text is searched too, and a word too many does no harm.
    static func commands(of script: String) -> Set<String> {
        let lines = script.split(separator: "\n").filter { !$0.drop(while: \.isWhitespace).hasPrefix("#") }
        return Set(
            lines.flatMap { line in
                line.split { "|&;(){}`".contains($0) }.compactMap { part in
                    part.split(whereSeparator: \.isWhitespace).map(String.init).first { !isPassedOver($0) }
                }
            })
    }

    /// Whether a command may still follow the word.
    private static func isPassedOver(_ word: String) -> Bool {
        let keywords: Set = ["if", "then", "else", "elif", "while", "until", "do", "!", "exec", "for", "case", "in"]
        if keywords.contains(word) { return true }
        guard let equals = word.firstIndex(of: "=") else { return false }
        return word[..<equals].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }
}
