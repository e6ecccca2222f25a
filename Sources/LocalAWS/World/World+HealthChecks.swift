import Foundation

extension World {
    /// - Throws: `InvalidInput`, for what Route 53 refuses; or that the hosts file could not be written.
    func create(_ config: HealthCheckConfig, reference: String) throws -> (check: HealthCheck, isNew: Bool) {
        let now = clock.now
        let made = try update { state in
            if let old = state.healthChecks.values.first(where: { $0.callerReference == reference }) {
                guard old.config == config else {
                    throw AWSFailure(
                        409, "HealthCheckAlreadyExists",
                        "The caller reference \(reference) is that of another health check, \(old.id)."
                    )
                }
                return (old, false)
            }
            var check = HealthCheck(
                id: UUID().uuidString.lowercased(), callerReference: reference, config: config, checked: now
            )
            try state.prepare(&check, at: now, minute: minute)
            state.healthChecks[check.id] = check
            return (check, true)
        }
        keepPace()
        return made
    }

    /// - Parameter version: that the check must have; nil: any.
    func update(
        healthCheck id: String, version: Int?, _ change: (inout HealthCheckConfig) throws -> Void
    ) throws -> HealthCheck {
        let now = clock.now
        let updated = try update { state in
            guard var check = state.healthChecks[id] else { throw Self.noSuchHealthCheck(id) }
            guard version ?? check.version == check.version else {
                throw AWSFailure(409, "HealthCheckVersionMismatch", "The health check has version \(check.version).")
            }
            try change(&check.config)
            try state.prepare(&check, at: now, minute: minute)
            check.version += 1
            state.healthChecks[id] = check
            return check
        }
        keepPace()
        return updated
    }

    func removeHealthCheck(_ id: String) throws {
        try update { state in
            guard state.healthChecks.removeValue(forKey: id) != nil else { throw Self.noSuchHealthCheck(id) }
        }
    }

    /// At CloudWatch's minutes.
    func observeAlarmData(at time: Date) {
        guard snapshot.healthChecks.values.contains(where: { $0.alarmRule != nil }) else { return }
        // What cannot be written into the hosts file now is tried again in a minute: nothing has changed then.
        try? update { state in
            for id in state.healthChecks.keys {
                state.healthChecks[id]?.observe(state.metrics, at: time, minute: minute)
            }
        }
    }

    static func noSuchHealthCheck(_ id: String) -> AWSFailure {
        AWSFailure(404, "NoSuchHealthCheck", "No health check exists with the specified ID: \(id)")
    }
}

extension WorldState {
    /// Copies the alarm's settings, and looks at its data for the first time.
    fileprivate mutating func prepare(_ check: inout HealthCheck, at now: Date, minute: CloudWatchMinute) throws {
        if let missing = check.config.children.first(where: { healthChecks[$0] == nil }) {
            throw Self.invalid("There is no health check \(missing) to be a child.")
        }
        guard let identifier = check.config.alarm else { return }
        guard let alarm = alarms[Alarm.arn(of: identifier.name, in: identifier.region)] else {
            throw Self.invalid("There is no CloudWatch alarm \(identifier.name) in \(identifier.region).")
        }
        guard alarm.rule.pace == .minute else {
            throw Self.invalid("The period of the alarm is \(alarm.rule.period) s: high-resolution is not supported.")
        }
        guard alarm.rule.datapointsToAlarm == alarm.rule.evaluationPeriods else {
            throw Self.invalid("\"M out of N\" alarms are not supported: DatapointsToAlarm must be EvaluationPeriods.")
        }
        var rule = alarm.rule
        // Not among what Route 53 keeps of an alarm (CloudWatchAlarmConfiguration): InsufficientDataHealthStatus
        // stands for it.
        rule.missingData = .missing
        check.alarmRule = rule
        check.observe(metrics, at: now, minute: minute)
    }

    private static func invalid(_ message: String) -> AWSFailure { AWSFailure(400, "InvalidInput", message) }
}

extension LocalAWS {
    /// - Throws: what CreateHealthCheck would answer.
    @discardableResult
    package func createHealthCheck(_ config: HealthCheckConfig) throws -> HealthCheck {
        try world.create(config, reference: UUID().uuidString).check
    }

    /// Of all record sets with the identifier. nil: without one.
    package func setHealthCheck(_ id: String?, ofSetIdentifier identifier: String) throws {
        try world.update { state in
            for zone in state.zones.values {
                for var record in zone.records where record.setIdentifier == identifier {
                    record.healthCheckID = id
                    state.zones[zone.id]?.put(record)
                }
            }
        }
    }

    /// nil: there is no such health check.
    package func isHealthy(healthCheck id: String) -> Bool? { world.snapshot.checkHealth[id] }

    /// For a check of an endpoint. Those of alarms and of other checks find their health themselves.
    package func setHealthy(_ healthy: Bool, healthCheck id: String) throws(LocalAWSError) {
        guard let check = world.snapshot.healthChecks[id] else {
            throw LocalAWSError("There is no health check \(id).")
        }
        guard HealthCheckConfig.endpointTypes.contains(check.config.type) else {
            throw LocalAWSError("The health of a \(check.config.type) check is not set, but found.")
        }
        do {
            try world.update { state in
                state.healthChecks[id]?.lastKnown = healthy
                state.healthChecks[id]?.checked = clock.now
            }
        } catch {
            throw LocalAWSError(error.localizedDescription)
        }
    }
}
