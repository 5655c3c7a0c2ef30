/// A secret that can be used but not printed.
///
/// Interpolation, `print`, `dump` and a debugger's mirror all show `<redacted>`; only ``reveal()`` gives the value,
/// so every place that hands a credential out can be found by that word.
package struct Redacted<Value: Sendable & Hashable>: Sendable, Hashable, CustomStringConvertible,
    CustomDebugStringConvertible,
    CustomReflectable
{
    private let value: Value

    /// Wraps a secret.
    package init(_ value: Value) { self.value = value }

    /// The secret itself, for a request that is about to be sent.
    package func reveal() -> Value { value }

    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}
