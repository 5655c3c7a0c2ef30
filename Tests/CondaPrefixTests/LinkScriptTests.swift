import CondaPrefix
import Foundation
import Testing

@Suite struct LinkScriptTests {
    @Test func postLinkSeesCondasEnvironmentAndLeavesAMessage() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("tool")
        maker.file("etc/conda/activate.d/tool.sh", "export ACTIVATED=yes")
        maker.file(
            "bin/.tool-post-link.sh",
            """
            {
                echo "$PREFIX|$SOURCE_DIR|$ROOT_PREFIX|$PKG_NAME|$PKG_VERSION|$PKG_BUILDNUM"
                echo "${PATH%%:*}|$CONDA_PREFIX|$ACTIVATED|$PWD|$#|$SECRET"
            } > "$PREFIX/seen"
            printf 'hello user' > "$PREFIX/.messages.txt"
            echo noise
            """)
        setenv("SECRET", "leaked", 1)
        defer { unsetenv("SECRET") }
        let report = try scratch.install([maker.make(in: scratch.archives)])
        let prefix = scratch.prefix
        #expect(
            try scratch.text("seen")
                == "\(prefix)|\(prefix)||tool|1.0|0\n\(prefix)/bin|\(prefix)|yes|\(prefix)/bin|0|\n")
        #expect(report.messages == [ScriptMessage(package: "tool-1.0-0", text: "hello user")])
        #expect(!scratch.exists(".messages.txt"))
    }

    @Test func scriptsRunInTopologicalOrderAfterAllFiles() throws {
        let scratch = try Scratch()
        var base = PackageMaker("zbase")
        base.file("bin/.zbase-post-link.sh", "test -e $PREFIX/share/top && echo base >> $PREFIX/order")
        var top = PackageMaker("top", depends: ["zbase"])
        top.file("bin/.top-post-link.sh", "echo top >> $PREFIX/order")
        top.file("share/top", "")
        try scratch.install([top.make(in: scratch.archives), base.make(in: scratch.archives)])
        #expect(try scratch.text("order") == "base\ntop\n")
    }

    /// As layout `prefix` has it: the files come from elsewhere, and the scripts run when they are in place.
    @Test func scriptsOfAPrefixLinkedElsewhereRunLater() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("tool")
        maker.file("share/changed", "before")
        maker.file("share/kept", "before")
        maker.file("bin/.tool-pre-link.sh", "echo pre >> $PREFIX/order")
        maker.file("bin/.tool-post-link.sh", "echo post >> $PREFIX/order; echo after > $PREFIX/share/changed")
        let package = try maker.make(in: scratch.archives)
        let elsewhere = "\(scratch.archives)/elsewhere"
        var options = PrefixOptions()
        options.frozen = "belongs to a test"
        let installer = PrefixInstaller(prefix: scratch.prefix, destination: elsewhere, options: options)
        let report = try installer.install([package])
        #expect(report.skippedScripts == ["tool-1.0-0"])
        try FileManager.default.moveItem(atPath: elsewhere, toPath: scratch.prefix)
        #expect(try scratch.text("conda-meta/frozen").contains("belongs to a test"))
        _ = try PrefixState(prefix: scratch.prefix).runLinkScripts()
        #expect(try scratch.text("order") == "pre\npost\n")
        #expect(try PrefixState(prefix: scratch.prefix).verify().isEmpty)
        try "damage".write(toFile: "\(scratch.prefix)/share/kept", atomically: false, encoding: .utf8)
        #expect(try PrefixState(prefix: scratch.prefix).verify().map(\.path) == ["share/kept"])
    }

    @Test func failureIsFatalAndShowsWhatTheScriptSaid() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("tool")
        maker.file(
            "bin/.tool-post-link.sh", "echo out; echo problem >&2; echo sorry > $PREFIX/.messages.txt; exit 3")
        let package = try maker.make(in: scratch.archives)
        let error = #expect(throws: PrefixError.self) { try scratch.install([package]) }
        #expect(
            error?.description == """
                the post-link script of tool-1.0-0 failed: exit status 3
                its messages:
                    sorry
                its output:
                    out
                    problem
                """)
    }

    @Test func backgroundProcessDoesNotHoldUpTheInstallation() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("tool")
        maker.file("bin/.tool-post-link.sh", "sleep 900 & echo $! > $PREFIX/pid")
        try scratch.install([maker.make(in: scratch.archives)])
        let pid = try #require(Int32(try scratch.text("pid").dropLast()))
        #expect(kill(pid, SIGKILL) == 0, "the installation has waited for the process to end")
    }

    @Test func filesThatAScriptChangesAreRecordedAsTheyAre() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("tool")
        maker.file("etc/settings", "before")
        maker.file("bin/.tool-post-link.sh", "printf after > $PREFIX/etc/settings")
        try scratch.install([maker.make(in: scratch.archives)])
        #expect(try scratch.text("etc/settings") == "after")
        #expect(try PrefixState(prefix: scratch.prefix).verify(includingAdded: true).isEmpty)
    }

    @Test func preLinkRunsInAnUnpackedCopyBeforeAnyFile() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("tool")
        maker.file("share/raw", "at \(InstallTests.placeholder)", placeholder: InstallTests.placeholder)
        maker.file(
            "bin/.tool-pre-link.sh",
            "test ! -e $PREFIX/share/raw && test $PWD = $SOURCE_DIR/bin && cp $SOURCE_DIR/share/raw $PREFIX/seen")
        try scratch.install([maker.make(in: scratch.archives)])
        #expect(try scratch.text("seen") == "at \(InstallTests.placeholder)")
        #expect(try scratch.text("share/raw") == "at \(scratch.prefix)")
        #expect(!scratch.exists(".pre-link"))
    }

    @Test func preUnlinkFailureIsOnlyReported() throws {
        let scratch = try Scratch()
        var base = PackageMaker("zbase")
        base.file("bin/.zbase-pre-unlink.sh", "echo base >> $PREFIX/order; exit 4")
        var top = PackageMaker("top", depends: ["zbase"])
        top.file("bin/.top-pre-unlink.sh", "echo top >> $PREFIX/order; echo bye > $PREFIX/.messages.txt")
        try scratch.install([top.make(in: scratch.archives), base.make(in: scratch.archives)])
        let log = EventLog()
        let messages = try PrefixState(prefix: scratch.prefix).runPreUnlinkScripts(events: log.add)
        #expect(try scratch.text("order") == "top\nbase\n")
        #expect(messages == [ScriptMessage(package: "top-1.0-0", text: "bye\n")])
        let failure = PrefixEvent.scriptFailed(
            package: "zbase-1.0-0", script: .preUnlink, status: "exit status 4", output: "")
        #expect(log.events.contains(failure))
    }
}
