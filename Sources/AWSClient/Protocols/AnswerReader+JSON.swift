internal import HTTPTransport
internal import JSON

extension AnswerReader {
    /// Reads an answer of the JSON protocol.
    ///
    /// - Parameter read: takes what is needed out of the document.
    func json<Value>(
        _ response: HTTPResponse, read: (JSONValue) throws(JSONError) -> Value
    ) throws(AWSError) -> Value {
        // The reason of jansson quotes the text where it ends to be JSON: possibly a secret.
        guard let document = try? JSONValue(parsing: response.body) else {
            throw unexpected(response, failedStatus(response) ?? "the answer is not JSON")
        }
        if let problem = failedStatus(response) {
            if let body = AWSErrorBody(document) { throw refusal(response, body) }
            throw unexpected(response, problem)
        }
        do throws(JSONError) { return try read(document) } catch {
            throw unexpected(response, AWSError.printable(error.description))
        }
    }
}

extension AWSErrorBody {
    /// The error of the JSON protocol: `{"__type": "com.amazonaws.ssm#ParameterNotFound", "message": "…"}`.
    init?(_ document: JSONValue) {
        guard case .string(let type)? = document["__type"], let name = type.split(separator: "#").last else {
            return nil
        }
        var text: String?
        if case .string(let message)? = document["message"] ?? document["Message"] { text = message }
        self.init(code: String(name), message: text, requestID: nil)
    }
}
