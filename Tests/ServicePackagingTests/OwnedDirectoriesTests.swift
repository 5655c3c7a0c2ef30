import Testing

@testable import ServicePackaging

@Suite struct OwnedDirectoriesTests {
    @Test(
        arguments: [
            (["/etc/orders/orders.ini"], ["/etc/orders"]),
            (["/usr/share/orders/a/b.py", "/usr/share/orders/c.py"], ["/usr/share/orders", "/usr/share/orders/a"]),
            (["/etc/orders.conf"], []), (["/etc/sudoers.d/orders"], []), (["/etc/sysconfig/orders"], []),
            (["/usr/lib/systemd/system/orders.service.d/a.conf"], []), (["/usr/share/man/man1/orders.1"], []),
            (["/usr/local/share/orders/x"], []), (["/usr/share/doc/orders/README"], ["/usr/share/doc/orders"]),
            (["/var/lib/orders/seed.db"], ["/var/lib/orders"]), (["/srv/orders/x"], ["/srv/orders"]), ([], []),
        ] as [([String], [String])])
    func aPackageOwnsWhatOnlyItNeeds(paths: [String], expected: [String]) {
        #expect(OwnedDirectories.above(paths) == expected)
    }
}
