import CondaArchive
import CondaModel

/// Runs the scripts of packages one after the other and collects what they leave for the user.
struct LinkScripts {
    /// The prefix, at its real place.
    let prefix: String

    /// The same prefix as an opened directory.
    let directory: SafeDirectory

    /// Is told what runs and what was left.
    let events: @Sendable (PrefixEvent) -> Void

    /// What the scripts left for the user, in the order in which they ran.
    private(set) var messages: [ScriptMessage] = []

    init(prefix: String, directory: SafeDirectory, events: @escaping @Sendable (PrefixEvent) -> Void) {
        self.prefix = prefix
        self.directory = directory
        self.events = events
    }

    /// Runs a script that must succeed; `source` is the unpacked package for pre-link, else the prefix.
    mutating func run(_ kind: LinkScript.Kind, of record: PackageRecord, source: String? = nil)
        throws(PrefixError)
    {
        let outcome = try execute(kind, record, source: source ?? prefix)
        let message = try takeMessage(of: record)
        guard let failure = outcome.failure else { return }
        throw .scriptFailed(
            package: record.distribution, script: kind.rawValue, status: failure,
            output: String(decoding: outcome.output, as: UTF8.self), messages: message)
    }

    /// Runs a script whose failure is only reported, as conda does when it unlinks.
    mutating func tryToRun(_ kind: LinkScript.Kind, of record: PackageRecord) throws(PrefixError) {
        let outcome = try execute(kind, record, source: prefix)
        _ = try takeMessage(of: record)
        guard let failure = outcome.failure else { return }
        let output = String(decoding: outcome.output, as: UTF8.self)
        events(.scriptFailed(package: record.distribution, script: kind, status: failure, output: output))
    }

    private func execute(
        _ kind: LinkScript.Kind, _ record: PackageRecord, source: String
    ) throws(PrefixError) -> ChildProcess.Outcome {
        events(.runningScript(package: record.distribution, script: kind))
        var script = LinkScript(record: record, kind: kind, prefix: prefix, source: source)
        if kind == .postLink {
            script.activation = try ShellEnvironment.activationScripts(in: directory).map { "\(prefix)/\($0)" }
        }
        return try script.run()
    }

    /// Reads and removes the file in which a script leaves a message for the user.
    private mutating func takeMessage(of record: PackageRecord) throws(PrefixError) -> String {
        let bytes = try PrefixError.writing { () throws(DirectoryError) -> [UInt8] in
            guard let path = try? RelativePath(".messages.txt"), try directory.status(path) != nil else { return [] }
            let bytes = try directory.read(path, limit: 1 << 20)
            try directory.removeFile(path)
            return bytes
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard !text.isEmpty else { return "" }
        messages.append(ScriptMessage(package: record.distribution, text: text))
        events(.message(package: record.distribution, text: text))
        return text
    }
}
