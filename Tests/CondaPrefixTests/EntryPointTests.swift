import Testing

@testable import CondaPrefix

@Suite struct EntryPointTests {
    @Test func definitionIsReadAsCondaReadsIt() throws {
        for text in ["flask=flask.cli:main", " flask = flask.cli : main ", "flask = \"flask.cli:main\""] {
            let entryPoint = try EntryPoint(text)
            #expect(entryPoint.command == "flask")
            #expect(entryPoint.module == "flask.cli")
            #expect(entryPoint.function == "main")
        }
        #expect(try EntryPoint("näme = größe.π:Klasse.lauf").function == "Klasse.lauf")
    }

    @Test(arguments: [
        "", "flask", "flask = flask.cli", "= a:b", "../x = a:b", "a/b = a:b", ".hidden = a:b", "a\\b = a:b",
        "a\nb = a:b", "x = a;import os:b", "x = a.:b", "x = .a:b", "x = a:b()", "x = class:b", "x = a:b [extra]",
        "x = 1a:b", "x = a:",
    ])
    func anythingButNamesIsRefused(text: String) {
        #expect(throws: EntryPoint.Malformed.self) { try EntryPoint(text) }
    }

    @Test func scriptIsCondas() throws {
        let script = try EntryPoint("tool = pack.age:Main.run").script(python: "/opt/x/bin/python3.12")
        #expect(
            script == """
                #!/opt/x/bin/python3.12
                # -*- coding: utf-8 -*-
                import re
                import sys

                from pack.age import Main

                if __name__ == '__main__':
                    sys.argv[0] = re.sub(r'(-script\\.pyw?|\\.exe)?$', '', sys.argv[0])
                    sys.exit(Main.run())

                """)
    }
}
