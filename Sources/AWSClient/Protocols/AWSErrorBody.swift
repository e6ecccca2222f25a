/// The error that AWS names in the body of an answer. Three shapes are in use among the XML services:
/// `<ErrorResponse><Error><Code>` (query protocol and Route 53), `<Error><Code>` (S3 and some proxies of
/// AWS), `<Response><Errors><Error><Code>` (EC2 and old ones), and Route 53 has `<InvalidChangeBatch>`.
struct AWSErrorBody {
    var code: String
    var message: String?
    var requestID: String?

    init(code: String, message: String?, requestID: String?) {
        self.code = code
        self.message = message
        self.requestID = requestID
    }

    /// nil where the document is no error of AWS.
    init?(_ root: XMLElement) {
        let error: XMLElement? =
            switch root.name {
            case "ErrorResponse": root["Error"]
            case "Error": root
            case "Response": root.child(at: ["Errors", "Error"])
            default: nil
            }
        requestID = root.optional("RequestId") ?? root.optional("RequestID") ?? error?.optional("RequestId")
        if root.name == "InvalidChangeBatch" {
            code = root.name
            message = root.list("Messages", of: "Message").map(\.text).joined(separator: " ")
        } else if let error, let code = error.optional("Code") {
            self.code = code
            message = error.optional("Message")
        } else {
            return nil
        }
    }
}
