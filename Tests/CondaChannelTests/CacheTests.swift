import Glibc
import Testing

@testable import CondaChannel

@Suite struct CacheTests {
    @Test(arguments: [
        (["CONDA_RPM_CACHE": "/x/y", "HOME": "/h"], "/x/y"),
        (["CONDA_RPM_CACHE": "", "XDG_CACHE_HOME": "/c", "HOME": "/h"], "/c/conda-rpm"),
        (["XDG_CACHE_HOME": "relative", "HOME": "/h"], "/h/.cache/conda-rpm"), ([:], "/var/tmp/conda-rpm-cache"),
    ])
    func followsTheEnvironment(_ environment: [String: String], path: String) {
        #expect(CacheDirectory.standard(environment: environment).path == path)
    }

    @Test func aLockIsHeldByOneAtATime() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/lock"
        let inside = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let lock = try await lockedFile(path)
                    let before = inside.next()
                    try await Task.sleep(for: .milliseconds(3))
                    #expect(inside.next() == before + 1)
                    withExtendedLifetime(lock) {}
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func anInterruptedWriteLeavesTheOldFile() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("x", "old")
        // A folder where a file should be: the rename fails, the temporary goes.
        try makeDirectory("\(folder.path)/taken/inside")
        #expect(throws: ChannelError.self) { try writeAtomically([1], to: "\(folder.path)/taken") }
        #expect(folder.files() == ["x"])
        #expect(try contents(path) == Array("old".utf8))
    }

    @Test func theLimiterLetsOnlySoManyThrough() async throws {
        let limiter = AsyncLimiter(3)
        let (entered, most) = (Level(), Level())
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try? await limiter.run { () async throws(ChannelError) in
                        most.raise(to: entered.change(by: 1))
                        try? await Task.sleep(for: .milliseconds(2))
                        _ = entered.change(by: -1)
                    }
                }
            }
        }
        #expect(most.change(by: 0) <= 3 && entered.change(by: 0) == 0)
    }
}
