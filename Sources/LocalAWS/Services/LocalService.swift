import Foundation

/// A request that has passed authentication.
struct ServiceCall: Sendable {
    var operation: String
    var region: String
    var parameters: [String: String]
    var request: LocalHTTPRequest
    var caller: LocalCredentials
    var requestID: String
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
    /// Of the answers; also of the errors.
    var namespace: String { get }
    /// What is asked for, as far as can be read before authentication: for the log and for faults.
    func describe(_ request: LocalHTTPRequest) -> (operation: String, parameters: [String: String])
    func perform(_ call: ServiceCall) throws -> ServiceAnswer
}

extension LocalService {
    func errorBody(_ failure: AWSFailure, requestID: String) -> String {
        XML.document("ErrorResponse", xmlns: namespace) { xml in
            xml.element("Error") { xml in
                xml.element("Type", failure.status < 500 ? "Sender" : "Receiver")
                xml.element("Code", failure.code)
                xml.element("Message", failure.message)
            }
            xml.element("RequestId", requestID)
        }
    }
}

/// A service of the query protocol: one form with an `Action`.
protocol QueryService: LocalService {
    var version: String { get }
    var operations: Set<String> { get }
    func result(of call: ServiceCall, into xml: inout XML) throws
}

extension QueryService {
    func describe(_ request: LocalHTTPRequest) -> (operation: String, parameters: [String: String]) {
        let form = FormCoding.pairs(of: String(decoding: request.body, as: UTF8.self))
        let parameters = Dictionary(form + request.queryPairs) { first, _ in first }
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
}
