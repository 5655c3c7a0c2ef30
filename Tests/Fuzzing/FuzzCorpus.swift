import FoundationEssentials

extension FuzzedReader {
    /// The inputs of the corpus in `Fuzzing/Corpus` beside the calling test, by the names of their files.
    package func corpus(beside file: String = #filePath) throws -> [(name: String, bytes: [UInt8])] {
        let folder = URL(filePath: file).deletingLastPathComponent().appending(path: "Fuzzing/Corpus/\(rawValue)").path
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { name in
            guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)") else {
                throw BrokenPromise("\(folder)/\(name) cannot be read")
            }
            return (name, [UInt8](bytes))
        }
    }

    /// Reads every input of the corpus, each of which once was a find or reached code that no other did.
    ///
    /// - Returns: how many there are.
    /// - Throws: ``BrokenPromise`` with the name of the input, also for one that takes seconds.
    package func replay(beside file: String = #filePath) throws -> Int {
        let corpus = try corpus(beside: file)
        for input in corpus {
            let start = ContinuousClock.now
            do {
                try read(input.bytes)
            } catch let broken as BrokenPromise {
                throw BrokenPromise("\(rawValue)/\(input.name): \(broken)")
            } catch {
                // A refusal.
            }
            let taken = ContinuousClock.now - start
            try promise(taken < .seconds(5), "\(rawValue)/\(input.name) took \(taken)")
        }
        return corpus.count
    }
}
