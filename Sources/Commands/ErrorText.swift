import CondaModel
import FoundationEssentials
import HostSystem
import RPMFormat
import ServicePackaging

/// How an error is shown: what is wrong, and below it what to do next.
enum ErrorText {
    /// The text for standard error; nil for errors that the argument parser shows itself.
    static func text(for error: any Error) -> String? {
        switch error {
        case let error as any ActionableError: lines(error.description, hint: error.hint)
        case let error as RPMError: lines(error.description, hint: error.hint)
        case let error as CocoaError:
            lines("\(error.userInfo["NSFilePath"] ?? "a file"): \(error.systemReason)", hint: nil)
        default: nil
        }
    }

    private static func lines(_ description: String, hint: String?) -> String {
        "error: \(description)\n" + (hint.map { "hint: \($0)\n" } ?? "")
    }
}
