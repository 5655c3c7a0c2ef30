extension PackagePlan {
    /// The source package of a spec file: what the binary package says of itself, with the spec file and its sources.
    ///
    /// Requires nothing to be built, beside what rpmbuild itself brings.
    init(sourceOf spec: SpecText) throws(RPMError) {
        var package = spec.plan.description
        package.requires = []
        package.provides = []
        package.conflicts = []
        package.obsoletes = []
        package.recommends = []
        package.scriptlets = RPMScriptlets()
        package.prefixes = []
        package.trees = []
        package.files = [
            RPMFile(path: "/\(spec.fileName)", contents: .data(Array(spec.text.utf8)), flags: .specFile)
        ]
        package.files += spec.sources.map { RPMFile(path: "/\($0.name)", contents: $0.contents) }
        try self.init(package, kind: .source(names: spec.sources.map(\.name)))
    }
}
