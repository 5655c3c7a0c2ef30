/// What authenticates a request, in the forms that conda knows.
package struct Credentials: Sendable, Hashable {
    /// A token that goes into the path as `/t/TOKEN`, behind `prefix`, which is empty on anaconda.org.
    package struct Token: Sendable, Hashable {
        let value: String
        let prefix: String
    }

    var token: Token?
    var user: String?
    var password: String?

    var isEmpty: Bool { token == nil && user == nil }
}
