internal import HTTPTransport
internal import JSON

extension AnswerReader {
    /// Reads an answer of the JSON protocols.
    ///
    /// - Parameter read: takes what is needed out of the document.
    func json<Value>(
        _ response: HTTPResponse, read: (JSONValue) throws(JSONError) -> Value
    ) throws(AWSError) -> Value {
        // The reason of jansson quotes the text where it ends to be JSON: possibly a secret.
        let document = try? JSONValue(parsing: response.body)
        if let problem = failedStatus(response) {
            if let body = AWSErrorBody(document, type: response.headers["x-amzn-ErrorType"]) {
                throw refusal(response, body)
            }
            throw unexpected(response, problem)
        }
        guard let document else { throw unexpected(response, "the answer is not JSON") }
        do throws(JSONError) { return try read(document) } catch {
            throw unexpected(response, AWSError.printable(error.description))
        }
    }
}

extension AWSErrorBody {
    /// The error of the JSON protocols: `{"__type": "com.amazonaws.ssm#ParameterNotFound", "message": "…"}`.
    /// REST-JSON has the type in a header, and in `code` where something on the way dropped that.
    ///
    /// - Parameters:
    ///   - document: nil where the body is not JSON.
    ///   - type: of the header, as in `ParameterNotFound:http://internal.amazon.com/coral/com.amazonaws.ssm/`.
    init?(_ document: JSONValue?, type header: String?) {
        func text(_ names: String...) -> String? {
            for name in names { if case .string(let text)? = document?[name] { return text } }
            return nil
        }
        guard let type = header ?? text("__type", "code", "Code"),
            let name = type.prefix(while: { $0 != ":" }).split(separator: "#").last
        else { return nil }
        self.init(code: String(name), message: text("message", "Message", "errorMessage"), requestID: nil)
    }
}
