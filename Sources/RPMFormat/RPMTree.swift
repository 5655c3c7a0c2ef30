/// Files of a package that a program makes of others, such as a linked prefix.
///
/// The package itself gets the finished files. A source package carries the inputs instead, and rpmbuild runs the program,
/// which must give the same files wherever it runs.
package struct RPMTree: Sendable, Hashable {
    /// Something that the program reads.
    package struct Input: Sendable, Hashable {
        /// Where the program finds it, below the directory in which it runs.
        package var path: String
        package var contents: RPMFile.Contents

        package init(path: String, contents: RPMFile.Contents) {
            self.path = path
            self.contents = contents
        }
    }

    /// The directory that the program fills, an absolute path on the host.
    package var root: String
    /// That directory and all that is in it; a ghost is none of the program's.
    package var files: [RPMFile]
    /// The program is one of them.
    package var inputs: [Input]
    /// The path of the program among the inputs.
    package var program: String
    /// Its arguments; `--destination DIRECTORY` follows them.
    package var arguments: [String]

    package init(root: String, files: [RPMFile], inputs: [Input], program: String, arguments: [String]) {
        self.root = root
        self.files = files
        self.inputs = inputs
        self.program = program
        self.arguments = arguments
    }
}
