import CondaModel
import HostSystem

/// Why a channel could not be used.
///
/// No case holds credentials: every URL is a ``ResourceURL``'s description.
package enum ChannelError: ActionableError, Hashable {
    /// The text names no channel.
    case invalidChannel(String, reason: String)
    /// A configuration file cannot be used; `line` counts from 1.
    case invalidConfiguration(file: String, line: Int?, reason: String)
    /// No connection, or it broke in every attempt.
    case unreachable(url: String, attempts: Int, reason: String)
    /// The server's certificate is not trusted, or it does not trust the client's, or a file of certificates cannot
    /// be used.
    case untrusted(url: String, reason: String)
    /// The server answered with a status that is no success.
    case refused(url: String, status: Int)
    /// Nothing is there: 404, 410, or no such file.
    case notFound(url: String)
    /// None of the asked subdirectories has repodata, so this is no channel.
    case noSuchChannel(channel: String, searched: [String])
    /// Repodata that is no valid JSON or msgpack; `position` in bytes from the beginning of the decompressed document.
    case corrupt(url: String, position: UInt64?, reason: String)
    /// Repodata that needs a newer reader.
    case unsupported(url: String, feature: String)
    /// Bytes with another digest than promised.
    case digestMismatch(url: String, algorithm: String, expected: String, found: String)
    /// More or fewer bytes than promised.
    case sizeMismatch(url: String, expected: Int64, found: Int64)
    /// No space or quota left.
    case diskFull(path: String)
    /// A local file operation failed.
    case fileSystem(path: String, operation: String, code: Int32)
    /// Offline, and the cache lacks these URLs.
    case offline(missing: [String])
    /// The task was cancelled.
    case cancelled
}

extension ChannelError {
    package var description: String {
        switch self {
        case .invalidChannel(let text, let reason): "'\(text)' is no channel: \(reason)"
        case .invalidConfiguration(let file, let line, let reason): "\(file)\(line.map { ":\($0)" } ?? ""): \(reason)"
        case .unreachable(let url, let attempts, let reason):
            "\(url) cannot be reached: \(reason) (\(attempts == 1 ? "1 attempt" : "\(attempts) attempts"))"
        case .untrusted(let url, let reason): "\(url) cannot be reached: \(reason)"
        case .refused(let url, let status): "\(url) answered with status \(status)\(statusMeaning(status))"
        case .notFound(let url): "\(url) does not exist"
        case .noSuchChannel(let channel, let searched):
            "'\(channel)' has no repodata. Searched:" + searched.map { "\n  \($0)" }.joined()
        case .corrupt(let url, let position, let reason):
            "\(url) is corrupt\(position.map { " at byte \($0)" } ?? ""): \(reason)"
        case .unsupported(let url, let feature): "\(url) needs a newer conda-rpm: \(feature)"
        case .digestMismatch(let url, let algorithm, let expected, let found):
            "\(url) has the wrong \(algorithm)\n  expected \(expected)\n  found    \(found)"
        case .sizeMismatch(let url, let expected, let found):
            "\(url) has the wrong size\n  expected \(expected) bytes\n  found    \(found) bytes"
        case .diskFull(let path): "no space is left to write \(path)"
        case .fileSystem(let path, let operation, let code): "\(operation) \(path) failed: \(systemMessage(code))"
        case .offline(let missing): "the cache lacks what is needed offline:" + missing.map { "\n  \($0)" }.joined()
        case .cancelled: "the operation was cancelled"
        }
    }

    package var hint: String? {
        switch self {
        case .invalidChannel: "name a channel such as conda-forge, a URL, or a path that begins with /, ./ or ../"
        case .invalidConfiguration: "correct the file, or point CONDARC at another one"
        case .unreachable(_, _, let reason) where reason.contains("proxy"): proxyHint
        case .refused(_, 407): proxyHint
        case .unreachable: "check the network and the proxy; --offline uses what the cache has"
        case .untrusted:
            "in .condarc, ssl_verify names the authority's certificates, client_ssl_cert the client's own"
        case .refused(_, 401), .refused(_, 403):
            "the channel wants credentials: /t/TOKEN/ or user:password@ in its URL, or an entry in ~/.netrc"
        case .refused: "try again later, or use a mirror (mirrored_channels in .condarc)"
        case .notFound: "the file may have been removed from the channel: lock again"
        case .noSuchChannel: "check the channel's name and channel_alias; a channel has at least noarch/repodata.json"
        case .corrupt:
            "fetch again; when it stays so, tell the owner of the channel. Nothing of it was kept in the cache"
        case .unsupported: "update conda-rpm, or use a channel without this feature"
        case .digestMismatch, .sizeMismatch:
            "the file was discarded. A proxy or mirror may have altered it; if the channel replaced it, lock again"
        case .diskFull: "free space there, or set CONDA_RPM_CACHE to a larger disk"
        case .fileSystem: nil
        case .offline: "run the same command once without --offline"
        case .cancelled: nil
        }
    }
}

private let proxyHint = "check proxy_servers in .condarc, or http_proxy and https_proxy: http://USER:PASSWORD@HOST:PORT"

private func statusMeaning(_ status: Int) -> String {
    switch status {
    case 401: " (credentials are missing or wrong)"
    case 403: " (access is forbidden)"
    case 407: " (the proxy wants credentials)"
    case 429: " (too many requests)"
    case 500...599: " (the server failed)"
    default: ""
    }
}
