package import Foundation

/// A metric alarm of CloudWatch. It exists in one region, as its metric does.
package struct Alarm: Sendable, Equatable {
    package let name: String
    package var rule: AlarmRule
    package var description: String?
    package var actionsEnabled = true
    /// ARNs, by the state that they are told of. What is no SNS topic here is passed over.
    package var actions: [AlarmState: [String]] = [:]
    package internal(set) var state = AlarmState.insufficientData
    package internal(set) var reason = "Unchecked: Initial alarm creation"
    package internal(set) var reasonData: String?
    /// By the emulator's clock, as all of these.
    package internal(set) var stateUpdated = Date(timeIntervalSince1970: 0)
    package internal(set) var stateTransitioned = Date(timeIntervalSince1970: 0)
    package internal(set) var configured = Date(timeIntervalSince1970: 0)

    package init(name: String, rule: AlarmRule) {
        self.name = name
        self.rule = rule
    }

    package var region: String { rule.metric.region }
    package var arn: String { Self.arn(of: name, in: region) }

    static func arn(of name: String, in region: String) -> String {
        "arn:aws:cloudwatch:\(region):\(CredentialStore.account):alarm:\(name)"
    }

    /// - Returns: what became of it; nil if its state is what it was.
    mutating func enter(_ state: AlarmState, because reason: String, data: String? = nil, at now: Date) -> AlarmChange?
    {
        let old = self.state
        (self.state, self.reason, reasonData, stateUpdated) = (state, reason, data, now)
        guard old != state else { return nil }
        stateTransitioned = now
        return AlarmChange(alarm: self, old: old)
    }
}

package struct AlarmChange: Sendable, Equatable {
    /// As it is now.
    package let alarm: Alarm
    package let old: AlarmState

    /// What the topics are told.
    var subject: String {
        // The subject of a mail is ASCII, and short; a name need be neither.
        let text = "\(alarm.state.rawValue): \"\(alarm.name)\" in \(alarm.region)"
        return String(
            String.UnicodeScalarView(text.unicodeScalars.filter { (0x20...0x7E).contains($0.value) }).prefix(100))
    }

    var message: AnswerValue {
        let rule = alarm.rule
        return .object([
            "AlarmName": .text(alarm.name), "AlarmDescription": .text(alarm.description ?? ""),
            "AWSAccountId": .text(CredentialStore.account), "AlarmArn": .text(alarm.arn),
            "NewStateValue": .text(alarm.state.rawValue), "OldStateValue": .text(old.rawValue),
            "NewStateReason": .text(alarm.reason), "StateChangeTime": .text(AWSDate.extended(alarm.stateUpdated)),
            "Region": .text(alarm.region),
            "Trigger": .object([
                "Namespace": .text(rule.metric.namespace), "MetricName": .text(rule.metric.name),
                "Statistic": .text(rule.statistic.uppercased()), "Period": .integer(rule.period),
                "EvaluationPeriods": .integer(rule.evaluationPeriods),
                "DatapointsToAlarm": .integer(rule.datapointsToAlarm), "Threshold": .number(rule.threshold),
                "ComparisonOperator": .text(rule.comparison.rawValue),
                "TreatMissingData": .text(rule.missingData.rawValue),
                "Dimensions": .list(
                    rule.metric.dimensions.sorted { $0.key < $1.key }
                        .map { .object(["name": .text($0.key), "value": .text($0.value)]) }
                ),
            ]),
        ])
    }
}
