import Glibc
import HostSystem

/// Reading of whole small files, with errors in words.
package enum DocumentFile {
    /// The largest document that is read, in bytes; locks of thousands of packages are below 10 MB.
    package static let sizeLimit = 256 << 20

    /// The bytes of a file.
    ///
    /// - Parameters:
    ///   - path: the file, absolute or relative to the working directory.
    ///   - advice: what to do when there is no such file.
    /// - Throws: the system's reason, or that the file is too large to be a document.
    package static func read(_ path: String, advice: String) throws(DocumentError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, errno == ENOENT ? advice : nil) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path, nil) }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= sizeLimit else {
                throw DocumentError(
                    file: path, expected: "a file of at most \(sizeLimit >> 20) MiB", found: "a larger one")
            }
        }
    }

    private static func failure(_ path: String, _ advice: String?) -> DocumentError {
        DocumentError(file: path, problem: "cannot be read: \(systemMessage())", advice: advice)
    }
}
