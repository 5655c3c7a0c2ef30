import Foundation
import HostSystem
import Testing

/// Installers in the forms that constructor has given them, with a payload of a few bytes.
///
/// Written after the headers of its releases: what each states about itself, and in which words.
enum ConstructorGeneration: String, CaseIterable, CustomTestStringConvertible {
    case inBash = "1.0"
    case inShell = "2.0"
    case standalone = "3.0.0"
    case withoutSize = "3.0.2"
    case dollar = "3.1"
    case boundaries = "3.4"
    case room = "3.7"
    case glibc = "3.9"
    case threeParts = "3.12"
    case current = "3.16"

    var testDescription: String { rawValue }

    /// What comes after the header; the parts of 3.12 and later are two of these.
    static let payload = "conda.exe\nand a \u{1}tar\n"

    /// The whole installer.
    func installer(
        platform: String = "linux-64", payload: String = payload, lineEnd: String = "\n", glibc: String = "2.17"
    ) -> Data {
        let body = Data(payload.utf8)
        var text = header(platform: platform, body: body, glibc: glibc)
        if lineEnd != "\n" { text = text.replacing("\n", with: lineEnd) }
        let lines = text.utf8.count { $0 == UInt8(ascii: "\n") }
        text = text.replacing("LINENUMBER", with: "\(lines + 1)")
        // Ten characters, as many as the word that stands for them.
        text = text.replacing("SIZEOFFILE", with: String(format: "%10d", text.utf8.count + body.count))
        return Data(text.utf8) + body
    }

    private func header(platform: String, body: Data, glibc: String) -> String {
        let md5 = Digest.of(.md5, body).map { String(format: "%02x", $0) }.joined()
        let named = "# NAME:  Small\n# VER:   1\n# PLAT:  \(platform)\n"
        let head = statesLines ? "\(bytesLine)# LINES: LINENUMBER\n" : ""
        let comments = "#\n\(createdBy)\(named)\(head)# MD5:   \(md5)\n"
        return "#!\(interpreter)\n\(comments)\n\(demands(glibc))\(boundaries(body.count))exit 0\n@@END_HEADER@@\n"
    }

    private var interpreter: String { self == .inBash ? "/bin/bash" : "/bin/sh" }
    private var statesLines: Bool { [.inBash, .inShell, .standalone, .withoutSize].contains(self) }
    private var bytesLine: String { self == .withoutSize ? "" : "# BYTES: SIZEOFFILE\n" }
    private var createdBy: String {
        [.glibc, .threeParts, .current].contains(self) ? "# Created by constructor \(rawValue)\n#\n" : ""
    }

    private func demands(_ glibc: String) -> String {
        let room = #"total_installation_size_kb="2000""# + "\n"
        switch self {
        case .room: return room + "free_disk_space_kb_with_buffer=\"$((free_disk_space_bytes - 100 * 1024))\"\n"
        case .glibc: return "min_glibc_version=\"\(glibc)\"\n" + room
        case .threeParts, .current:
            return "    min_glibc_version=\"\(glibc)\"\n" + room
                + "free_disk_space_kb_with_buffer=\"$((free_disk_space_kb - 50 * 1024))\"\n"
        default: return ""
        }
    }

    private func boundaries(_ size: Int) -> String {
        switch self {
        case .inBash, .inShell, .standalone, .withoutSize: ""
        case .dollar: "boundary1=$(( $boundary0 + 9 ))\nboundary2=$(( $boundary1 + \(size - 9) ))\n"
        case .boundaries, .room, .glibc: "boundary1=$(( boundary0 + 9 ))\nboundary2=$(( boundary1 + \(size - 9) ))\n"
        case .threeParts:
            "boundary1=$(( boundary0 + 9 ))\nboundary2=$(( boundary1 + 0 ))\nboundary3=$(( boundary2 + \(size - 9) ))\n"
        case .current:
            "boundary1=$(( boundary0 + 4 ))\nboundary2=$(( boundary1 + 5 ))\nboundary3=$(( boundary2 + \(size - 9) ))\n"
        }
    }
}
