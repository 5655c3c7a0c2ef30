import CSimdJSON
import CondaModel

/// Remembers the last text, so that equal neighbours share one allocation.
struct SharedText {
    private var last: String?

    mutating func value(_ text: csj_string) -> String? {
        guard text.bytes != nil else { return nil }
        if let last, text.equals(last) { return last }
        last = text.text
        return last
    }
}

/// Remembers the last list, and its texts one by one where the lists differ.
struct SharedTexts {
    private var last: [String] = []

    mutating func value(_ list: csj_strings) -> [String] {
        let texts = list.array
        if texts.count == last.count, zip(texts, last).allSatisfy({ $0.equals($1) }) { return last }
        last = texts.indices.map { index in
            if index < last.count, texts[index].equals(last[index]) { return last[index] }
            return texts[index].text
        }
        return last
    }
}

/// Remembers the last version: builds of one version stand side by side.
struct SharedVersion {
    private var last: Version?

    mutating func value(_ text: csj_string) -> Version? {
        if let last, text.equals(last.text) { return last }
        last = try? Version(text.text)
        return last
    }
}

extension csj_string {
    func equals(_ other: String) -> Bool {
        var other = other
        return other.withUTF8 { $0.elementsEqual(buffer) }
    }
}
