import CondaModel
import Glibc
import HostSystem

/// What keeps a command from doing its work, beyond what the modules below report themselves.
package enum WorkflowError: ActionableError {
    case noTime(variable: String, text: String)
    case unreadable(path: String, reason: String)
    case unwritable(path: String, code: Int32)
    case noManifest(path: String)
    case manifestThere(path: String)
    case noManifestsBelow(paths: [String])
    case noChannels(manifest: String)
    case mixedInputs(manifest: String, inputs: [String])
    case beyondTarget(target: String, unmet: [String], given: [String])
    case foreignLock(path: String, format: String, reasons: [String], canBeTakenOver: Bool)
    case noEnvironments(lock: String, environment: String)
    case noGroup(lock: String, group: String, platform: String, known: [String], nearest: String?)
    case nothingLocked(lock: String, platform: String, groups: [String])
    case nothingToLock(manifest: String)
    case notAPage(path: String)
    case notLocked(name: String, lock: String, nearest: String?)
    case invalidPin(pin: String, reason: String)
    case unknownPlatform(name: String, known: [String])
    case notInChannels(requirement: String, channels: [String], nearest: String?)
    case unsatisfiable(manifest: String, explanation: String, remedy: String?)
    case noPython(manifest: String)
    case noUV(missing: [String])
    case wheelDoesNotFit(wheel: String, wanted: String?, target: String)
    case noWheelPlatform(subdir: String)
    case pipUnsatisfiable(manifest: String, explanation: String)
    case pipOption(file: String, option: String)
    case notAWheel(path: String)
    case noRepository(url: String, reason: String)
    case damagedRepository(url: String, reason: String)
    case noSide(text: String)
    case noRevision(text: String, reason: String)
    case notInstalled(name: String, link: String)
    case namelessSide(text: String)
    case lockMissing(path: String)
    case lockStale(path: String, reasons: [String])
    /// `architecture`: nil for this machine's own.
    case hostToolMissing(searched: [String], architecture: String?)
    case hostToolUnfit(path: String, architecture: String, problem: String)
    case releaseTaken(release: String, place: String)
    case outputUnwritable(path: String, code: Int32)
    case noReleaseDocument(rpm: String)
    case unpackable(path: String)

    package var description: String {
        switch self {
        case .noTime(let variable, let text): "\(variable): expected seconds since 1970, found '\(text)'"
        case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
        case .unwritable(let path, let code): "cannot write \(path): \(systemMessage(code))"
        case .noManifest(let path): "there is no manifest at \(path)"
        case .manifestThere(let path): "\(path) is there already"
        case .noManifestsBelow(let paths):
            "there is no \(Project.defaultManifest) below \(paths.isEmpty ? "." : paths.joined(separator: ", "))"
        case .noChannels(let manifest): "\(manifest) names no channel"
        case .mixedInputs(let manifest, let inputs):
            "expected one manifest, or requirements alone; found \(manifest) among "
                + inputs.map { "'\($0)'" }.joined(separator: " ")
        case .foreignLock(let path, let format, let reasons, _):
            "\(path) is \(format), which conda-rpm reads and leaves as it is"
                + (reasons.isEmpty ? "" : "; it does not answer the requirements:")
                + reasons.map { "\n  \($0)" }.joined()
        case .noEnvironments(let lock, let environment):
            "\(lock) is no pixi.lock and has no environment '\(environment)'"
        case .noGroup(let lock, let group, let platform, let known, _):
            "\(lock) has no group '\(group)' for \(platform); it has \(known.joined(separator: ", "))"
        case .nothingLocked(let lock, let platform, let groups):
            "\(lock) has no packages for \(platform)"
                + (groups.isEmpty ? "" : " in the groups wanted; it has \(groups.joined(separator: ", "))")
                + ", and an RPM without packages is not written"
        case .notAPage(let path): "\(path) is there and is no HTML page, so the report does not take its place"
        case .nothingToLock(let manifest): "\(manifest) asks for no package, so there is nothing to lock"
        case .notLocked(let name, let lock, _): "\(lock) has no package '\(name)' to update"
        case .beyondTarget(let target, let unmet, let given):
            "the lock is for other hosts than those of \(target):" + unmet.map { "\n  \($0)" }.joined()
                + "\n  these have \(given.joined(separator: ", "))"
        case .invalidPin(let pin, let reason): "pinned_packages: '\(pin)' is no requirement: \(reason)"
        case .unknownPlatform(let name, let known):
            "'\(name)' is no platform an RPM can be for; expected one of \(known.joined(separator: ", "))"
        case .notInChannels(let requirement, let channels, let nearest):
            "no package answers '\(requirement)' in \(channels.joined(separator: ", "))"
                + (nearest.map { "; the nearest name is '\($0)'" } ?? "")
        case .unsatisfiable(let manifest, let explanation, _):
            "the requirements of \(manifest) cannot be met together:\n\(explanation)"
        case .noPython(let manifest): "\(manifest) wants wheels, and no python to link them into"
        case .noUV(let missing):
            "these are neither among the conda packages nor among the wheels at hand, and uv, which would find them on PyPI, "
                + "is not on PATH:" + missing.map { "\n  \($0)" }.joined()
        case .wheelDoesNotFit(let wheel, let wanted, let target):
            "\(wheel) does not fit \(target)" + (wanted.map { ": it wants Python \($0)" } ?? "")
        case .noWheelPlatform(let subdir): "requirements for PyPI cannot be resolved for \(subdir)"
        case .pipUnsatisfiable(let manifest, let explanation):
            "uv found no wheels for the pip list of \(manifest):\n"
                + explanation.trimmingBlanks
        case .pipOption(let file, let option): "\(file): expected requirements, found the option '\(option)'"
        case .notAWheel(let path): "rpm.wheels: expected NAME-VERSION-PYTHON-ABI-PLATFORM.whl, found \(path)"
        case .noRepository(let url, let reason): "\(url) is no yum repository: \(reason)"
        case .damagedRepository(let url, let reason): "the metadata of \(url) is damaged: \(reason)"
        case .noSide(let text): "'\(text)' is no file, and no REVISION:PATH of git"
        case .noRevision(let text, let reason):
            "cannot read '\(text)' from git: \(reason.trimmingBlanks)"
        case .notInstalled(let name, let link): "no release of \(name) serves on this host, as \(link) would tell"
        case .namelessSide(let text): "\(text) does not say which service it is for"
        case .lockMissing(let path): "there is no lock at \(path)"
        case .lockStale(let path, let reasons):
            "\(path) no longer answers the manifest" + reasons.map { "\n  \($0)" }.joined()
        case .hostToolMissing(let searched, let architecture):
            "the host tool\(architecture.map { " for \($0)" } ?? "") is missing; searched "
                + searched.joined(separator: ", ")
        case .hostToolUnfit(let path, let architecture, let problem):
            "the host tool has to be a static program for \(architecture): \(path): \(problem)"
        case .releaseTaken(let release, let place):
            "\(release) is published as \(place) with other contents"
        case .outputUnwritable(let path, let code): "cannot write into \(path): \(systemMessage(code))"
        case .unpackable(let path): "\(path) has a name that is no UTF-8, which rpm cannot hold"
        case .noReleaseDocument(let rpm): "\(rpm) has no release.json: conda-rpm did not build it"
        }
    }

    package var hint: String? {
        switch self {
        case .noTime: "give a whole number such as 1767225600, or unset it"
        case .unreadable, .unwritable: nil
        case .noManifest: "make one with: conda-rpm init; or name another: conda-rpm build PATH"
        case .manifestThere: "edit it, or name another directory"
        case .mixedInputs: "build them one by one, or give each requirement as NAME, 'NAME VERSION' or CHANNEL::NAME"
        case .beyondTarget:
            "lock for this target, or say what its hosts have, such as: target: {base: el9, glibc: \"2.39\"}"
        case .foreignLock(_, _, _, let canBeTakenOver):
            "update it with the tool that wrote it, or name another file with --lockfile"
                + (canBeTakenOver ? ", or let conda-rpm write this one from now on: conda-rpm lock --update-lock" : "")
        case .noEnvironments: "leave --environment out; of a conda-lock.yml a group can be chosen, with --category"
        case .noGroup(_, _, _, _, let nearest):
            nearest.map { "did you mean --category \($0)?" } ?? "choose one of them with --category"
        case .nothingLocked: "lock what the service needs, or name another lock with --lockfile"
        case .notAPage: "name another file with --output"
        case .nothingToLock: "list at least one requirement under 'dependencies:'"
        case .notLocked(_, _, let nearest):
            nearest.map { "did you mean '\($0)'?" }
                ?? "name packages of the lock after --update; conda-rpm lock adds what the manifest newly requires"
        case .noManifestsBelow: "name the folders of the services, or a manifest by its file"
        case .noChannels: "add 'channels: [conda-forge]' to it, or pass --channel"
        case .invalidPin: "correct it in .condarc or CONDA_PINNED_PACKAGES"
        case .unknownPlatform: nil
        case .notInChannels: "check the name, or add the channel that has it"
        case .unsatisfiable(_, _, let remedy):
            remedy ?? "loosen one of the requirements named, or choose a newer target"
        case .noPython: "add python to its dependencies"
        case .wheelDoesNotFit: "name a wheel for this target, or change the python requirement or rpm.target"
        case .noUV:
            "add them to 'dependencies:' or 'rpm.wheels', install uv (pip install uv, or docs.astral.sh/uv), or give a finished lock: pip: [-r pylock.toml]"
        case .noWheelPlatform: "take these packages from a conda channel, or give a lock: pip: [-r pylock.toml]"
        case .pipUnsatisfiable:
            "only wheels are taken: where there is only a source distribution, build a wheel and list it in rpm.wheels"
        case .pipOption: "set indexes in uv's own configuration (uv.toml, UV_INDEX_URL), and list requirements only"
        case .notAWheel: "name a wheel; build one of a source tree with: python -m build --wheel"
        case .noRepository: "name the folder that holds repodata/, or a directory of RPMs"
        case .damagedRepository:
            "try again; where that does not help, let its server make the metadata anew (createrepo_c)"
        case .noSide, .noRevision: "name an RPM, a lock, a manifest or its directory, or REVISION:PATH of these"
        case .namelessSide: "compare what is installed with an RPM or a manifest"
        case .notInstalled: "run it on a host that has the service, or name two sides"
        case .lockMissing, .lockStale: "run: conda-rpm lock"
        case .hostToolMissing(_, nil): "run scripts/build, or pass --host-tool PATH"
        case .hostToolMissing(_, let architecture?): Self.makingHostTool(architecture)
        case .hostToolUnfit(_, let architecture, _): Self.makingHostTool(architecture)
        case .releaseTaken: "raise rpm.release, or set it to auto"
        case .outputUnwritable: "choose another directory with --output"
        case .unpackable: "use 'layout: archives', where the host links the files"
        case .noReleaseDocument: nil
        }
    }

    private static func makingHostTool(_ architecture: String) -> String {
        if architecture == Project.machine.rpmArchitecture { return "run scripts/build, or pass --host-tool PATH" }
        let name = HostTools.fileName
        return "run scripts/build on a machine with \(architecture), and put its .build/bin/\(name) beside this "
            + "program as \(name).\(architecture), or pass it with --host-tool"
    }
}
