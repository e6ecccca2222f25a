internal import HTTPTransport

/// Turns an answer into a document, or into the error that says what is wrong with it. Nothing gets past
/// here that is not whole and of the shape that the operation has.
struct AnswerReader {
    let call: AWSCall
    let host: String
    let credentials: AWSCredentials?

    /// Reads an XML answer.
    ///
    /// - Parameters:
    ///   - root: the name of the root element that the operation answers with.
    ///   - read: takes what is needed out of the root.
    func xml<Value>(
        _ response: HTTPResponse, root: String, read: (XMLElement) throws(XMLError) -> Value
    ) throws(AWSError) -> Value {
        let document: XMLElement
        do throws(XMLError) { document = try XMLElement(parsing: response.body) } catch {
            throw unexpected(response, failedStatus(response) ?? error.reason)
        }
        // Before the status is looked at: there are errors with status 200, too.
        if let body = AWSErrorBody(document) { throw refusal(response, body) }
        if let problem = failedStatus(response) { throw unexpected(response, problem) }
        let requestID = document.child(at: ["ResponseMetadata", "RequestId"])?.text
        guard document.name == root else {
            throw unexpected(
                response, "the root of the answer is \(AWSError.printable(document.name, limit: 60)), not \(root)",
                requestID: requestID)
        }
        do throws(XMLError) { return try read(document) } catch {
            throw unexpected(response, AWSError.printable(error.reason), requestID: requestID)
        }
    }

    /// There is no answer.
    func noAnswer(_ failure: HTTPTransportError, isOver: Bool) -> AWSError {
        let code: AWSError.Code =
            switch failure.code {
            case .cancelled: .cancelled
            case .deadlineExceeded where isOver: .deadlineExceeded
            case .invalidRequest: .invalidConfiguration
            default: .noAnswer
            }
        var error = AWSError(code, AWSError.printable(failure.reason), underlying: failure)
        error.activity = "\(call.service.name) \(call.operation)"
        error.host = host
        return error
    }

    func failedStatus(_ response: HTTPResponse) -> String? {
        switch response.status {
        case 200..<300: nil
        case 300..<400:
            // Not followed: the signature is for one host, and AWS sends none for these operations.
            "the server redirects to \(AWSError.printable(response.headers["Location"] ?? "no place", limit: 200))"
        default: "the answer is an error, but none of AWS"
        }
    }

    func refusal(_ response: HTTPResponse, _ body: AWSErrorBody) -> AWSError {
        let awsCode = AWSError.printable(body.code, limit: 100)
        // Of a signature that does not match, AWS quotes all that it was made of, the session token included.
        let isQuotation = awsCode == "SignatureDoesNotMatch"
        let message = body.message.map { isQuotation ? String($0.prefix { !$0.isNewline }) : $0 }
        var error = failure(.refused, message.map { AWSError.printable($0) } ?? "AWS refused it", response)
        error.awsCode = awsCode
        error.requestID = error.requestID ?? body.requestID.map { AWSError.printable($0, limit: 100) }
        error.remedy = AWSError.remedy(for: awsCode, action: call.action, credentials: credentials)
        return error
    }

    func unexpected(_ response: HTTPResponse, _ problem: String, requestID: String? = nil) -> AWSError {
        // What is not secret in an answer with secrets, nobody can tell once its shape is unknown.
        let hidesBody = call.answerHoldsSecrets
        var error = failure(
            .unexpectedAnswer,
            hidesBody && (200..<300).contains(response.status) ? "the answer has not the expected shape" : problem,
            response)
        error.requestID = error.requestID ?? requestID.map { AWSError.printable($0, limit: 100) }
        if !hidesBody { error.bodyExcerpt = AWSError.excerpt(response.body) }
        return error
    }

    private func failure(_ code: AWSError.Code, _ message: String, _ response: HTTPResponse) -> AWSError {
        var error = AWSError(code, message)
        error.activity = "\(call.service.name) \(call.operation)"
        error.host = host
        error.status = response.status
        let requestID = response.headers["x-amzn-RequestId"] ?? response.headers["x-amz-request-id"]
        error.requestID = requestID.map { AWSError.printable($0, limit: 100) }
        error.retryAfterMilliseconds = response.headers["x-amz-retry-after"].flatMap { Int64($0) }.flatMap {
            $0 >= 0 ? $0 : nil
        }
        error.serverDate = response.headers["Date"].flatMap { Timestamp(httpDate: $0) }
        return error
    }
}
