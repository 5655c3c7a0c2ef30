/// How often and how long to wait before an attempt that may succeed is made again.
package struct RetryPolicy: Sendable, Hashable {
    /// Attempts in all, at least one.
    ///
    /// A cut download that made progress starts counting anew.
    package var attempts = 4
    /// Wait before the second attempt; doubles each time.
    package var delay: Duration = .milliseconds(500)
    /// Longest wait, also for a server's `Retry-After`.
    package var longestDelay: Duration = .seconds(30)

    /// Four attempts, half a second, doubling.
    package init() {}

    /// The wait after so many failed attempts, spread by a random half so that many clients do not return together.
    func pause(after failures: Int, retryAfter: Int?) -> Duration {
        if let retryAfter { return min(.seconds(max(0, retryAfter)), longestDelay) }
        let doubled = delay * (1 << min(max(failures - 1, 0), 10))
        return min(doubled, longestDelay) * Double.random(in: 0.5...1)
    }

    /// Statuses that say "again later".
    static func isTransient(_ status: Int) -> Bool { [408, 425, 429, 500, 502, 503, 504].contains(status) }
}
