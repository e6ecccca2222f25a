import Foundation

/// GetMetricStatistics: the older way to read what GetMetricData reads.
extension CloudWatchService {
    /// Of one answer.
    static let mostDatapoints = 1440

    func getMetricStatistics(_ call: ServiceCall) throws -> AnswerValue {
        let metric = try MetricParameters.metric(call)
        let start = try MetricParameters.time("StartTime", call)
        let end = try MetricParameters.time("EndTime", call)
        guard start < end else {
            throw AWSFailure(
                400, "InvalidParameterValue", "The parameter StartTime must be less than the parameter EndTime."
            )
        }
        let period = try MetricParameters.period("Period", call)
        guard end.timeIntervalSince(start) / Double(period) <= Double(Self.mostDatapoints) else {
            throw AWSFailure(
                400, "InvalidParameterCombination",
                "You have requested more than \(Self.mostDatapoints) datapoints: a longer Period has fewer."
            )
        }
        let statistics = call.list("Statistics")
        guard (1...5).contains(statistics.count), MetricParameters.statistics.isSuperset(of: statistics) else {
            throw AWSFailure(
                400, "InvalidParameterValue",
                "The parameter Statistics must have some of \(MetricParameters.statistics.sorted())."
            )
        }
        let unit = call.parameters["Unit"]
        // What was put in several units has a datapoint for each of them.
        struct Group: Hashable {
            let time: Date
            let unit: String
        }
        let groups = Dictionary(grouping: points(of: metric, from: start, to: end)) {
            Group(time: world.minute.start(of: $0.time, period: period), unit: $0.unit)
        }
        let datapoints = groups.filter { $0.key.unit == unit ?? $0.key.unit }
            .sorted { ($0.key.time, $0.key.unit) < ($1.key.time, $1.key.unit) }
            .map { group, points in
                var members: [String: AnswerValue] = ["Timestamp": .time(group.time), "Unit": .text(group.unit)]
                for statistic in statistics {
                    members[statistic] = Datapoint.statistic(statistic, of: points).map { .number($0) }
                }
                return AnswerValue.object(members)
            }
        return .object(["Label": .text(metric.name), "Datapoints": .list(datapoints)])
    }
}
