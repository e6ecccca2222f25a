import Foundation

/// A service of the JSON protocols 1.0 and 1.1: a JSON object, and the operation in `X-Amz-Target`.
protocol JSONService: LocalService {
    /// In front of the dot in `X-Amz-Target`.
    var target: String { get }
    /// `1.0` or `1.1`, as the content type has it.
    var jsonVersion: String { get }
    var operations: Set<String> { get }
    func result(of call: ServiceCall) throws -> AnswerValue
}

extension JSONService {
    func recognizes(_ request: LocalHTTPRequest) -> Bool { JSONProtocol.operation(of: request, target: target) != nil }

    func describe(_ request: LocalHTTPRequest) -> (operation: String, parameters: [String: String]) {
        (JSONProtocol.operation(of: request, target: target) ?? "", JSONParameters.flatten(request.body) ?? [:])
    }

    func perform(_ call: ServiceCall) throws -> ServiceAnswer {
        guard operations.contains(call.operation) else {
            throw AWSFailure(400, "UnknownOperationException", "")
        }
        guard JSONParameters.flatten(call.request.body) != nil else {
            throw AWSFailure(400, "SerializationException", "The body is no JSON object.")
        }
        return ServiceAnswer(body: try result(of: call).json, headers: JSONProtocol.headers(jsonVersion))
    }

    func answer(for failure: AWSFailure, to request: LocalHTTPRequest, requestID: String) -> ServiceAnswer {
        JSONProtocol.answer(for: failure, version: jsonVersion)
    }

    func refusal(of signature: AWSFailure, on request: LocalHTTPRequest) -> AWSFailure {
        JSONProtocol.refusal(of: signature, status: 400)
    }
}

/// What the services that speak JSON have in common.
enum JSONProtocol {
    static func operation(of request: LocalHTTPRequest, target: String) -> String? {
        guard request.method == "POST", let header = request.headers["x-amz-target"] else { return nil }
        let halves = header.split(separator: ".", maxSplits: 1)
        return halves.count == 2 && halves[0] == target ? String(halves[1]) : nil
    }

    static func headers(_ version: String) -> [String: String] {
        ["Content-Type": "application/x-amz-json-\(version)"]
    }

    static func answer(for failure: AWSFailure, version: String) -> ServiceAnswer {
        let body = AnswerValue.object(["__type": .text(failure.code), "message": .text(failure.message)])
        // Strings always encode; the fallback is for the compiler.
        return ServiceAnswer(status: failure.status, body: (try? body.json) ?? "{}", headers: headers(version))
    }

    /// The exceptions of "Common Errors" in the API references of the JSON services.
    static func refusal(of signature: AWSFailure, status: Int) -> AWSFailure {
        let code =
            switch signature.code {
            case "InvalidClientTokenId": "UnrecognizedClientException"
            case "SignatureDoesNotMatch": "InvalidSignatureException"
            case "MissingAuthenticationToken": "MissingAuthenticationTokenException"
            case "IncompleteSignature": "IncompleteSignatureException"
            case "ExpiredToken": "ExpiredTokenException"
            default: signature.code
            }
        return AWSFailure(status, code, signature.message)
    }
}
