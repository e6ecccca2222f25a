internal import JSON

/// An error in the form that the Runtime API takes.
struct ErrorReport {
    static let typeHeader = "Lambda-Runtime-Function-Error-Type"

    /// `Function.` and the name of the error, as Lambda's pattern `(Runtime|Function)\.[A-Z][a-zA-Z]+` wants it.
    let type: String
    let message: String

    init(_ error: any Error) {
        message = "\(error)"
        let name = (error as? any LambdaReportable)?.lambdaErrorType ?? "\(Swift.type(of: error))"
        let letters = name.utf8.filter { Self.upperCase.contains($0) || Self.upperCase.contains($0 & ~0x20) }
        guard letters.count > 1, let first = letters.first, Self.upperCase.contains(first) else {
            type = "Function.HandlerError"
            return
        }
        type = "Function." + String(decoding: letters, as: UTF8.self)
    }

    private static let upperCase = UInt8(ascii: "A")...UInt8(ascii: "Z")

    var body: [UInt8] {
        // Lambda's own runtimes give a stack trace; an error of ours says in words what happened.
        let report: JSONValue = ["errorMessage": .string(message), "errorType": .string(type), "stackTrace": []]
        return report.serialized()
    }
}
