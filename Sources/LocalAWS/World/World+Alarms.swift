import Foundation

/// CloudWatch's looks at its alarms, and what follows from them. They are regular as long as there is an alarm, or a
/// health check that has a copy of one.
extension World {
    /// Of one that is there already the state stays.
    func put(_ alarm: Alarm) {
        let now = clock.now
        change { state in
            var alarm = alarm
            alarm.configured = now
            if let old = state.alarms[alarm.arn] {
                (alarm.state, alarm.reason, alarm.reasonData) = (old.state, old.reason, old.reasonData)
                (alarm.stateUpdated, alarm.stateTransitioned) = (old.stateUpdated, old.stateTransitioned)
            } else {
                (alarm.stateUpdated, alarm.stateTransitioned) = (now, now)
            }
            state.alarms[alarm.arn] = alarm
        }
        keepPace()
    }

    /// By hand. The next look at the alarm may undo it.
    func setState(of arn: String, to new: AlarmState, because reason: String, data: String?) throws(AWSFailure) {
        let now = clock.now
        let changed = try change { state throws(AWSFailure) -> AlarmChange? in
            guard state.alarms[arn] != nil else { throw AWSFailure(404, "ResourceNotFound", "Unknown alarm \(arn)") }
            return state.alarms[arn]?.enter(new, because: reason, data: data, at: now)
        }
        if let changed { announce(changed) }
    }

    /// Begins to look where there is something to look at.
    func keepPace() {
        let begun = change { state in
            let begun = state.pacesNeeded.subtracting(state.paces)
            state.paces.formUnion(begun)
            return begun
        }
        for pace in AlarmPace.allCases where begun.contains(pace) { scheduleLook(pace) }
    }

    private func scheduleLook(_ pace: AlarmPace) {
        let now = clock.now
        let last = minute.start(of: now, period: pace.rawValue)
        let due = last.addingTimeInterval(minute.length(ofPeriod: pace.rawValue))
        clock.schedule(after: .seconds(due.timeIntervalSince(now))) { [weak self] in self?.look(pace, at: due) }
    }

    private func look(_ pace: AlarmPace, at time: Date) {
        let changes = change { state -> [AlarmChange]? in
            guard state.pacesNeeded.contains(pace) else {
                state.paces.remove(pace)
                return nil
            }
            return state.evaluateAlarms(pace, at: time, minute: minute)
        }
        guard let changes else { return }
        for change in changes { announce(change) }
        if pace == .minute { observeAlarmData(at: time) }
        scheduleLook(pace)
    }

    private func announce(_ changed: AlarmChange) {
        let alarm = changed.alarm
        events.publish(.alarmChanged(changed))
        guard alarm.actionsEnabled, let text = try? changed.message.json else { return }
        for arn in alarm.actions[alarm.state] ?? [] {
            let message = PublishedMessage(
                id: UUID().uuidString.lowercased(), topicARN: arn, time: clock.now, subject: changed.subject,
                message: text, attributes: [:]
            )
            publish(message)
        }
    }
}

extension WorldState {
    var pacesNeeded: Set<AlarmPace> {
        var needed = Set(alarms.values.map(\.rule.pace))
        if healthChecks.values.contains(where: { $0.alarmRule != nil }) { needed.insert(.minute) }
        return needed
    }

    /// - Returns: the alarms that are in another state now, in the order of their names.
    mutating func evaluateAlarms(_ pace: AlarmPace, at time: Date, minute: CloudWatchMinute) -> [AlarmChange] {
        alarms.values.filter { $0.rule.pace == pace }.sorted { $0.arn < $1.arn }.compactMap { alarm in
            let evaluation = alarm.rule.evaluate(metrics[alarm.rule.metric] ?? [], at: time, minute: minute)
            guard let state = evaluation.state, state != alarm.state else { return nil }
            let reason = alarm.rule.reason(for: evaluation, from: alarm.state)
            return alarms[alarm.arn]?.enter(state, because: reason, at: time)
        }
    }
}

extension LocalAWS {
    /// Of one of that name and region that is there already the state stays.
    package func putAlarm(_ alarm: Alarm) { world.put(alarm) }

    package func alarm(_ name: String, region: String) -> Alarm? {
        world.snapshot.alarms[Alarm.arn(of: name, in: region)]
    }

    /// As PutMetricData would, now.
    package func putMetric(_ metric: Metric, _ value: Double) {
        var point = Datapoint(time: Date(), value: value)
        point.worldTime = clock.now
        world.change { $0.metrics[metric, default: []].append(point) }
    }
}
