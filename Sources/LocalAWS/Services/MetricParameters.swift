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

/// CloudWatch's parameters, out of their flat names. Those of PutMetricData: see `MetricDatumParameters`.
enum MetricParameters {
    static let statistics: Set<String> = ["Average", "Maximum", "Minimum", "SampleCount", "Sum"]

    static func dimensionFilters(_ call: ServiceCall) -> [(name: String, value: String?)] {
        dimensionList("Dimensions", call)
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
            guard let period = Int(call.parameters["\(stat).Period"] ?? ""), isPeriod(period) else {
                throw AWSFailure(
                    400, "ValidationError", "\(stat).Period must be 1, 5, 10, 20, 30, or a multiple of 60.")
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

    /// Of what is read: high-resolution metrics have periods of less than a minute.
    static func isPeriod(_ seconds: Int) -> Bool {
        [1, 5, 10, 20, 30].contains(seconds) || (seconds > 0 && seconds % 60 == 0)
    }

    static func period(_ name: String, _ call: ServiceCall) throws(AWSFailure) -> Int {
        guard let text = call.parameters[name] else {
            throw AWSFailure(400, "MissingParameter", "The parameter \(name) is required.")
        }
        guard let period = Int(text), isPeriod(period) else {
            throw AWSFailure(
                400, "InvalidParameterValue", "The parameter \(name) must be 1, 5, 10, 20, 30, or a multiple of 60."
            )
        }
        return period
    }

    /// The one that Namespace, MetricName and Dimensions of the call name.
    static func metric(_ call: ServiceCall) throws(AWSFailure) -> Metric {
        guard let namespace = call.parameters["Namespace"], !namespace.isEmpty else {
            throw AWSFailure(400, "MissingParameter", "The parameter Namespace is required.")
        }
        guard let name = call.parameters["MetricName"], !name.isEmpty else {
            throw AWSFailure(400, "MissingParameter", "The parameter MetricName is required.")
        }
        return Metric(
            region: call.region, namespace: namespace, name: name, dimensions: dimensions("Dimensions", call)
        )
    }

    private static func metric(_ name: String, _ call: ServiceCall) throws(AWSFailure) -> Metric {
        guard let namespace = call.parameters["\(name).Namespace"], let metric = call.parameters["\(name).MetricName"]
        else { throw AWSFailure(400, "ValidationError", "\(name) must have a Namespace and a MetricName.") }
        return Metric(
            region: call.region, namespace: namespace, name: metric, dimensions: dimensions("\(name).Dimensions", call)
        )
    }

    static func dimensions(_ list: String, _ call: ServiceCall) -> [String: String] {
        let pairs = dimensionList(list, call).map { ($0.name, $0.value ?? "") }
        return Dictionary(pairs) { first, _ in first }
    }

    /// As given, up to the first member without a name.
    static func dimensionList(_ list: String, _ call: ServiceCall) -> [(name: String, value: String?)] {
        // By their names, not by a look at all parameters: a PutMetricData has thousands.
        (1...).lazy.map { "\(list).member.\($0)" }
            .map { member in call.parameters["\(member).Name"].map { ($0, call.parameters["\(member).Value"]) } }
            .prefix { $0 != nil }.compactMap(\.self)
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

    /// The names of a list's members that are objects, up to the first gap.
    static func members(_ list: String, _ call: ServiceCall) -> [String] {
        let prefix = "\(list).member."
        let numbers = Set(
            call.parameters.keys.filter { $0.hasPrefix(prefix) }
                .compactMap { Int($0.dropFirst(prefix.count).prefix { $0 != "." }) }
        )
        return (1...).lazy.prefix { numbers.contains($0) }.map { "\(prefix)\($0)" }
    }
}
