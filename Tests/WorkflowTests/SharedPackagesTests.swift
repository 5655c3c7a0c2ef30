import CondaModel
import Foundation
import RPMFormat
import ServiceManifest
import ServicePackaging
import ServiceRelease
import Testing

@testable import Workflow

/// The RPMs of conda packages in layout `split`.
@Suite struct SharedPackagesTests {
    private func record(_ name: String = "flask", digit: String = "a", subdir: String = "noarch") throws
        -> PackageRecord
    {
        var record = PackageRecord(name: name, version: try Version("3.1"), build: "0")
        record.sha256 = String(repeating: digit, count: 64)
        record.url = "https://conda.example.com/\(subdir)/\(name)-3.1-0.conda"
        return record
    }

    /// Of the text that the file holds.
    private static let list =
        #"{"paths": [{"_path": "file", "sha256": "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1"}]}"#

    /// What a package says of itself.
    private static func index(_ record: PackageRecord) -> String {
        #"{"name": "\#(record.name)", "version": "\#(record.version)", "build": "\#(record.build)", "build_number": 0, "#
            + #""depends": [], "license": "BSD-3-Clause", "subdir": "noarch"}"#
    }

    /// Writes the RPM of a package that holds one file.
    private func write(
        _ record: PackageRecord, to folder: String, target: Target = Target(.el9), text: String = "text",
        payload: RPMPayload? = nil
    ) throws -> String {
        let directory = SharedPackage(record).directory
        let tree = [
            RPMFile(path: directory, contents: .directory, mode: 0o755),
            RPMFile(path: "\(directory)/file", contents: .data(Array(text.utf8)), modificationTime: 1_600_000_000),
            RPMFile(path: "\(directory)/info/paths.json", contents: .data(Array(Self.list.utf8))),
            RPMFile(path: "\(directory)/info/index.json", contents: .data(Array(Self.index(record).utf8))),
        ]
        let rpm = SharedPackageRPM(
            record: record, licenses: [BundledLicense(package: "flask", path: "LICENSE", text: [65])], target: target)
        let archive = "\(folder)/archive"
        try Data("archive".utf8).write(to: URL(fileURLWithPath: archive))
        var description = try rpm.description(tree, architecture: "x86_64", archive: archive, hostTool: archive)
        if let payload { description.payload = payload }
        return try RPMWriter.write(description, to: "\(folder)/\(description.fileName)").path
    }

    private func shared(_ folder: String, target: Target = Target(.el9), published: [String] = []) -> SharedPackages {
        SharedPackages(
            target: target, architecture: "x86_64", output: folder, published: PublishedPackages(files: published),
            hostTool: "/bin/true")
    }

    @Test func anRPMSaysWhatItIsMadeOf() throws {
        let scratch = try Scratch()
        let path = try write(record(), to: scratch.path)
        let reader = try RPMReader(path: path)
        #expect((path as NSString).lastPathComponent == "conda-flask-3.1-0-aaaaaaaa-3.1-2.el9.noarch.rpm")
        #expect(reader.isSharedPackage)
        #expect(reader.inputs == String(repeating: "a", count: 64))
        #expect(reader.buildTime == 1_600_000_000)
        #expect(reader.provides.contains { "\($0)" == "bundled(conda-flask) = 3.1" })
        #expect(reader.requires.allSatisfy { $0.name.hasPrefix("rpmlib(") })
        #expect(reader.files.contains { $0.path == "/usr/share/licenses/conda-flask-3.1-0-aaaaaaaa/LICENSE" })
        let verification = try Verification.run(path, lockfile: nil, keyFiles: [])
        #expect(verification.findings.isEmpty)
        let found = try Inspection.read(path)
        #expect(found.kind == .package && !found.isSource && found.layout == nil && found.target == nil)
        #expect(found.prefix == "/opt/conda-rpm/pkgs/flask-3.1-0-aaaaaaaa")
        #expect(found.packages.map(\.name) == ["flask"] && found.packages.first?.license == "BSD-3-Clause")
        #expect(found.packages.first?.sha256 == String(repeating: "a", count: 64))
        #expect(try Contents(rpm: path).items.map(\.version) == ["3.1"])
        let changed = try Verification.run(
            write(record(), to: scratch.folder("changed"), text: "other"), lockfile: nil, keyFiles: [])
        #expect(changed.findings.map(\.problem) == ["it is not the file that its package lists"])
    }

    /// The source RPM of a package whose archive holds some bytes, under the digest that the record states.
    private func writeSource(_ text: String, stating stated: String, to folder: String) throws -> String {
        let archive = "\(folder)/flask-3.1-0.conda"
        try Data(stated.utf8).write(to: URL(fileURLWithPath: archive))
        var record = try record()
        record.sha256 = try FileContents.sha256(archive)
        record.fileName = "flask-3.1-0.conda"
        let tool = "\(folder)/conda-rpm-host"
        try Data("tool".utf8).write(to: URL(fileURLWithPath: tool))
        let rpm = SharedPackageRPM(record: record, licenses: [], target: Target(.el9))
        let directory = RPMFile(path: SharedPackage(record).directory, contents: .directory, mode: 0o755)
        var description = try rpm.description([directory], architecture: "x86_64", archive: archive, hostTool: tool)
        description.trees[0].inputs[1].contents = .data(Array(text.utf8))
        let spec = try SpecText(description)
        return try RPMWriter.writeSource(spec, to: "\(folder)/\(spec.sourceFileName)").path
    }

    @Test func aSourceRPMSaysWhatItIsMadeOf() throws {
        let scratch = try Scratch()
        let path = try writeSource("archive", stating: "archive", to: scratch.path)
        let found = try Inspection.read(path)
        #expect(found.kind == .package && found.isSource && found.architecture == "src")
        #expect(found.packages.map { "\($0.name) \($0.version) \($0.build)" } == ["flask 3.1 0"])
        #expect(found.packages.first?.sha256?.prefix(8) == found.prefix.suffix(8))
        #expect(try Verification.run(path, lockfile: nil, keyFiles: []).findings.isEmpty)
        // The name holds the archive's digest: with another archive it is no package of ours.
        let other = try writeSource("other", stating: "archive", to: scratch.folder("other"))
        #expect(throws: WorkflowError.self) { try Inspection.read(other) }
        #expect(throws: WorkflowError.self) { try Verification.run(other, lockfile: nil, keyFiles: []) }
    }

    @Test func whatIsBuiltOrPublishedIsThere() throws {
        let scratch = try Scratch()
        let (here, elsewhere) = (try scratch.folder("here"), try scratch.folder("elsewhere"))
        let (flask, other) = (try record(), try record(digit: "b"))
        let compiled = try record("numpy", subdir: "linux-64")
        _ = try write(flask, to: here)
        let published = [try write(compiled, to: elsewhere)]
        #expect(shared(here).exists(flask))
        #expect(!shared(here).exists(other))
        #expect(!shared(here).exists(compiled))
        #expect(shared(here, published: published).exists(compiled))
        #expect(!shared(here, target: Target(.el8)).exists(flask))
        #expect(shared(here).lacks([flask, other]))
        var unknown = flask
        unknown.sha256 = nil
        #expect(!shared(here).exists(unknown))
    }

    @Test func anUnsignedOneIsWrittenAgainWhereItMustBeSigned() throws {
        let scratch = try Scratch()
        _ = try write(record(), to: scratch.path)
        var signed = shared(scratch.path)
        signed.isSigned = true
        #expect(try !signed.exists(record()))
    }

    @Test func aFileOfThatNameThatIsNoRPMIsNotThere() throws {
        let scratch = try Scratch()
        let path = try write(record(), to: scratch.path)
        try Data("cut".utf8).write(to: URL(fileURLWithPath: path))
        #expect(try !shared(scratch.path).exists(record()))
    }

    @Test func anotherMachinesBytesAreTheSamePackage() throws {
        let scratch = try Scratch()
        let environment = environment(home: scratch)
        let repository = try scratch.folder("repo")
        func publish(_ path: String) throws -> [PublishedPackage.Outcome] {
            try Publishing(repository: repository, signKey: nil, environment: environment, events: { _ in }).run([path])
                .map(\.outcome)
        }
        let first = try write(record(), to: scratch.folder("a"))
        let second = try write(record(), to: scratch.folder("b"), payload: .gzip(level: 1))
        #expect(try FileContents.sha256(first) != FileContents.sha256(second))
        #expect(try publish(first) == [.added])
        #expect(try publish(second) == [.unchanged])
        let published = "\(repository)/\((first as NSString).lastPathComponent)"
        #expect(try FileContents.sha256(published) == FileContents.sha256(first))
    }

    @Test func aServiceMustRequireEachPackage() throws {
        let scratch = try Scratch()
        var sample = try SampleRPM()
        sample.release.layout = .split
        sample.rpm.files = []
        let bare = try Verification.run(sample.write(in: scratch.folder("a")), lockfile: nil, keyFiles: [])
        #expect(bare.findings.map(\.kind) == [.archive, .archive])
        #expect(bare.findings[0].problem.hasPrefix("conda-a-1-0-"))
        sample.rpm.requires = sample.release.packages.map {
            SharedPackageRPM(record: $0.record, licenses: [], target: Target(.el9)).relation
        }
        let complete = try Verification.run(sample.write(in: scratch.folder("b")), lockfile: nil, keyFiles: [])
        #expect(complete.findings.isEmpty)
    }
}
