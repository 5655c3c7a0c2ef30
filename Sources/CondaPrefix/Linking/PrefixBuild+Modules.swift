import CondaArchive

extension PrefixBuild {
    /// The modules to compile, each with the packages that bring it.
    struct ModuleList: Sendable {
        /// The modules in the order of their paths, with the compiled form's path below the prefix.
        var modules: [ByteCompiler.Module] = []

        /// The modules of each package, in the order of its list, as indices.
        var ofPackage: [[Int]] = []

        /// The modules of each wheel, as indices.
        var ofWheel: [[Int]] = []

        private var known: [RelativePath: Int] = [:]

        /// Adds a module, or finds it where another package has brought it too.
        mutating func number(of module: ByteCompiler.Module) -> Int {
            if let number = known[module.compiled] { return number }
            known[module.compiled] = modules.count
            modules.append(module)
            return modules.count - 1
        }
    }

    /// Finds what conda would compile, the modules of `noarch: python` packages, and those of wheels as pip would.
    ///
    /// A compiled file that some package brings itself is left as it is.
    func modules() -> ModuleList {
        var list = ModuleList()
        list.ofPackage = plan.packages.map { _ in [] }
        list.ofWheel = plan.wheels.map { _ in [] }
        guard let python = plan.python else { return list }
        var packaged = Set(plan.packages.flatMap { $0.tasks.map(\.place) })
        for wheel in plan.wheels { packaged.formUnion(wheel.tasks.map(\.place)) }
        func module(_ place: RelativePath) -> ByteCompiler.Module? {
            guard let compiled = python.compiledPath(of: place), !packaged.contains(compiled) else { return nil }
            return ByteCompiler.Module(source: place, compiled: compiled)
        }
        for (index, package) in plan.packages.enumerated() where package.isNoarchPython {
            for task in package.tasks where PythonLayout.isCompiled(task.source) {
                if let module = module(task.place) { list.ofPackage[index].append(list.number(of: module)) }
            }
        }
        for (index, wheel) in plan.wheels.enumerated() {
            for task in wheel.tasks where task.isModule {
                if let module = module(task.place) { list.ofWheel[index].append(list.number(of: module)) }
            }
        }
        return list
    }

    /// Compiles some modules and returns what is known about the compiled files, in the order of the modules.
    func compile(_ modules: [ByteCompiler.Module]) throws -> [InstalledPath?] {
        guard let python = plan.python, !modules.isEmpty else { return [] }
        let compiler = ByteCompiler(root: destination, directory: directory, python: python)
        let outcome = try compiler.compile(modules, threads: options.threads)
        let slices = stride(from: 0, to: modules.count, by: 256).map { modules[$0..<min($0 + 256, modules.count)] }
        let paths = try concurrently(slices, limit: options.threads) { slice in
            try slice.map { try compiledPath($0) }
        }.flatMap(\.self)
        let count = paths.count { $0 != nil }
        if count == 0, let failure = outcome?.failure {
            let output = String(decoding: outcome?.output ?? [], as: UTF8.self)
            events(.notCompiled(reason: output.isEmpty ? failure : "\(failure)\n\(output)"))
        } else {
            events(.compiled(modules: count, failed: modules.count - count))
        }
        return paths
    }

    private func compiledPath(_ module: ByteCompiler.Module) throws(PrefixError) -> InstalledPath? {
        let isFile = try PrefixError.writing { () throws(DirectoryError) in
            guard try directory.status(module.compiled)?.kind == .file else { return false }
            try directory.setModificationTime(module.compiled, FileTime(seconds: time))
            return true
        }
        guard isFile else { return nil }
        let (digest, size) = try FileDigest.sha256(of: module.compiled, in: directory)
        var path = InstalledPath(path: module.compiled, kind: .compiledModule)
        path.digestInPrefix = digest
        path.size = size
        return path
    }
}
