/// Runs `body` on every element, at most `limit` at a time, in the order of the elements.
///
/// - Returns: the results in the order of the elements.
/// - Throws: the error of the first element in that order that failed, so that the same input gives the same error;
///   after a failure nothing new is started.
func concurrently<Element: Sendable, Result: Sendable>(
    _ elements: [Element], limit: Int, _ body: @escaping @Sendable (Element) throws -> Result
) throws -> [Result] {
    var results = [Swift.Result<Result, any Error>?](repeating: nil, count: elements.count)
    withTaskGroup(of: (Int, Swift.Result<Result, any Error>).self) { group in
        var next = 0
        var failed = false
        func start() {
            let index = next
            next += 1
            group.addTask {
                do { return (index, .success(try body(elements[index]))) } catch {
                    return (index, .failure(error))
                }
            }
        }
        while next < min(max(1, limit), elements.count) { start() }
        while let (index, result) = group.next() {
            results[index] = result
            if case .failure = result { failed = true }
            if !failed, next < elements.count { start() }
        }
    }
    return try results.compactMap { try $0?.get() }
}
