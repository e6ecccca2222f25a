package import HTTPTransport

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

    /// A REST-XML request without a body.
    ///
    /// - Parameter path: its segments, which get encoded here.
    package static func get(
        _ service: AWSService, region: String?, operation: String, path: [String],
        query: [(name: String, value: String)]
    ) -> AWSCall {
        var call = AWSCall(service: service, region: region, operation: operation, method: "GET")
        call.path = path.map { "/\(PercentEncoding.encode($0))" }.joined()
        call.query = query.isEmpty ? nil : PercentEncoding.form(query)
        return call
    }

    private init(service: AWSService, region: String?, operation: String, method: String) {
        self.service = service
        self.region = region
        self.operation = operation
        self.method = method
    }
}
