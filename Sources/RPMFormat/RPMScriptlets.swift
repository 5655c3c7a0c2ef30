/// A script that rpm runs.
package struct RPMScriptlet: Sendable, Hashable {
    /// Interpreter and its arguments: `["/bin/sh"]`, `["<lua>"]`.
    package var interpreter: [String]
    /// Text of the script; empty where the interpreter alone is the command.
    package var body: String

    /// Makes a scriptlet, for `/bin/sh` where nothing else is said.
    package init(interpreter: [String] = ["/bin/sh"], body: String) {
        self.interpreter = interpreter
        self.body = body
    }
}

/// The scripts of a package, in the order in which rpm runs them.
package struct RPMScriptlets: Sendable, Hashable {
    /// `%pretrans`: before the whole transaction.
    package var pretrans: RPMScriptlet?
    /// `%pre`: before the files come; the only one whose failure keeps the package out.
    package var pre: RPMScriptlet?
    /// `%post`: after the files came.
    package var post: RPMScriptlet?
    /// `%preun`: before the files go.
    package var preun: RPMScriptlet?
    /// `%postun`: after the files went.
    package var postun: RPMScriptlet?
    /// `%posttrans`: after the whole transaction.
    package var posttrans: RPMScriptlet?
    /// `%verifyscript`: during `rpm -V`.
    package var verify: RPMScriptlet?

    /// Makes a set of scripts.
    package init(
        pretrans: RPMScriptlet? = nil, pre: RPMScriptlet? = nil, post: RPMScriptlet? = nil,
        preun: RPMScriptlet? = nil, postun: RPMScriptlet? = nil, posttrans: RPMScriptlet? = nil,
        verify: RPMScriptlet? = nil
    ) {
        self.pretrans = pretrans
        self.pre = pre
        self.post = post
        self.preun = preun
        self.postun = postun
        self.posttrans = posttrans
        self.verify = verify
    }
}

/// One entry of a package's `%changelog`.
package struct RPMChangelogEntry: Sendable, Hashable {
    /// Seconds since 1970.
    package var time: UInt32
    /// Who, and which version: `Jane <jane@example.com> - 2.4.0-1`.
    package var author: String
    /// What changed, usually lines that start with `- `.
    package var text: String

    /// Makes an entry.
    package init(time: UInt32, author: String, text: String) {
        self.time = time
        self.author = author
        self.text = text
    }
}

extension RPMScriptlets {
    /// One script with the place where rpm keeps it.
    struct Slot {
        /// Name in a spec file, without the percent sign.
        let name: String
        /// The script.
        let scriptlet: RPMScriptlet
        /// Tag of its text.
        let bodyTag: RPMTag
        /// Tag of its interpreter.
        let interpreterTag: RPMTag
        /// When its interpreter is needed.
        let context: RPMDependencyContext
    }

    /// Where rpm keeps each script.
    private static var places: [(String, KeyPath<RPMScriptlets, RPMScriptlet?>, RPMTag, RPMTag, RPMDependencyContext)] {
        [
            ("pretrans", \.pretrans, .pretrans, .pretransInterpreter, .preTransaction),
            ("pre", \.pre, .pre, .preInterpreter, .pre),
            ("post", \.post, .post, .postInterpreter, .post),
            ("preun", \.preun, .preun, .preunInterpreter, .preUninstall),
            ("postun", \.postun, .postun, .postunInterpreter, .postUninstall),
            ("posttrans", \.posttrans, .posttrans, .posttransInterpreter, .postTransaction),
            ("verifyscript", \.verify, .verifyScript, .verifyScriptInterpreter, .verify),
        ]
    }

    /// The scripts that are there.
    var slots: [Slot] {
        Self.places.compactMap { name, keyPath, body, interpreter, context in
            self[keyPath: keyPath].map {
                Slot(name: name, scriptlet: $0, bodyTag: body, interpreterTag: interpreter, context: context)
            }
        }
    }

    /// Takes the scripts that `read` finds under their pairs of tags.
    init(reading read: (_ body: RPMTag, _ interpreter: RPMTag) -> RPMScriptlet?) {
        self.init(
            pretrans: read(.pretrans, .pretransInterpreter), pre: read(.pre, .preInterpreter),
            post: read(.post, .postInterpreter), preun: read(.preun, .preunInterpreter),
            postun: read(.postun, .postunInterpreter), posttrans: read(.posttrans, .posttransInterpreter),
            verify: read(.verifyScript, .verifyScriptInterpreter))
    }
}
