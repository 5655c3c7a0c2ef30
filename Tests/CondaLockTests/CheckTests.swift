import CondaModel
import Testing

@testable import CondaLock

@Suite("Does a lock answer") struct CheckTests {
    @Test("Our lock answers the set it was made for, however it is written")
    func answered() throws {
        let lock = try decode(Samples.lock().text)
        #expect(lock.check(against: try Samples.requirements()).isAnswered)
        let rewritten = try Samples.requirements(["python=3.12", "flask>=3"])
        #expect(
            rewritten.contentHash
                == (try Samples.requirements(["flask >=3", "python 3.12.*", "flask >=3"])).contentHash)
        #expect(lock.check(against: rewritten).isAnswered)
    }

    @Test(
        "Our lock does not answer another set",
        arguments: [
            (["flask >=3"], ["the requirement python 3.12.* was removed since the lock was made"]),
            (
                ["flask >=3", "python 3.12.*", "werkzeug"],
                ["the requirement werkzeug was added since the lock was made"]
            ),
            (
                ["flask >=3.1", "python 3.12.*"],
                [
                    "the requirement flask >=3 was removed since the lock was made",
                    "the requirement flask >=3.1 does not match the locked flask 3.0 pyhd8ed1ab_1",
                ]
            ),
            (["flask >=3", "python 3.12.*", "numpy"], ["the requirement numpy is not in the lock"]),
            (["flask >=3", "python 3.12.*", "__cuda"], ["the requirement __cuda is not in the lock"]),
            (
                ["flask >=3", "python 3.12.*", "__glibc >=2.39"],
                ["the requirement __glibc >=2.39 does not match the locked __glibc 2.34"]
            ),
        ])
    func notAnswered(specs: [String], reasons: [String]) throws {
        let lock = try decode(Samples.lock().text)
        let answer = lock.check(against: try Samples.requirements(specs))
        #expect(answer.reasons.map(\.description) == reasons)
    }

    @Test("Channels, target and platform")
    func surroundings() throws {
        let lock = try decode(Samples.lock().text)
        let channels = lock.check(against: try Samples.requirements(channels: ["other", "forge"]))
        #expect(channels.reasons.map(\.description) == ["the channels are other, forge, the lock was made with forge"])
        let target = lock.check(against: try Samples.requirements(glibc: "2.28"))
        #expect(
            target.reasons.map(\.description) == [
                "the target brings __glibc 2.28 0, __unix 0 0, the lock was made for __glibc 2.34 0, __unix 0 0"
            ])
        var elsewhere = try Samples.requirements()
        elsewhere.platform = .linuxAarch64
        #expect(lock.check(against: elsewhere).reasons == [.noPackages(platform: .linuxAarch64, known: [.linux64])])
    }

    @Test("A lock edited by hand")
    func edited() throws {
        let text = try Samples.lock().text
        let withoutHash = try decode(text.replacing(try Samples.requirements().contentHash, with: "0"))
        #expect(withoutHash.check(against: try Samples.requirements()).reasons == [.contentHashDiffers])
        var lock = try decode(text)
        lock.packages.removeAll { $0.name == "openssl" }
        #expect(
            lock.check(against: try Samples.requirements()).reasons.map(\.description) == [
                "python 3.12.4 needs openssl >=3.3.1,<4.0a0, the lock has none"
            ])
        var older = try decode(
            text.replacing("openssl-3.3.1", with: "openssl-3.0.0").replacing("version: 3.3.1", with: "version: 3.0.0"))
        older.path = "x"
        #expect(
            older.check(against: try Samples.requirements()).reasons.map(\.description) == [
                "python 3.12.4 needs openssl >=3.3.1,<4.0a0, the lock has openssl 3.0.0 h4bc722e_1"
            ])
    }

    @Test("A foreign lock is judged by its packages alone")
    func foreign() throws {
        let text = try Samples.lock().text.replacing("generator: conda-rpm", with: "generator: other")
        let lock = try decode(text)
        #expect(lock.origin == .condaLock)
        #expect(
            lock.check(against: try Samples.requirements(["flask"], channels: ["whatever"], glibc: "2.17")).isAnswered)
        let answer = lock.check(against: try Samples.requirements(["flask <3", "conda-forge::python", "pandas"]))
        #expect(
            answer.reasons.map(\.description).first
                == "the requirement flask <3 does not match the locked flask 3.0 pyhd8ed1ab_1")
        #expect(answer.reasons.count == 3)
        #expect(
            lock.check(against: try Samples.requirements(["flask[license=MIT]"])).isAnswered, "locks keep no licence")
    }

    @Test(
        "Requirements for PyPI",
        arguments: [
            ("orders-client ==1.2", true), ("Orders_Client", true), ("orders.client[web] >=1, <2", true),
            ("orders-client (>1)", true), ("orders-client ==1.3", false), ("orders-client>=2", false),
            ("missing", false), ("missing; sys_platform == 'win32'", true), ("flask >=3", true), ("flask >4", false),
            ("orders-client @ https://example.com/x.whl", true), ("orders-client~=1.0", true),
            ("orders-client===9", true),
        ])
    func pip(requirement: String, isMet: Bool) throws {
        var lock = try Samples.lock(wheels: [Samples.wheel()])
        lock.origin = .condaLock
        let answer = lock.check(against: try Samples.requirements(pip: [requirement]))
        #expect(answer.isAnswered == isMet, "\(answer.reasons)")
    }

    @Test("The content hash changes with each part of the set")
    func contentHash() throws {
        var aarch64 = try Samples.requirements()
        aarch64.platform = .linuxAarch64
        let hashes = try [
            Samples.requirements(), Samples.requirements(["flask >=3"]), Samples.requirements(channels: ["a", "b"]),
            Samples.requirements(channels: ["b", "a"]), Samples.requirements(glibc: "2.28"),
            Samples.requirements(pip: ["x"]), aarch64,
        ].map(\.contentHash)
        #expect(Set(hashes).count == hashes.count && hashes.allSatisfy { $0.count == 64 })
        #expect(try Samples.requirements(["x-3"], channels: ["forge"]).contentHash.count == 64)
    }
}
