import ServiceManifest

/// What systemd keeps the processes of a unit from.
///
/// Every line is one that systemd 219 (EL 7, Amazon Linux 2) takes or passes over with a word in the journal, as systemd
/// does with keys that it does not know (systemd.syntax(7)). One form is dangerous there: a list of system calls that are
/// *allowed*. A version that does not know a group such as `@system-service` drops the name, keeps the list, and with it
/// kills whatever the unit starts; of a list of *denied* calls nothing is left then. So the lists here deny.
enum UnitSandbox {
    /// Calls that neither services nor our own units need: clocks, modules, mounts, swap, reboots, raw input and output,
    /// debuggers, other processors, and what is obsolete.
    private static let denied = "@clock @cpu-emulation @debug @module @mount @obsolete @raw-io @reboot @swap"

    /// For services, which may be anything that runs as an unprivileged user and talks over the network.
    ///
    /// Not among them: `MemoryDenyWriteExecute=` (numba, PyTorch and every FFI write code), `ProtectSystem=strict` (a
    /// service may write where its user may), `ProcSubset=pid` (who counts processors reads /proc/cpuinfo), `RemoveIPC=`
    /// (services of one user share memory), `@resources` (numerical libraries pin their threads), `@keyring` (Kerberos).
    ///
    /// - Parameter seesDevices: whether it needs the host's devices, as drivers of graphics cards do. `ProtectClock=` goes
    ///   too then: it brings a list of devices, and whatever is not on such a list is denied.
    static func lines(of service: Service, seesDevices: Bool) -> [String] {
        guard service.sandbox else { return [] }
        var lines = ["NoNewPrivileges=yes", "PrivateTmp=yes", "ProtectSystem=full", "ProtectHome=yes"]
        lines += common + ["RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK"]
        if !seesDevices { lines += ["PrivateDevices=yes", "ProtectClock=yes"] }
        // For a host whose administrator gives it a port below 1024 (AmbientCapabilities=). Root is root.
        if service.user != "root" { lines.append("CapabilityBoundingSet=CAP_NET_BIND_SERVICE") }
        return lines + ["SystemCallFilter=~\(denied)", "SystemCallErrorNumber=EPERM"]
    }

    /// For our own unit that verifies a release: root that reads, and nothing else.
    ///
    /// Homes may lie below /home through a link, so they stay readable. Owners are compared, which a user namespace
    /// (`PrivateUsers=`) would hide.
    static let ofVerification =
        [
            "NoNewPrivileges=yes", "PrivateTmp=yes", "ProtectSystem=strict", "ProtectHome=read-only",
            "PrivateDevices=yes", "ProtectClock=yes", "PrivateNetwork=yes", "IPAddressDeny=any", "ProcSubset=pid",
            "MemoryDenyWriteExecute=yes", "UMask=0077",
        ] + common + [
            "RestrictAddressFamilies=AF_UNIX", "CapabilityBoundingSet=CAP_DAC_READ_SEARCH",
            "SystemCallFilter=~\(denied) @privileged @resources", "SystemCallErrorNumber=EPERM",
        ]

    /// For our own unit that puts back what a release lacks: root that makes links below one home, and nothing else.
    static func ofSettling(home: String) -> [String] {
        [
            "NoNewPrivileges=yes", "PrivateTmp=yes", "ProtectSystem=strict", "ReadWritePaths=-\(home)",
            "PrivateDevices=yes", "ProtectClock=yes", "PrivateNetwork=yes", "IPAddressDeny=any", "ProcSubset=pid",
            "MemoryDenyWriteExecute=yes",
        ] + common + [
            "RestrictAddressFamilies=AF_UNIX", "CapabilityBoundingSet=CAP_DAC_OVERRIDE CAP_FOWNER CAP_CHOWN",
            "SystemCallFilter=~\(denied) @resources", "SystemCallErrorNumber=EPERM",
        ]
    }

    private static let common = [
        "ProtectProc=invisible", "ProtectKernelTunables=yes", "ProtectKernelModules=yes", "ProtectKernelLogs=yes",
        "ProtectControlGroups=yes", "ProtectHostname=yes", "RestrictNamespaces=yes", "RestrictRealtime=yes",
        "RestrictSUIDSGID=yes", "LockPersonality=yes", "SystemCallArchitectures=native",
    ]
}
