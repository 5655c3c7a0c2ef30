import CondaPrefix
import Glibc
import HostSystem

/// Where C's `main` hands over: `main.c` tells why.
///
/// - Parameter path: as `execve` was called with it.
@_cdecl("conda_rpm_host")
public func enter(
    count: Int32, arguments: UnsafePointer<UnsafeMutablePointer<CChar>?>, path: UnsafePointer<CChar>?
) -> Int32 {
    ProcessStreams.occupyClosed()
    let words = (0..<Int(max(count, 0))).compactMap { arguments[$0].map { String(cString: $0) } }
    let path = path.map { String(cString: $0) }
    FaultReport.prepare()
    Interruption.takeSignals()
    Descendants.keep()
    return OwnPath.$executed.withValue(path) { HostTool.run(Array(words.dropFirst())) }
}
