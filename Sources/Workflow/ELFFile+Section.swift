extension ELFFile {
    /// The bytes of the first section of a name; nil where there is none.
    func section(_ name: String) throws(ELFProblem) -> [UInt8]? {
        let (start, length, count, names) = (number(40, 8), number(58, 2), number(60, 2), number(62, 2))
        guard count > 0, names < count else { return nil }
        guard length >= 64 else { throw ELFProblem("its table of sections is none") }
        let table = try bytes(at: start, count: length * count)
        func place(_ index: UInt64) -> (offset: UInt64, size: UInt64) {
            let header = Int(index * length)
            return (number(in: table, header + 24, 8), number(in: table, header + 32, 8))
        }
        let texts = try bytes(at: place(names).offset, count: place(names).size)
        for index in 0..<count {
            let text = Int(number(in: table, Int(index * length), 4))
            guard text < texts.count, texts[text...].starts(with: Array(name.utf8) + [0]) else { continue }
            return try bytes(at: place(index).offset, count: place(index).size)
        }
        return nil
    }
}
