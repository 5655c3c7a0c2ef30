import RPMFormat
import Testing

@testable import ServicePackaging

@Suite struct ScriptletProgramsTests {
    @Test func wordsInThePlaceOfACommandAreFound() {
        let script = """
            # awk in a comment
            LC_ALL=C sort "$1" | head -n 1 && if grep -q x y; then rm -f z; fi
            free=$(df -Pk "$place" | awk '{ print $4 }') || exit 1
            echo cut here; `dirname /a/b`
            """
        let found = ScriptletPrograms.commands(of: script)
        #expect(found.isSuperset(of: ["sort", "head", "grep", "rm", "df", "awk", "dirname", "exit", "echo"]))
        #expect(found.isDisjoint(with: ["cut", "here", "LC_ALL=C", "in"]))
    }

    @Test func eachScriptletRequiresWhatItRuns() {
        let scriptlets = RPMScriptlets(
            pre: RPMScriptlet(body: "awk 1 /proc/mounts | sort\nuseradd x"), post: RPMScriptlet(body: "ln -s a b"),
            preun: RPMScriptlet(body: "echo nothing"), postun: RPMScriptlet(body: "rm -f b; sed -n p c"))
        #expect(
            ScriptletPrograms.requires(scriptlets, hasUnits: false) == [
                RPMDependency("coreutils", context: [.pre, .post, .postUninstall]),
                RPMDependency("gawk", context: .pre), RPMDependency("sed", context: .postUninstall),
                RPMDependency("shadow-utils", context: .pre),
            ])
        let elsewhere = ScriptletPrograms.requires(scriptlets, hasUnits: false, hasFamily: false)
        #expect(elsewhere.map(\.name) == ["coreutils", "gawk", "sed", "/usr/sbin/useradd"])
        let systemd = RPMDependency("systemd", context: [.post, .preUninstall, .postUninstall])
        #expect(ScriptletPrograms.requires(scriptlets, hasUnits: true).contains(systemd))
        #expect(ScriptletPrograms.requires(RPMScriptlets(), hasUnits: false).isEmpty)
        let installer = ScriptletPrograms.requires(
            RPMScriptlets(), hasUnits: false, bootstrap: .miniconda(sha256: "aa"))
        #expect(installer.map(\.name) == ["coreutils", "findutils", "gawk", "glibc-common", "grep", "sed"])
        #expect(installer.allSatisfy { $0.context == .post })
    }
}
