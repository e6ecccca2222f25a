/// What PutMetricAlarm takes, and what it refuses.
enum AlarmParameters {
    static let mostActions = 5
    /// Of all periods together, in seconds.
    static let longestEvaluation = 7 * 24 * 3600
    /// The same, with periods of less than an hour.
    static let longestEvaluationOfShortPeriods = 24 * 3600
    static let actionLists: [(name: String, state: AlarmState)] = [
        ("OKActions", .ok), ("AlarmActions", .alarm), ("InsufficientDataActions", .insufficientData),
    ]

    static func alarm(_ call: ServiceCall) throws(AWSFailure) -> Alarm {
        let name = call.parameters["AlarmName"] ?? ""
        guard (1...255).contains(name.unicodeScalars.count) else {
            throw invalid("AlarmName must have 1 to 255 characters.")
        }
        for other in ["Metrics.member.1.Id", "ExtendedStatistic", "ThresholdMetricId"]
        where call.parameters[other] != nil {
            throw invalid("local-aws has no alarms on metric math, percentiles or anomalies (\(other)).")
        }
        var alarm = Alarm(name: name, rule: try rule(call))
        alarm.description = call.parameters["AlarmDescription"]
        alarm.actionsEnabled = call.parameters["ActionsEnabled"] != "false"
        for (list, state) in actionLists {
            let arns = call.list(list)
            guard arns.count <= mostActions, arns.allSatisfy({ $0.hasPrefix("arn:") }) else {
                throw invalid("\(list) must have at most \(mostActions) ARNs.")
            }
            alarm.actions[state] = arns
        }
        return alarm
    }

    private static func rule(_ call: ServiceCall) throws(AWSFailure) -> AlarmRule {
        let metric = try MetricParameters.metric(call)
        let statistic = try required("Statistic", call)
        guard MetricParameters.statistics.contains(statistic) else {
            throw invalid("Statistic must be one of \(MetricParameters.statistics.sorted()), not \(statistic).")
        }
        guard let comparison = AlarmRule.Comparison(rawValue: try required("ComparisonOperator", call)) else {
            throw invalid("ComparisonOperator must be one of \(AlarmRule.Comparison.allCases.map(\.rawValue)).")
        }
        guard let threshold = Double(try required("Threshold", call)), threshold.isFinite else {
            throw invalid("Threshold must be a number.")
        }
        guard let missingData = AlarmRule.MissingData(rawValue: call.parameters["TreatMissingData"] ?? "missing") else {
            throw invalid("TreatMissingData must be one of \(AlarmRule.MissingData.allCases.map(\.rawValue)).")
        }
        guard let period = Int(try required("Period", call)),
            [10, 20, 30].contains(period) || (period > 0 && period % 60 == 0 && period <= longestEvaluation)
        else { throw invalid("Period must be 10, 20, 30, or a multiple of 60.") }
        let most = (period < 3600 ? longestEvaluationOfShortPeriods : longestEvaluation) / period
        guard let periods = Int(try required("EvaluationPeriods", call)), (1...max(1, most)).contains(periods) else {
            throw invalid("EvaluationPeriods must be 1 to \(most) with periods of \(period) s.")
        }
        guard let datapoints = Int(call.parameters["DatapointsToAlarm"] ?? String(periods)),
            (1...periods).contains(datapoints)
        else { throw invalid("DatapointsToAlarm must be 1 to EvaluationPeriods.") }
        if let unit = call.parameters["Unit"], !MetricDatumParameters.units.contains(unit) {
            throw invalid("Unit is none: \(unit)")
        }
        return AlarmRule(
            metric: metric, statistic: statistic, unit: call.parameters["Unit"], period: period,
            evaluationPeriods: periods, datapointsToAlarm: datapoints, threshold: threshold, comparison: comparison,
            missingData: missingData
        )
    }

    private static func required(_ name: String, _ call: ServiceCall) throws(AWSFailure) -> String {
        guard let value = call.parameters[name], !value.isEmpty else {
            throw AWSFailure(400, "MissingParameter", "The parameter \(name) is required.")
        }
        return value
    }

    static func invalid(_ message: String) -> AWSFailure { AWSFailure(400, "ValidationError", message) }
}
