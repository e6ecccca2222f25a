import Foundation

/// One question of GetMetricData.
struct MetricQuery {
    let id: String
    let metric: Metric
    /// In seconds.
    let period: Int
    let statistic: String
    let label: String?
}

/// CloudWatch's parameters, out of their flat names.
enum MetricParameters {
    static let statistics: Set<String> = ["Average", "Maximum", "Minimum", "SampleCount", "Sum"]

    static func dimensionFilters(_ call: ServiceCall) -> [(name: String, value: String?)] {
        members("Dimensions", call).compactMap { member in
            call.parameters["\(member).Name"].map { ($0, call.parameters["\(member).Value"]) }
        }
    }

    static func queries(_ call: ServiceCall) throws(AWSFailure) -> [MetricQuery] {
        var queries: [MetricQuery] = []
        for member in members("MetricDataQueries", call) {
            let id = call.parameters["\(member).Id"] ?? ""
            guard let first = id.first, first.isLowercase, id.hasOnlyLettersAndDigits(or: "_"),
                !queries.contains(where: { $0.id == id })
            else {
                throw AWSFailure(
                    400, "ValidationError",
                    "The value '\(id)' for \(member).Id must begin with a lower-case letter, and be there once."
                )
            }
            let stat = "\(member).MetricStat"
            guard let period = Int(call.parameters["\(stat).Period"] ?? ""), period > 0, period % 60 == 0 else {
                throw AWSFailure(
                    400, "ValidationError", "\(stat).Period must be a multiple of 60: local-aws has no other metrics."
                )
            }
            guard let statistic = call.parameters["\(stat).Stat"], statistics.contains(statistic) else {
                throw AWSFailure(400, "ValidationError", "\(stat).Stat must be one of \(statistics.sorted()).")
            }
            queries.append(
                MetricQuery(
                    id: id, metric: try metric("\(stat).Metric", call), period: period, statistic: statistic,
                    label: call.parameters["\(member).Label"]
                )
            )
        }
        return queries
    }

    /// - Parameter now: the time of what comes without one.
    static func data(_ call: ServiceCall, now: Date) throws(AWSFailure) -> [(Metric, Datapoint)] {
        guard let namespace = call.parameters["Namespace"], !namespace.isEmpty else {
            throw AWSFailure(400, "MissingParameter", "The parameter Namespace is required.")
        }
        guard !namespace.hasPrefix("AWS/") else {
            throw AWSFailure(
                400, "InvalidParameterValue", "The value AWS/ for parameter Namespace is invalid."
            )
        }
        var data: [(Metric, Datapoint)] = []
        for member in members("MetricData", call) {
            guard let name = call.parameters["\(member).MetricName"], !name.isEmpty else {
                throw AWSFailure(400, "MissingParameter", "The parameter \(member).MetricName is required.")
            }
            let metric = Metric(
                region: call.region, namespace: namespace, name: name, dimensions: dimensions(member, call)
            )
            let time = call.parameters["\(member).Timestamp"] == nil ? now : try self.time("\(member).Timestamp", call)
            for point in try points(member, time, call) { data.append((metric, point)) }
        }
        return data
    }

    /// A single value, values with their counts, or a statistic set.
    private static func points(_ member: String, _ time: Date, _ call: ServiceCall) throws(AWSFailure) -> [Datapoint] {
        if call.parameters["\(member).Value"] != nil {
            return [Datapoint(time: time, value: try number("\(member).Value", call))]
        }
        if call.parameters["\(member).StatisticValues.SampleCount"] != nil {
            let set = "\(member).StatisticValues"
            return [
                Datapoint(
                    time: time, count: try number("\(set).SampleCount", call), sum: try number("\(set).Sum", call),
                    minimum: try number("\(set).Minimum", call), maximum: try number("\(set).Maximum", call)
                )
            ]
        }
        var points: [Datapoint] = []
        for index in 1...max(1, call.list("\(member).Values").count) {
            let count = "\(member).Counts.member.\(index)"
            points.append(
                Datapoint(
                    time: time, value: try number("\(member).Values.member.\(index)", call),
                    count: call.parameters[count] == nil ? 1 : try number(count, call)
                )
            )
        }
        return points
    }

    private static func metric(_ name: String, _ call: ServiceCall) throws(AWSFailure) -> Metric {
        guard let namespace = call.parameters["\(name).Namespace"], let metric = call.parameters["\(name).MetricName"]
        else { throw AWSFailure(400, "ValidationError", "\(name) must have a Namespace and a MetricName.") }
        return Metric(
            region: call.region, namespace: namespace, name: metric, dimensions: dimensions(name, call)
        )
    }

    private static func dimensions(_ owner: String, _ call: ServiceCall) -> [String: String] {
        let pairs = members("\(owner).Dimensions", call).compactMap { member in
            call.parameters["\(member).Name"].map { ($0, call.parameters["\(member).Value"] ?? "") }
        }
        return Dictionary(pairs) { first, _ in first }
    }

    /// Seconds since 1970 in JSON, RFC 3339 in a form.
    static func time(_ name: String, _ call: ServiceCall) throws(AWSFailure) -> Date {
        guard let text = call.parameters[name] else {
            throw AWSFailure(400, "MissingParameter", "The parameter \(name) is required.")
        }
        let time = Double(text).map { Date(timeIntervalSince1970: $0) } ?? AWSDate.parseExtended(text)
        guard let time, abs(time.timeIntervalSince1970) < 1e11 else {
            throw AWSFailure(400, "InvalidParameterValue", "The parameter \(name) is no time: \(text)")
        }
        return time
    }

    private static func number(_ name: String, _ call: ServiceCall) throws(AWSFailure) -> Double {
        guard let number = Double(call.parameters[name] ?? ""), number.isFinite else {
            throw AWSFailure(400, "InvalidParameterValue", "The parameter \(name) must be a number.")
        }
        return number
    }

    /// The names of a list's members that are objects.
    private static func members(_ list: String, _ call: ServiceCall) -> [String] {
        (1...).lazy.map { "\(list).member.\($0)" }
            .prefix { member in call.parameters.keys.contains { $0.hasPrefix("\(member).") } }
            .map(\.self)
    }
}
