import Foundation

/// Alarms. What makes them change is in `World+Alarms`.
extension CloudWatchService {
    static let mostAlarmsPerPage = 100

    func putMetricAlarm(_ call: ServiceCall) throws -> AnswerValue {
        world.put(try AlarmParameters.alarm(call))
        return .object([:])
    }

    func deleteAlarms(_ call: ServiceCall) throws -> AnswerValue {
        let arns = call.list("AlarmNames").map { Alarm.arn(of: $0, in: call.region) }
        try world.change { state throws(AWSFailure) in
            // All or none.
            if let unknown = arns.first(where: { state.alarms[$0] == nil }) {
                throw AWSFailure(404, "ResourceNotFound", "Unknown alarm \(unknown)")
            }
            for arn in arns { state.alarms[arn] = nil }
        }
        return .object([:])
    }

    func setAlarmState(_ call: ServiceCall) throws -> AnswerValue {
        guard let name = call.parameters["AlarmName"], let reason = call.parameters["StateReason"] else {
            throw AWSFailure(400, "MissingParameter", "The parameters AlarmName and StateReason are required.")
        }
        guard let state = AlarmState(rawValue: call.parameters["StateValue"] ?? "") else {
            throw AlarmParameters.invalid("StateValue must be one of \(AlarmState.allCases.map(\.rawValue)).")
        }
        if let data = call.parameters["StateReasonData"] {
            guard (try? JSONSerialization.jsonObject(with: Data(data.utf8))) != nil else {
                throw AWSFailure(400, "InvalidFormat", "StateReasonData is no JSON.")
            }
        }
        try world.setState(
            of: Alarm.arn(of: name, in: call.region), to: state, because: reason,
            data: call.parameters["StateReasonData"]
        )
        return .object([:])
    }

    func describeAlarms(_ call: ServiceCall) throws -> AnswerValue {
        let names = Set(call.list("AlarmNames"))
        let prefix = call.parameters["AlarmNamePrefix"]
        guard names.isEmpty || prefix == nil else {
            throw AWSFailure(
                400, "InvalidParameterCombination", "AlarmNames and AlarmNamePrefix must not be given together."
            )
        }
        guard let limit = Int(call.parameters["MaxRecords"] ?? "50"), (1...Self.mostAlarmsPerPage).contains(limit)
        else {
            throw AlarmParameters.invalid("MaxRecords must be 1 to \(Self.mostAlarmsPerPage).")
        }
        let types = call.list("AlarmTypes")
        let alarms = world.snapshot.alarms.values.sorted { $0.name < $1.name }.filter { alarm in
            alarm.region == call.region && (names.isEmpty || names.contains(alarm.name))
                && alarm.name.hasPrefix(prefix ?? "") && (types.isEmpty || types.contains("MetricAlarm"))
                && alarm.state.rawValue == call.parameters["StateValue"] ?? alarm.state.rawValue
                && Self.hasAction(alarm, call.parameters["ActionPrefix"])
        }
        // The token is the name that the page begins with.
        let rest = alarms.drop { $0.name < call.parameters["NextToken"] ?? "" }
        var answer: [String: AnswerValue] = [
            "MetricAlarms": .list(rest.prefix(limit).map(Self.answer)), "CompositeAlarms": .list([]),
        ]
        answer["NextToken"] = rest.dropFirst(limit).first.map { .text($0.name) }
        return .object(answer)
    }

    private static func hasAction(_ alarm: Alarm, _ prefix: String?) -> Bool {
        guard let prefix else { return true }
        return alarm.actions.values.contains { $0.contains { $0.hasPrefix(prefix) } }
    }

    private static func answer(_ alarm: Alarm) -> AnswerValue {
        let rule = alarm.rule
        var members: [String: AnswerValue] = [
            "AlarmName": .text(alarm.name), "AlarmArn": .text(alarm.arn),
            "AlarmConfigurationUpdatedTimestamp": .time(alarm.configured),
            "ActionsEnabled": .flag(alarm.actionsEnabled), "StateValue": .text(alarm.state.rawValue),
            "StateReason": .text(alarm.reason), "StateUpdatedTimestamp": .time(alarm.stateUpdated),
            "StateTransitionedTimestamp": .time(alarm.stateTransitioned), "MetricName": .text(rule.metric.name),
            "Namespace": .text(rule.metric.namespace), "Statistic": .text(rule.statistic),
            "Period": .integer(rule.period), "EvaluationPeriods": .integer(rule.evaluationPeriods),
            "DatapointsToAlarm": .integer(rule.datapointsToAlarm), "Threshold": .number(rule.threshold),
            "ComparisonOperator": .text(rule.comparison.rawValue), "TreatMissingData": .text(rule.missingData.rawValue),
            "Dimensions": .list(
                rule.metric.dimensions.sorted { $0.key < $1.key }
                    .map { .object(["Name": .text($0.key), "Value": .text($0.value)]) }
            ),
        ]
        members["AlarmDescription"] = alarm.description.map { .text($0) }
        members["StateReasonData"] = alarm.reasonData.map { .text($0) }
        members["Unit"] = rule.unit.map { .text($0) }
        for (list, state) in AlarmParameters.actionLists {
            members[list] = .list((alarm.actions[state] ?? []).map { .text($0) })
        }
        return .object(members)
    }
}
