import Foundation
import Testing

@testable import RPMFormat

/// The same package, once from rpmbuild and once from ``RPMWriter``, compared tag by tag.
@Suite struct RpmbuildTests {
    @Test(
        "the header and the payload are those that rpmbuild writes",
        arguments: [
            (RPMPayload.uncompressed, "w.ufdio"), (.gzip(level: 9), "w9.gzdio"),
        ])
    func sameAsRpmbuild(payload: RPMPayload, mode: String) throws {
        let scratch = try Scratch()
        let theirs = try tags(of: try Self.rpmbuild(scratch, mode))
        var package = Self.package
        package.payload = payload
        package.compatibility = legacyDigests
        let written = try RPMWriter.write(package, to: "\(scratch.path)/ours.rpm")
        let ours = try tags(of: written.path)

        // What a writer leaves out on purpose, and what says who wrote the package.
        let leftOut: Set = [
            "Optflags", "Filecolors", "Fileclass", "Classdict", "Filedependsx", "Filedependsn", "Dependsdict",
        ]
        let different: Set = ["Buildhost", "Rpmversion", "Platform", "Sigsize", "Sigmd5", "Sha1header", "Sha256header"]
        #expect(Set(theirs.keys).subtracting(leftOut) == Set(ours.keys))
        for (name, value) in theirs where !leftOut.contains(name) && !different.contains(name) {
            #expect(ours[name] == value, "\(name)")
        }
        // The payload is the same to the byte, so its digests are too.
        #expect(ours["Payloaddigest"] == theirs["Payloaddigest"] && ours["Payloaddigest"] != nil)
        #expect(ours["Archivesize"] == theirs["Archivesize"])
    }

    @Test("a package of rpmbuild reads as one of ours")
    func read() throws {
        let scratch = try Scratch()
        let theirs = try RPMReader(path: try Self.rpmbuild(scratch, "w3.zstdio"))
        let ours = try RPMReader(path: try RPMWriter.write(Self.package, to: "\(scratch.path)/ours.rpm").path)
        #expect(theirs.files == ours.files)
        #expect(theirs.provides == ours.provides)
        #expect(theirs.requires.filter { !$0.name.contains("Zstd") } == ours.requires)
        #expect(theirs.conflicts == ours.conflicts && theirs.obsoletes == ours.obsoletes)
        #expect(theirs.recommends == ours.recommends)
        #expect(theirs.scriptlets == ours.scriptlets)
        #expect(theirs.changelog == ours.changelog)
        #expect(theirs.evr == "2:2.4.0~rc1-1.el9" && theirs.evr == ours.evr)
        #expect(theirs.payloadCompressor == "zstd" && ours.payloadCompressor == nil)
        #expect(try theirs.contents(of: "/usr/bin/orders-release", limit: 100) == Array("#!/bin/sh\n".utf8))
        #expect(throws: RPMError.tooLarge(path: "/usr/bin/orders-release", size: 10, limit: 9)) {
            try theirs.contents(of: "/usr/bin/orders-release", limit: 9)
        }
    }

    static let package: RPMDescription = {
        var package = RPMDescription(
            name: "orders", epoch: 2, version: "2.4.0~rc1", release: "1.el9", architecture: "x86_64",
            summary: "Orders service", description: "Takes orders.\nShips them.\n", license: "Apache-2.0",
            vendor: "Example", packager: "Team <t@example.com>", url: "https://example.com", buildTime: 1_700_000_000)
        package.requires = [
            RPMDependency("glibc", .greaterOrEqual, "2.28"), RPMDependency("/usr/sbin/useradd", context: .pre),
            RPMDependency("(foo or bar)"),
        ]
        package.provides = [RPMDependency("bundled(conda-python)", .equal, "3.12.1^post1")]
        package.conflicts = [RPMDependency("orders-legacy")]
        package.obsoletes = [RPMDependency("orders-old", .less, "1:2.0-3")]
        package.recommends = [RPMDependency("logrotate")]
        package.scriptlets = RPMScriptlets(
            pretrans: RPMScriptlet(interpreter: ["<lua>"], body: "print('pretrans')"),
            pre: RPMScriptlet(body: "exit 0"), post: RPMScriptlet(body: "echo post\necho more\n\n"),
            preun: RPMScriptlet(body: "echo preun"),
            postun: RPMScriptlet(interpreter: ["/bin/sh", "-e"], body: "echo postun"),
            posttrans: RPMScriptlet(body: "echo posttrans"), verify: RPMScriptlet(body: "exit 0"))
        package.prefixes = ["/opt/orders"]
        package.changelog = [
            RPMChangelogEntry(
                time: 1_699_963_200, author: "Team <t@example.com> - 2.4.0-1", text: "- Ship faster\n- Fix\n")
        ]
        package.files = [
            RPMFile(path: "/opt/orders", contents: .directory, mode: 0o755),
            RPMFile(path: "/opt/orders/archive", contents: .data(noise(200_000)), mode: 0o644),
            RPMFile(path: "/opt/orders/empty", contents: .data([])),
            RPMFile(path: "/opt/orders/current", contents: .data([]), flags: .ghost),
            RPMFile(path: "/opt/orders/sub", contents: .directory, mode: 0o750),
            RPMFile(path: "/opt/orders/sub-1", contents: .data(Array("x".utf8)), mode: 0o600),
            RPMFile(path: "/opt/orders/sub/x", contents: .data(Array("y".utf8)), mode: 0o444),
            RPMFile(path: "/etc/orders.toml", contents: .data(Array("a = 1\n".utf8)), flags: [.config, .noReplace]),
            RPMFile(
                path: "/etc/maybe.toml", contents: .data(Array("b\n".utf8)), flags: [.config, .missingOK],
                verifyFlags: RPMVerifyFlags.all.subtracting([.digest, .size, .modificationTime])),
            RPMFile(path: "/usr/bin/orders", contents: .symlink(target: "../../opt/orders/missing/orders")),
            RPMFile(path: "/usr/bin/orders-release", contents: .data(Array("#!/bin/sh\n".utf8)), mode: 0o755),
            RPMFile(path: "/usr/share/doc/orders", contents: .data(Array("doc\n".utf8)), flags: .doc),
            RPMFile(path: "/usr/share/licenses/orders", contents: .data(Array("free\n".utf8)), flags: .license),
            RPMFile(path: "/usr/share/readme", contents: .data(Array("read\n".utf8)), flags: [.readme, .doc]),
        ]
        return package
    }()

    /// Builds what ``package`` describes from a spec file.
    private static func rpmbuild(_ scratch: Scratch, _ mode: String) throws -> String {
        let noisePath = try scratch.file("noise", noise(200_000))
        let spec = try scratch.file("orders.spec", specText(noisePath).utf8)
        let built = try run(
            "rpmbuild", "-bb", "--target", "x86_64", "--define", "_topdir \(scratch.path)/top",
            "--define", "_binary_payload \(mode)", "--define", "_buildhost localhost",
            "--define", "use_source_date_epoch_as_buildtime 1", "--define", "clamp_mtime_to_source_date_epoch 1",
            "--define", "__os_install_post %{nil}", "--define", "debug_package %{nil}", spec)
        try #require(built.status == 0, "\(built.errors)")
        return "\(scratch.path)/top/RPMS/x86_64/orders-2.4.0~rc1-1.el9.x86_64.rpm"
    }

    private static func specText(_ noisePath: String) -> String {
        """
        %global __requires_exclude_from ^.*$
        %global __provides_exclude_from ^.*$
        Name: orders
        Epoch: 2
        Version: 2.4.0~rc1
        Release: 1.el9
        Summary: Orders service
        License: Apache-2.0
        Vendor: Example
        Packager: Team <t@example.com>
        URL: https://example.com
        Requires: glibc >= 2.28
        Requires(pre): /usr/sbin/useradd
        Requires: (foo or bar)
        Provides: bundled(conda-python) = 3.12.1^post1
        Conflicts: orders-legacy
        Obsoletes: orders-old < 1:2.0-3
        Recommends: logrotate
        Prefix: /opt/orders
        %description
        Takes orders.
        Ships them.
        %install
        mkdir -p %{buildroot}/opt/orders/sub %{buildroot}/etc %{buildroot}/usr/bin %{buildroot}/usr/share/doc \\
          %{buildroot}/usr/share/licenses
        cd %{buildroot}
        cp \(noisePath) opt/orders/archive
        touch opt/orders/empty opt/orders/current
        printf x > opt/orders/sub-1
        printf y > opt/orders/sub/x
        echo 'a = 1' > etc/orders.toml
        echo b > etc/maybe.toml
        ln -s ../../opt/orders/missing/orders usr/bin/orders
        echo '#!/bin/sh' > usr/bin/orders-release
        echo doc > usr/share/doc/orders
        echo free > usr/share/licenses/orders
        echo read > usr/share/readme
        %files
        %defattr(0644, root, root, 0755)
        %dir /opt/orders
        /opt/orders/archive
        /opt/orders/empty
        %ghost /opt/orders/current
        %dir %attr(0750, root, root) /opt/orders/sub
        %attr(0600, root, root) /opt/orders/sub-1
        %attr(0444, root, root) /opt/orders/sub/x
        %config(noreplace) /etc/orders.toml
        %config(missingok) %verify(not filedigest size mtime) /etc/maybe.toml
        /usr/bin/orders
        %attr(0755, root, root) /usr/bin/orders-release
        %doc /usr/share/doc/orders
        %license /usr/share/licenses/orders
        %doc %readme /usr/share/readme
        %pretrans -p <lua>
        print('pretrans')
        %pre
        exit 0
        %post
        echo post
        echo more

        %preun
        echo preun
        %postun -p "/bin/sh -e"
        echo postun
        %posttrans
        echo posttrans
        %verifyscript
        exit 0
        %changelog
        * Tue Nov 14 2023 Team <t@example.com> - 2.4.0-1
        - Ship faster
        - Fix

        """
    }
}

/// All tags of a package and their values, as rpm prints them.
private func tags(of path: String) throws -> [String: String] {
    let text = try run("rpm", "-qp", "--xml", path).output
    var tags: [String: String] = [:]
    for part in text.components(separatedBy: "<rpmTag name=\"").dropFirst() {
        let pieces = part.components(separatedBy: "\">\n")
        tags[pieces[0]] = pieces.dropFirst().joined().components(separatedBy: "</rpmTag>")[0]
    }
    return tags
}
