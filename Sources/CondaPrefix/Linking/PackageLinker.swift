import CondaArchive
import CondaModel

/// Writes the files of one package in one pass over its archive or directory.
struct PackageLinker {
    /// The package.
    let plan: PackagePlan

    /// Writes single files.
    let files: FileLinker

    /// The tasks to do, as repair chooses them; nil means all.
    var selection: Set<Int>?

    /// Threads that unpack the archive, if it is one that several can work on.
    var threads = 1

    /// Is told about files that are not what the package's list says.
    let events: @Sendable (PrefixEvent) -> Void

    /// Hard links whose first name was not written as they need it: the contents are read once more for them.
    private var postponed: [RelativePath: [Int]] = [:]
    private var linked: [InstalledPath?]

    init(
        plan: PackagePlan, files: FileLinker, selection: Set<Int>? = nil,
        events: @escaping @Sendable (PrefixEvent) -> Void
    ) {
        self.plan = plan
        self.files = files
        self.selection = selection
        self.events = events
        linked = [InstalledPath?](repeating: nil, count: plan.tasks.count)
    }

    /// Writes the files and returns what `conda-meta` tells about each, in the order of the package's list.
    ///
    /// Paths that were not selected have no result.
    mutating func link() throws(PrefixError) -> [InstalledPath?] {
        switch plan.contents {
        case .archive(let archive): try link(archive)
        case .directory(let package): try link(package.directory)
        }
        for (index, task) in plan.tasks.enumerated() where linked[index] == nil {
            guard selection?.contains(index) ?? true else { continue }
            guard task.listed.type == .directory else {
                throw .missingMember(archive: plan.contents.path, path: task.source.description)
            }
            try makeDirectory(index)
        }
        return linked
    }

    private mutating func link(_ archive: CondaArchive) throws(PrefixError) {
        var linker = self
        try plan.visit(archive, threads: threads) { (member, index, contents) throws(PrefixError) in
            guard linker.selection?.contains(index) ?? true else { return }
            try linker.link(index, member, &contents)
        }
        try linker.linkPostponed(archive)
        self = linker
    }

    /// Links from the directory of an unpacked package, in the order of the package's list.
    private mutating func link(_ source: SafeDirectory) throws(PrefixError) {
        for (index, task) in plan.tasks.enumerated() where selection?.contains(index) ?? true {
            let found = try PrefixError.writing { () throws(DirectoryError) in try source.status(task.source) }
            switch found?.kind {
            case .file?: record(index, try files.link(task, from: source, found))
            case .symbolicLink?:
                let target = try PrefixError.writing { () throws(DirectoryError) in
                    try source.symbolicLinkTarget(task.source)
                }
                try makeSymbolicLink(index, target, time: found?.modificationTime ?? FileTime(seconds: 0))
            case .directory?: try makeDirectory(index)
            case .other?, nil: break
            }
        }
    }

    private mutating func link(
        _ index: Int, _ member: ArchiveMember, _ contents: inout MemberContents
    ) throws(PrefixError) {
        // A large package takes seconds: nobody who wants an end should wait for it.
        try Interruption.ofThisProcess.check()
        let task = plan.tasks[index]
        switch member.kind {
        case .file: record(index, try files.link(task, member, &contents))
        case .directory: try makeDirectory(index)
        case .symlink(let target): try makeSymbolicLink(index, target, time: member.modificationTime)
        case .hardlink(let source): try makeHardLink(index, source)
        }
    }

    private mutating func makeDirectory(_ index: Int) throws(PrefixError) {
        let task = plan.tasks[index]
        if task.isWritten {
            try PrefixError.writing { () throws(DirectoryError) in
                _ = try files.directory.createDirectory(task.place, mode: 0o755)
            }
        }
        linked[index] = InstalledPath(path: task.target, kind: .directory)
    }

    private mutating func makeSymbolicLink(_ index: Int, _ target: [UInt8], time: FileTime) throws(PrefixError) {
        let task = plan.tasks[index]
        if task.isWritten {
            try PrefixError.writing { () throws(DirectoryError) in
                try files.directory.createSymbolicLink(task.place, target: target)
                try files.directory.setModificationTime(task.place, files.clamped(time))
            }
        }
        var path = listedPath(task, kind: .softlink)
        path.linkTarget = String(decoding: target, as: UTF8.self)
        linked[index] = path
    }

    /// Gives a file its second name, where the first one is in place and was written the same way.
    private mutating func makeHardLink(_ index: Int, _ source: RelativePath) throws(PrefixError) {
        let task = plan.tasks[index]
        guard let first = plan.taskOfSource[source], let done = linked[first],
            plan.tasks[first].isWritten || files.isRehearsal, done.kind == .hardlink,
            Self.sameReplacement(plan.tasks[first], task)
        else {
            postponed[source, default: []].append(index)
            return
        }
        if task.isWritten {
            try PrefixError.writing { () throws(DirectoryError) in
                try files.directory.createHardLink(task.place, to: plan.tasks[first].place)
            }
        }
        var path = listedPath(task, kind: .hardlink)
        if path.digest ?? done.digest != done.digest || path.size ?? done.size != done.size {
            events(.contentsDiffer(package: plan.record.distribution, path: task.target.string))
        }
        path.digest = path.digest ?? done.digest
        path.digestInPrefix = done.digestInPrefix
        path.size = path.size ?? done.size
        linked[index] = path
    }

    private static func sameReplacement(_ left: LinkTask, _ right: LinkTask) -> Bool {
        left.replacement?.placeholder == right.replacement?.placeholder
            && left.replacement?.mode == right.replacement?.mode
    }

    private mutating func linkPostponed(_ archive: CondaArchive) throws(PrefixError) {
        guard !postponed.isEmpty else { return }
        var linker = self
        do {
            try archive.forEachMember { member, contents in
                guard let indices = linker.postponed[member.location], case .file = member.kind else { return }
                guard let index = indices.first else { return }
                linker.record(index, try linker.files.link(plan.tasks[index], member, &contents))
                linker.postponed[member.location] = Array(indices.dropFirst())
            }
        } catch {
            throw PrefixError(error)
        }
        linker.postponed = linker.postponed.filter { !$0.value.isEmpty }
        let isProgress = linker.postponed.count < postponed.count || linker.postponed != postponed
        self = linker
        if isProgress { try linkPostponed(archive) }
    }

    private mutating func record(_ index: Int, _ contents: LinkedContents) {
        let task = plan.tasks[index]
        var path = listedPath(task, kind: .hardlink)
        if (task.listed.sha256 ?? contents.digest) != contents.digest
            || (task.listed.size ?? contents.size) != contents.size
        {
            events(.contentsDiffer(package: plan.record.distribution, path: task.target.string))
        }
        path.digest = path.digest ?? contents.digest
        path.digestInPrefix = contents.digestInPrefix
        path.size = path.size ?? contents.size
        linked[index] = path
    }

    private func listedPath(_ task: LinkTask, kind: InstalledPath.Kind) -> InstalledPath {
        var path = InstalledPath(path: task.target, kind: kind)
        path.digest = task.listed.sha256
        path.size = task.listed.size
        path.noLink = task.listed.noLink ? true : nil
        if kind == .hardlink, let replacement = task.replacement {
            path.placeholder = replacement.placeholder
            path.fileMode = replacement.mode.rawValue
        }
        return path
    }
}
