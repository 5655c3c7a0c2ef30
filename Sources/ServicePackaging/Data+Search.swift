import CLinux
import FoundationEssentials

extension Data {
    /// Where a text stands first, at or after a place.
    func firstRange(of text: String, from start: Int) -> Range<Int>? {
        withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress,
                let found = memmem(base + (start - startIndex), endIndex - start, text, text.utf8.count)
            else { return nil }
            let place = startIndex + (UnsafeRawPointer(found) - base)
            return place..<place + text.utf8.count
        }
    }
}
