import Foundation

/// Metrics: those that were put here, and the lag of global datastores. Alarms on them: see the extensions.
///
/// Spoken to by the query protocol and by JSON 1.0: an SDK chooses for itself. The parameters have the
/// same flat names in both.
struct CloudWatchService: XMLService {
    /// As in the credential scope: CloudWatch signs for its old name.
    let name = "monitoring"
    let namespace = "http://monitoring.amazonaws.com/doc/2010-08-01/"
    static let version = "2010-08-01"
    static let target = "GraniteServiceVersion20100801"
    static let operations: Set<String> = [
        "ListMetrics", "GetMetricData", "GetMetricStatistics", "PutMetricData", "PutMetricAlarm", "DescribeAlarms",
        "DeleteAlarms", "SetAlarmState",
    ]
    /// Of one GetMetricData.
    static let mostQueries = 500

    let world: World
    let clock: LocalClock

    func recognizes(_ request: LocalHTTPRequest) -> Bool {
        request.method == "POST" && request.path == "/" && Self.operations.contains(describe(request).operation)
    }

    func describe(_ request: LocalHTTPRequest) -> (operation: String, parameters: [String: String]) {
        if let operation = JSONProtocol.operation(of: request, target: Self.target) {
            return (operation, JSONParameters.flatten(request.body) ?? [:])
        }
        let parameters = request.formParameters
        return (parameters["Action"] ?? "", parameters)
    }

    func perform(_ call: ServiceCall) throws -> ServiceAnswer {
        let speaksJSON = Self.speaksJSON(call.request)
        guard Self.operations.contains(call.operation), speaksJSON || call.parameters["Version"] == Self.version else {
            throw AWSFailure(
                400, speaksJSON ? "UnknownOperationException" : "InvalidAction",
                "Could not find operation \(call.operation) for version \(call.parameters["Version"] ?? Self.version)."
            )
        }
        guard !speaksJSON || JSONParameters.flatten(call.request.body) != nil else {
            throw AWSFailure(400, "SerializationException", "The body is no JSON object.")
        }
        let result =
            switch call.operation {
            case "ListMetrics": try listMetrics(call)
            case "GetMetricData": try getMetricData(call)
            case "GetMetricStatistics": try getMetricStatistics(call)
            case "PutMetricAlarm": try putMetricAlarm(call)
            case "DescribeAlarms": try describeAlarms(call)
            case "DeleteAlarms": try deleteAlarms(call)
            case "SetAlarmState": try setAlarmState(call)
            default: try putMetricData(call)
            }
        guard !speaksJSON else {
            return ServiceAnswer(body: try result.json, headers: JSONProtocol.headers("1.0"))
        }
        let body = XML.document("\(call.operation)Response", xmlns: namespace) { xml in
            xml.element("\(call.operation)Result") { result.writeMembers(into: &$0) }
            xml.element("ResponseMetadata") { $0.element("RequestId", call.requestID) }
        }
        return ServiceAnswer(body: body)
    }

    private static func speaksJSON(_ request: LocalHTTPRequest) -> Bool { request.headers["x-amz-target"] != nil }

    func answer(for failure: AWSFailure, to request: LocalHTTPRequest, requestID: String) -> ServiceAnswer {
        guard Self.speaksJSON(request) else { return xmlAnswer(for: failure, requestID: requestID) }
        var answer = JSONProtocol.answer(for: failure, version: "1.0")
        // Clients that knew the query protocol's codes go on with them.
        answer.headers["x-amzn-query-error"] = "\(failure.code);\(failure.status < 500 ? "Sender" : "Receiver")"
        return answer
    }

    func refusal(of signature: AWSFailure, on request: LocalHTTPRequest) -> AWSFailure {
        Self.speaksJSON(request) ? JSONProtocol.refusal(of: signature, status: 400) : signature
    }

    // MARK: Operations

    private func listMetrics(_ call: ServiceCall) throws -> AnswerValue {
        let state = world.snapshot
        let lags = ReplicationLag.all(in: state, now: Date(), worldNow: clock.now).map(\.metric)
        let wanted = MetricParameters.dimensionFilters(call)
        let metrics = Set(lags).union(state.metrics.keys).filter { metric in
            metric.region == call.region
                && metric.namespace == call.parameters["Namespace"] ?? metric.namespace
                && metric.name == call.parameters["MetricName"] ?? metric.name
                && wanted.allSatisfy { filter in
                    metric.dimensions[filter.name].map { $0 == filter.value ?? $0 } ?? false
                }
        }
        return .object([
            "Metrics": .list(
                metrics.sorted().map { metric in
                    let dimensions = metric.dimensions.sorted { $0.key < $1.key }
                    return .object([
                        "Namespace": .text(metric.namespace), "MetricName": .text(metric.name),
                        "Dimensions": .list(
                            dimensions.map { .object(["Name": .text($0.key), "Value": .text($0.value)]) }
                        ),
                    ])
                }
            )
        ])
    }

    private func getMetricData(_ call: ServiceCall) throws -> AnswerValue {
        let start = try MetricParameters.time("StartTime", call)
        let end = try MetricParameters.time("EndTime", call)
        guard start < end else {
            throw AWSFailure(
                400, "ValidationError", "The parameter StartTime must be less than the parameter EndTime."
            )
        }
        let queries = try MetricParameters.queries(call)
        guard (1...Self.mostQueries).contains(queries.count) else {
            throw AWSFailure(
                400, "ValidationError",
                "The collection MetricDataQueries must have 1 to \(Self.mostQueries) members, not \(queries.count)."
            )
        }
        let ascending = call.parameters["ScanBy"] == "TimestampAscending"
        return .object([
            "MetricDataResults": .list(
                queries.map { query in
                    let values = self.values(of: query, from: start, to: end)
                        .sorted { ascending ? $0.time < $1.time : $0.time > $1.time }
                    return .object([
                        "Id": .text(query.id), "Label": .text(query.label ?? query.metric.name),
                        "Timestamps": .list(values.map { .time($0.time) }),
                        "Values": .list(values.map { .number($0.value) }),
                        "StatusCode": .text("Complete"),
                    ])
                }
            ),
            "Messages": .list([]),
        ])
    }

    private func values(of query: MetricQuery, from start: Date, to end: Date) -> [(time: Date, value: Double)] {
        Dictionary(grouping: points(of: query.metric, from: start, to: end)) {
            world.minute.start(of: $0.time, period: query.period)
        }
        .compactMap { begin, points in Datapoint.statistic(query.statistic, of: points).map { (begin, $0) } }
    }

    /// - Parameter end: excluded.
    func points(of metric: Metric, from start: Date, to end: Date) -> [Datapoint] {
        let state = world.snapshot
        let now = Date()
        var points = (state.metrics[metric] ?? []).filter { start <= $0.time && $0.time < end }
        for lag in ReplicationLag.all(in: state, now: now, worldNow: clock.now) where lag.metric == metric {
            points += lag.datapoints(from: start, to: end, now: now, each: world.minute)
        }
        return points
    }

    private func putMetricData(_ call: ServiceCall) throws -> AnswerValue {
        let data = try MetricDatumParameters.data(call, now: Date(), worldNow: clock.now)
        world.change { state in
            for (metric, point) in data { state.metrics[metric, default: []].append(point) }
        }
        return .object([:])
    }
}
