import Foundation

/// A request that has passed authentication.
struct ServiceCall: Sendable {
    var operation: String
    var region: String
    var parameters: [String: String]
    var request: LocalHTTPRequest
    var caller: LocalCredentials
    var requestID: String
    /// How long ago that was what it tells of.
    var age = Duration.zero
}

struct ServiceAnswer: Sendable {
    var status = 200
    var body: String
    var headers: [String: String] = [:]
}

/// One emulated AWS service.
protocol LocalService: Sendable {
    /// As in the credential scope.
    var name: String { get }
    /// Whether a request is for this service, judged without its signature: to refuse it in the right form.
    func recognizes(_ request: LocalHTTPRequest) -> Bool
    /// What is asked for, as far as can be read before authentication: for the log and for faults.
    func describe(_ request: LocalHTTPRequest) -> (operation: String, parameters: [String: String])
    func perform(_ call: ServiceCall) throws -> ServiceAnswer
    func answer(for failure: AWSFailure, to request: LocalHTTPRequest, requestID: String) -> ServiceAnswer
    /// A refused signature has another code in each protocol; `failure` has that of the query protocol.
    func refusal(of signature: AWSFailure, on request: LocalHTTPRequest) -> AWSFailure
}

extension LocalService {
    func recognizes(_ request: LocalHTTPRequest) -> Bool { !describe(request).operation.isEmpty }

    func refusal(of signature: AWSFailure, on request: LocalHTTPRequest) -> AWSFailure { signature }
}

/// A service that answers in XML, and in one form of errors.
protocol XMLService: LocalService {
    /// Of the answers; also of the errors.
    var namespace: String { get }
}

extension XMLService {
    func answer(for failure: AWSFailure, to request: LocalHTTPRequest, requestID: String) -> ServiceAnswer {
        xmlAnswer(for: failure, requestID: requestID)
    }

    func xmlAnswer(for failure: AWSFailure, requestID: String) -> ServiceAnswer {
        let body = XML.document("ErrorResponse", xmlns: namespace) { xml in
            xml.element("Error") { xml in
                xml.element("Type", failure.status < 500 ? "Sender" : "Receiver")
                xml.element("Code", failure.code)
                xml.element("Message", failure.message)
            }
            xml.element("RequestId", requestID)
        }
        return ServiceAnswer(status: failure.status, body: body)
    }
}

/// A service of the query protocol: one form with an `Action`.
protocol QueryService: XMLService {
    var version: String { get }
    var operations: Set<String> { get }
    func result(of call: ServiceCall, into xml: inout XML) throws
}

extension QueryService {
    func recognizes(_ request: LocalHTTPRequest) -> Bool {
        request.method == "POST" && request.path == "/" && operations.contains(describe(request).operation)
    }

    func describe(_ request: LocalHTTPRequest) -> (operation: String, parameters: [String: String]) {
        let parameters = request.formParameters
        return (parameters["Action"] ?? "", parameters)
    }

    func perform(_ call: ServiceCall) throws -> ServiceAnswer {
        guard operations.contains(call.operation) else {
            throw AWSFailure(
                400, "InvalidAction", "Could not find operation \(call.operation) for version \(version)."
            )
        }
        guard call.parameters["Version"] == version else {
            throw AWSFailure(
                400, "InvalidAction",
                "Could not find operation \(call.operation) for version \(call.parameters["Version"] ?? "NO_VERSION")."
            )
        }
        var result = XML()
        try self.result(of: call, into: &result)
        let body = XML.document("\(call.operation)Response", xmlns: namespace) { xml in
            xml.element("\(call.operation)Result") { $0.append(result) }
            xml.element("ResponseMetadata") { $0.element("RequestId", call.requestID) }
        }
        return ServiceAnswer(body: body)
    }
}

extension ServiceCall {
    func required(_ name: String) throws(AWSFailure) -> String {
        guard let value = parameters[name], !value.isEmpty else {
            throw AWSFailure(
                400, "InvalidParameterValue", "The parameter \(name) must be provided and must not be blank."
            )
        }
        return value
    }

    /// nil: it is missing.
    func flag(_ name: String) throws(AWSFailure) -> Bool? {
        switch parameters[name]?.lowercased() {
        case "true": return true
        case "false": return false
        case nil: return nil
        default: throw AWSFailure(400, "InvalidParameterValue", "The parameter \(name) must be true or false.")
        }
    }

    /// nil: it is missing.
    func number(_ name: String, in range: ClosedRange<Int>) throws(AWSFailure) -> Int? {
        guard let text = parameters[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw AWSFailure(
                400, "InvalidParameterValue",
                "The parameter \(name) must be between \(range.lowerBound) and \(range.upperBound), not \(text)."
            )
        }
        return number
    }

    /// The members of a list, in order: `NAME.member.1` and so on, up to the first gap.
    func list(_ name: String) -> [String] {
        (1...).lazy.map { parameters["\(name).member.\($0)"] }.prefix { $0 != nil }.compactMap(\.self)
    }
}

extension LocalHTTPRequest {
    /// Of the query protocol: the body's, and the query's.
    var formParameters: [String: String] {
        let form = FormCoding.pairs(of: String(decoding: body, as: UTF8.self))
        return Dictionary(form + queryPairs) { first, _ in first }
    }
}

extension String {
    /// Of ASCII, and of what is given beside it: the kind of names that AWS takes.
    func hasOnlyLettersAndDigits(or others: String) -> Bool {
        utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: others.utf8.contains(byte)
            }
        }
    }
}
