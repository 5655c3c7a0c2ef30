import CondaModel
import Foundation
import RPMFormat
import ServiceManifest
import Testing

@testable import Workflow

/// What counts as built already: the newest release, as dnf orders them, and nothing older.
@Suite struct ReleaseHistoryTests {
    private func package(
        _ version: String, _ release: String, _ inputs: String?, epoch: String = "0", after: String? = nil,
        place: String = "dist"
    ) -> PublishedPackages.Package {
        PublishedPackages.Package(
            name: "orders", version: version, release: release, architecture: "x86_64", inputs: inputs,
            place: "\(place)/orders-\(version)-\(release)", path: nil, epoch: epoch, after: after.flatMap(EVR.init))
    }

    private func history(
        _ known: [PublishedPackages.Package], _ version: String, _ inputs: String, epoch: Int = 0,
        stated: ReleaseNumber = .automatic, dist: String = ".el9"
    ) -> ReleaseHistory {
        ReleaseHistory(known, digest: inputs, version: version, epoch: epoch, stated: stated, dist: dist)
    }

    @Test(
        arguments: [
            ("1.0-1", "1.0-2"), ("1.0-9", "1.0-10"), ("2.0-1", "1:1.0-1"), ("1.0~rc1-1", "1.0-1"),
            ("1.0-1.el9", "1.0.1-1.el9"), ("2:9-9", "10:1-1"),
        ])
    func whatIsNewerForDnf(older: String, newer: String) throws {
        let (older, newer) = (try #require(EVR(older)), try #require(EVR(newer)))
        #expect(older < newer && !(newer < older) && older != newer)
        #expect(EVR("\(older)") == older && EVR("\(newer)") == newer)
    }

    @Test(arguments: ["", "1", "1-2-3", "x:1-2", ":1-2"])
    func whatIsNoReleaseIsNone(text: String) { #expect(EVR(text) == nil) }

    @Test func theSameContentsAgainAreThere() {
        let known = [package("1.0", "1.el9", "a"), package("1.0", "2.el9", "b")]
        #expect(history(known, "1.0", "b").same?.release == "2.el9")
        #expect(history(known, "1.0", "b").release == "2.el9")
        #expect(history(known, "1.0", "c").same == nil && history(known, "1.0", "c").release == "3.el9")
        #expect(history([], "1.0", "a").same == nil && history([], "1.0", "a").release == "1.el9")
    }

    @Test func contentsTakenBackGetTheNextRelease() {
        let known = [package("1.0", "1.el9", "a"), package("1.0", "2.el9", "b")]
        let again = history(known, "1.0", "a")
        #expect(again.same == nil && again.release == "3.el9" && again.takenBack?.release == "1.el9")
        #expect(again.overtaking == nil && again.warning == nil)
    }

    @Test func aVersionTakenBackGetsTheNextReleaseOnce() throws {
        var known = [package("1.0", "1.el9", "a"), package("2.0", "1.el9", "b")]
        let again = history(known, "1.0", "a")
        #expect(again.same == nil && again.release == "2.el9" && again.takenBack?.release == "1.el9")
        #expect(try #require(again.warning).contains("dnf downgrade"))
        known.append(package("1.0", "2.el9", "a", after: again.overtaking.map { "\($0.evr)" }))
        #expect(history(known, "1.0", "a").same?.release == "2.el9")
        #expect(history(known, "1.0", "a").warning != nil)
        #expect(history(known, "2.0", "b").same?.version == "2.0")
        known.append(package("2.1", "1.el9", "c"))
        #expect(history(known, "1.0", "a").same == nil && history(known, "1.0", "a").release == "3.el9")
        #expect(history(known, "2.0", "b").same == nil && history(known, "2.0", "b").release == "2.el9")
    }

    @Test func whatWasTakenBackBehindANewerReleaseGetsTheNextReleaseToo() {
        var known = [package("2.0", "1.el9", "x"), package("1.0", "2.el9", "a", after: "2.0-1.el9")]
        let other = history(known, "1.0", "b")
        #expect(other.same == nil && other.release == "3.el9")
        #expect(other.after == EVR(version: "1.0", release: "2.el9"))
        known.append(package("1.0", "3.el9", "b", after: other.after?.description))
        #expect(history(known, "1.0", "b").same?.release == "3.el9")
        #expect(history(known, "1.0", "a").same == nil && history(known, "1.0", "a").release == "4.el9")
        #expect(history(known, "2.0", "x").same != nil && history(known, "2.0", "x").after == nil)
    }

    @Test func theEpochCounts() {
        let known = [package("9.0", "1.el9", "a"), package("1.0", "1.el9", "b", epoch: "1")]
        #expect(history(known, "9.0", "a").same == nil)
        #expect(history(known, "9.0", "a").overtaking?.version == "1.0")
        #expect(history(known, "1.0", "b", epoch: 1).same?.epoch == "1")
        #expect(history(known, "9.0", "a", epoch: 2).overtaking == nil)
    }

    @Test func aNewestThatOthersMadeOfSomethingElseIsNotTheSame() {
        let known = [package("1.0", "1.el9", "a"), package("1.0", "1.el9", "b", place: "repo")]
        #expect(history(known, "1.0", "a").same == nil && history(known, "1.0", "a").release == "2.el9")
        #expect(history([package("1.0", "1.el9", nil)], "1.0", "a").same == nil)
        let twice = [package("1.0", "1.el9", "a"), package("1.0", "1.el9", "a", place: "repo")]
        #expect(history(twice, "1.0", "a").same != nil)
    }

    @Test func rpmsForOtherTargetsAreNoneOfTheHosts() {
        let known = [package("1.0", "1.el8", "a"), package("1.0", "2.el9", "b"), package("2.0", "1.fedora", "c")]
        #expect(history(known, "1.0", "b").same?.release == "2.el9")
        #expect(history(known, "1.0", "a", dist: ".el8").same?.release == "1.el8")
        #expect(history(known, "1.0", "x").release == "3.el9" && history(known, "1.0", "x").warning == nil)
        #expect(history([package("1.0", "1.acme", "a")], "1.0", "a").same != nil)
    }

    @Test func aStatedReleaseIsWhatItSays() {
        let known = [package("1.0", "5", "a"), package("1.0", "6", "b")]
        #expect(history(known, "1.0", "a", stated: .fixed(text: "5")).same?.release == "5")
        #expect(history(known, "1.0", "a", stated: .fixed(text: "5")).warning != nil)
        #expect(history(known, "1.0", "a", stated: .fixed(text: "7")).same == nil)
        #expect(history(known, "1.0", "a", stated: .fixed(text: "7")).release == "7")
        #expect(history([package("1.0", "1.el8", "a")], "1.0", "a", stated: .fixed(text: "1.el8")).same != nil)
    }

    @Test func anRPMTellsWhatItWentBackBehind() throws {
        let scratch = try Scratch()
        var sample = try SampleRPM()
        sample.rpm.provides = [RPMDependency("conda-rpm(after)", .equal, "1:2.0-1.el9")]
        let path = try sample.write(in: scratch.path)
        let found = PublishedPackages(files: [path]).packages(name: "orders", architecture: "x86_64")
        #expect(found.first?.after == EVR(epoch: 1, version: "2.0", release: "1.el9"))
    }
}
