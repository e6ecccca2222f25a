import Foundation

/// An alarm of CloudWatch in the control API's JSON.
struct AlarmForm: Encodable {
    let name: String
    let region: String
    let state: AlarmState
    let reason: String
    let since: Date
    let metric: String

    init(_ alarm: Alarm) {
        name = alarm.name
        region = alarm.region
        state = alarm.state
        reason = alarm.reason
        since = alarm.stateTransitioned
        metric = "\(alarm.rule.metric.namespace) \(alarm.rule.metric.name)"
    }
}

/// A health check of Route 53, and what hangs on it.
struct HealthCheckState: Encodable {
    let id: String
    let type: String
    let about: String
    let healthy: Bool
    /// `NAME (SET IDENTIFIER)`.
    let records: [String]

    init(_ check: HealthCheck, in world: WorldState) {
        id = check.id
        type = check.config.type
        about = check.config.subject
        healthy = world.checkHealth[check.id] ?? true
        records = world.zones.values.flatMap(\.records).filter { $0.healthCheckID == check.id }
            .map { "\($0.name.withoutFinalDot)" + ($0.setIdentifier.map { " (\($0))" } ?? "") }.sorted()
    }
}
