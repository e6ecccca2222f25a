package import HTTPTransport
package import JSON

/// One call of an operation, before it has a host, a date and a signature.
package struct AWSCall: Sendable {
    package var service: AWSService
    /// nil for the region of the configuration.
    package var region: String?
    package var operation: String
    package var method: String
    /// Encoded, beginning with a slash.
    package var path = "/"
    /// Encoded; nil for none.
    package var query: String?
    package var headers: HTTPHeaders = [:]
    package var body: [UInt8] = []
    /// False where carrying it out twice would do harm. It then goes over a connection of its own, and
    /// is sent again only where the server certainly did not act.
    package var isRepeatable = true
    /// nil for that of the configuration.
    package var attemptTimeout: Duration?
    /// No error may then quote the answer.
    package var answerHoldsSecrets = false

    /// As IAM names it, as in `elasticache:DescribeGlobalReplicationGroups`.
    package var action: String { "\(service.actionPrefix):\(operation)" }

    /// The query protocol: a form with `Action` and `Version`. Parameters that are nil are left out.
    package static func query(
        _ service: AWSService, region: String?, operation: String, parameters: [(name: String, value: String?)]
    ) -> AWSCall {
        var call = AWSCall(service: service, region: region, operation: operation, method: "POST")
        let given = parameters.compactMap { parameter in
            parameter.value.map { (name: parameter.name, value: $0) }
        }
        let all = [(name: "Action", value: operation), (name: "Version", value: service.version)] + given
        call.headers.append("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
        call.body = Array(PercentEncoding.form(all).utf8)
        return call
    }

    /// A REST-XML request.
    ///
    /// - Parameters:
    ///   - path: its segments, which get encoded here.
    ///   - body: an XML document; empty for none.
    package static func restXML(
        _ service: AWSService, region: String?, operation: String, method: String = "GET", path: [String],
        query: [(name: String, value: String)] = [], body: [UInt8] = []
    ) -> AWSCall {
        var call = AWSCall(service: service, region: region, operation: operation, method: method)
        call.path = encoded(path)
        call.query = query.isEmpty ? nil : PercentEncoding.form(query)
        call.body = body
        if !body.isEmpty { call.headers.append("Content-Type", "application/xml") }
        return call
    }

    /// A REST-JSON request without a body: to read something.
    ///
    /// - Parameter path: its segments, which get encoded here.
    package static func restJSON(
        _ service: AWSService, region: String?, operation: String, path: [String]
    ) -> AWSCall {
        var call = AWSCall(service: service, region: region, operation: operation, method: "GET")
        call.path = encoded(path)
        return call
    }

    /// The JSON protocol, version 1.1.
    ///
    /// - Parameter target: what stands before the operation in `X-Amz-Target`, as in `AmazonSSM`.
    package static func json(
        _ service: AWSService, region: String?, operation: String, target: String, input: JSONValue
    ) -> AWSCall {
        var call = AWSCall(service: service, region: region, operation: operation, method: "POST")
        call.headers.append("Content-Type", "application/x-amz-json-1.1")
        call.headers.append("X-Amz-Target", "\(target).\(operation)")
        call.body = input.serialized()
        return call
    }

    private static func encoded(_ path: [String]) -> String {
        path.map { "/\(PercentEncoding.encode($0))" }.joined()
    }

    private init(service: AWSService, region: String?, operation: String, method: String) {
        self.service = service
        self.region = region
        self.operation = operation
        self.method = method
    }
}
