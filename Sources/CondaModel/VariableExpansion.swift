/// Replaces `$NAME` and `${NAME}` by the values of variables, as conda does in its configuration and in locks; what is not
/// set stays as it is.
package func expandingVariables(in text: String, _ variables: [String: String]) -> String {
    guard text.contains("$") else { return text }
    var result = ""
    var rest = text[...]
    while let dollar = rest.firstIndex(of: "$") {
        result += rest[..<dollar]
        rest = rest[rest.index(after: dollar)...]
        let isBraced = rest.first == "{"
        let body = isBraced ? rest.dropFirst() : rest
        let name = String(body.prefix { $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) })
        let after = body.dropFirst(name.count)
        if let value = variables[name], !name.isEmpty, !isBraced || after.first == "}" {
            result += value
            rest = isBraced ? after.dropFirst() : after
        } else {
            result += "$"
        }
    }
    return result + rest
}
