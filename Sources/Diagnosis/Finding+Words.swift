internal import AWSClient

/// How findings put what they are about.
extension Finding {
    /// Names, as many as people read.
    static func list(_ names: [String]) -> String {
        let shown = names.prefix(5).joined(separator: ", ")
        return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
    }

    /// A remedy as the errors of the configuration have it.
    static func sentence(_ clause: String) -> String {
        let text = clause.prefix(1).uppercased() + clause.dropFirst()
        return text.hasSuffix(".") ? text : "\(text)."
    }

    /// An error as a clause, without what would help: that is the remedy.
    static func clause(_ error: any Error) -> String {
        guard var error = error as? AWSError else { return clause("\(error)") }
        error.remedy = nil
        // Nothing that is asked for here changes anything.
        error.outcomeIsUnknown = false
        return clause("\(error)")
    }

    static func clause(_ text: String) -> String {
        var text = text
        while text.hasSuffix(".") { text.removeLast() }
        return text
    }

    /// What the error itself says would help.
    static func remedy(of error: any Error) -> String? { (error as? AWSError)?.remedy }
}
