import CondaPrefix
import Foundation
import Testing

@Suite struct ActivationTests {
    private func activate(
        _ files: [(String, String)], variables: [String: String] = [:], state: [String: String] = [:]
    ) throws -> [String: String] {
        let scratch = try Scratch()
        var maker = PackageMaker("a")
        for (path, text) in files { maker.file(path, text) }
        var options = PrefixOptions()
        options.variables = state
        try scratch.install([maker.make(in: scratch.archives)], options: options)
        let found = try Activation.evaluate(prefix: scratch.prefix, variables: variables)
        #expect(found.map(\.name) == found.map(\.name).sorted())
        return Dictionary(
            uniqueKeysWithValues: found.map { ($0.name, $0.value.replacingOccurrences(of: scratch.prefix, with: "@")) })
    }

    @Test func prefixWithoutScriptsSetsCondasOwn() throws {
        let found = try activate([])
        #expect(
            found == [
                "CONDA_DEFAULT_ENV": "@", "CONDA_PREFIX": "@", "CONDA_SHLVL": "1",
                "PATH": "@/bin:/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin",
            ])
    }

    @Test func scriptsRunInNameOrderAndValuesSurvive() throws {
        let value = "a 'single' \"double\" $dollar `tick`\nsecond line \\ end"
        let found = try activate([
            ("etc/conda/activate.d/b.sh", "export ORDER=\"$ORDER b\"; echo noise; unexported=1; cd /"),
            ("etc/conda/activate.d/a.sh", "export ORDER=a; export PATH=\"$CONDA_PREFIX/extra:$PATH\""),
            ("etc/conda/activate.d/c.sh", "export VALUE=$(cat \"$CONDA_PREFIX/value\"); set -- x y; export EMPTY="),
            ("etc/conda/activate.d/ignored.fish", "exit 1"),
            ("value", value),
        ])
        #expect(found["ORDER"] == "a b")
        #expect(found["VALUE"] == value)
        #expect(found["EMPTY"] == "")
        #expect(found["PATH"]?.hasPrefix("@/extra:@/bin:") == true)
        #expect(Set(found.keys).isDisjoint(with: ["PWD", "OLDPWD", "SHLVL", "_", "unexported", "HOME"]))
    }

    @Test func variablesComeInCondasOrder() throws {
        let found = try activate(
            [
                (
                    "etc/conda/env_vars.d/a.json",
                    #"{"ONE": "package a", "TWO": "package", "THREE": "package", "PATH": "/x"}"#
                ),
                ("etc/conda/env_vars.d/b.json", #"{"ONE": "package b", "GONE": "***unset***"}"#),
                ("etc/conda/activate.d/a.sh", "export FOUR=\"$ONE, $TWO, $THREE\""),
            ], variables: ["THREE": "given"], state: ["TWO": "state", "THREE": "state"])
        #expect(found["FOUR"] == "package b, state, given")
        #expect(found["GONE"] == nil)
        #expect(found["PATH"]?.hasPrefix("@/bin:") == true)
    }

    /// As conda and micromamba do it; `PATH` stays theirs however it is spelled.
    @Test func variablesAreExportedInUpperCase() throws {
        let found = try activate(
            [("etc/conda/env_vars.d/a.json", #"{"package": "a", "both": "package"}"#)],
            variables: ["given": "g"], state: ["state": "s", "Both": "state", "path": "/x"])
        #expect(found["PACKAGE"] == "a" && found["GIVEN"] == "g" && found["STATE"] == "s" && found["BOTH"] == "state")
        #expect(found["PATH"]?.hasPrefix("@/bin:") == true)
        #expect(found.keys.allSatisfy { $0 == $0.uppercased() })
    }

    @Test func scriptThatEndsTheShellIsNamed() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("a")
        maker.file("etc/conda/activate.d/a.sh", "true")
        maker.file("etc/conda/activate.d/b.sh", "echo trouble >&2; exit 0")
        try scratch.install([maker.make(in: scratch.archives)])
        let error = #expect(throws: PrefixError.self) { try Activation.evaluate(prefix: scratch.prefix) }
        #expect(
            error?.description == """
                the activation script \(scratch.prefix)/etc/conda/activate.d/b.sh ended the shell
                its output:
                    trouble
                """)
    }
}
