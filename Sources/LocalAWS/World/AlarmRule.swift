package enum AlarmState: String, Sendable, Encodable, CaseIterable {
    case ok = "OK"
    case alarm = "ALARM"
    case insufficientData = "INSUFFICIENT_DATA"
}

/// What an alarm looks at, and what it finds wrong. A health check has a copy of it.
package struct AlarmRule: Sendable, Equatable {
    package enum Comparison: String, Sendable, CaseIterable {
        case greaterThanOrEqual = "GreaterThanOrEqualToThreshold"
        case greaterThan = "GreaterThanThreshold"
        case lessThan = "LessThanThreshold"
        case lessThanOrEqual = "LessThanOrEqualToThreshold"

        func isBreaching(_ value: Double, _ threshold: Double) -> Bool {
            switch self {
            case .greaterThanOrEqual: value >= threshold
            case .greaterThan: value > threshold
            case .lessThan: value < threshold
            case .lessThanOrEqual: value <= threshold
            }
        }
    }

    package enum MissingData: String, Sendable, CaseIterable { case missing, ignore, breaching, notBreaching }

    package var metric: Metric
    /// One of `MetricParameters.statistics`.
    package var statistic: String
    /// nil: values of any unit.
    package var unit: String?
    /// In seconds: 10, 20, 30, or a multiple of 60.
    package var period: Int
    /// N of "M out of N".
    package var evaluationPeriods: Int
    /// M of it.
    package var datapointsToAlarm: Int
    package var threshold: Double
    package var comparison: Comparison
    package var missingData: MissingData

    /// - Parameter datapointsToAlarm: nil: all of the evaluation periods.
    package init(
        metric: Metric, statistic: String = "Minimum", unit: String? = nil, period: Int = 60,
        evaluationPeriods: Int = 1, datapointsToAlarm: Int? = nil, threshold: Double, comparison: Comparison,
        missingData: MissingData = .missing
    ) {
        self.metric = metric
        self.statistic = statistic
        self.unit = unit
        self.period = period
        self.evaluationPeriods = evaluationPeriods
        self.datapointsToAlarm = datapointsToAlarm ?? evaluationPeriods
        self.threshold = threshold
        self.comparison = comparison
        self.missingData = missingData
    }

    var pace: AlarmPace { period < 60 ? .tenSeconds : .minute }
}

/// How often CloudWatch looks at an alarm: the seconds of it.
enum AlarmPace: Int, Sendable, CaseIterable {
    case tenSeconds = 10
    case minute = 60
}
