import Foundation

/// What the data say about an alarm. The rules, and the cases of the test, are those of "Configuring how CloudWatch
/// alarms treat missing data" in the CloudWatch user guide.
extension AlarmRule {
    struct Value: Sendable, Equatable {
        /// Of the period that it is of.
        let start: Date
        let value: Double
    }

    struct Evaluation: Sendable, Equatable {
        /// nil: it stays as it is.
        let state: AlarmState?
        /// What it rests on, newest first.
        let values: [Value]
    }

    /// "CloudWatch retrieves more than Evaluation Periods, in case some are missing": two more in all its examples.
    private static let spare = 2

    /// - Parameters:
    ///   - points: of the metric; those of other units, and those too old, are left out here.
    ///   - time: by the emulator's clock. Periods end with the last whole ten seconds, or minute, before it.
    func evaluate(_ points: [Datapoint], at time: Date, minute: CloudWatchMinute) -> Evaluation {
        let length = minute.length(ofPeriod: period)
        let end = minute.start(of: time, period: pace.rawValue)
        var values: [Value?] = []
        for index in 1...(evaluationPeriods + Self.spare) {
            let start = end.addingTimeInterval(-Double(index) * length)
            let stop = start.addingTimeInterval(length)
            let mine = points.filter {
                let time = $0.storageTime(minute)
                return start <= time && time < stop && $0.unit == unit ?? $0.unit
            }
            // Not of nothing: SampleCount and Sum would be zero where AWS has no datapoint.
            let value = mine.isEmpty ? nil : Datapoint.statistic(statistic, of: mine)
            values.append(value.map { Value(start: start, value: $0) })
        }
        return judge(values)
    }

    /// - Parameter values: newest first, nil for a period without any.
    func judge(_ values: [Value?]) -> Evaluation {
        let real = Array(values.compactMap(\.self).prefix(evaluationPeriods))
        let breaching = real.filter { comparison.isBreaching($0.value, threshold) }.count
        let missing = evaluationPeriods - real.count
        func evaluation(_ state: AlarmState?) -> Evaluation { Evaluation(state: state, values: real) }

        if breaching >= datapointsToAlarm { return evaluation(.alarm) }
        if missing == 0 { return evaluation(.ok) }
        switch missingData {
        case .breaching: return evaluation(breaching + missing >= datapointsToAlarm ? .alarm : .ok)
        case .notBreaching: return evaluation(.ok)
        case .missing, .ignore: break
        }
        if real.isEmpty { return evaluation(missingData == .missing ? .insufficientData : nil) }
        if breaching < real.count { return evaluation(.ok) }
        // Nothing but breaching ones, and too few. The oldest may be old enough for the gaps after it to count; a
        // young one is not, since the next may be good.
        let age = (values.lastIndex { $0 != nil } ?? 0) + 1
        return evaluation(missingData == .missing && age >= datapointsToAlarm ? .alarm : nil)
    }

    /// As CloudWatch words it in StateReason.
    func reason(for evaluation: Evaluation, from old: AlarmState) -> String {
        let values = evaluation.values
        guard !values.isEmpty else {
            let count = evaluationPeriods
            let missing = "\(count) missing datapoint\(count == 1 ? " was" : "s were") treated as"
            let none = "Threshold Crossed: no datapoints were received for \(count) period\(count == 1 ? "" : "s")"
            switch missingData {
            case .breaching: return "\(none) and \(missing) [Breaching]."
            case .notBreaching: return "\(none) and \(missing) [NonBreaching]."
            case .missing, .ignore:
                return "Insufficient Data: \(count) datapoint\(count == 1 ? " was" : "s were") unknown."
            }
        }
        let isAlarm = evaluation.state == .alarm
        let counted = values.filter { comparison.isBreaching($0.value, threshold) == isAlarm }
        let list = values.map { "\($0.value) (\(AWSDate.extended($0.start)))" }.joined(separator: ", ")
        let words =
            switch comparison {
            case .greaterThanOrEqual: "greater than or equal to"
            case .greaterThan: "greater than"
            case .lessThan: "less than"
            case .lessThanOrEqual: "less than or equal to"
            }
        let least = isAlarm ? datapointsToAlarm : evaluationPeriods - datapointsToAlarm + 1
        return "Threshold Crossed: \(counted.count) out of the last \(values.count) datapoints [\(list)] "
            + "\(counted.count == 1 ? "was" : "were")\(isAlarm ? "" : " not") \(words) the threshold (\(threshold)) "
            + "(minimum \(least) datapoint\(least == 1 ? "" : "s") for \(old.rawValue) -> "
            + "\((evaluation.state ?? old).rawValue) transition)."
    }
}

extension Datapoint {
    /// What is not of high resolution is kept by the minute: a period of ten seconds finds one in six of them.
    func storageTime(_ minute: CloudWatchMinute) -> Date {
        isHighResolution ? worldTime : minute.start(of: worldTime, period: AlarmPace.minute.rawValue)
    }
}
