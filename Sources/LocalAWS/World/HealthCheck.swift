package import Foundation

/// How a health check of Route 53 is to be made.
package struct HealthCheckConfig: Sendable, Equatable {
    package struct AlarmIdentifier: Sendable, Equatable {
        package let region: String
        package let name: String

        package init(region: String, name: String) {
            self.region = region
            self.name = name
        }
    }

    package enum InsufficientData: String, Sendable {
        case healthy = "Healthy", unhealthy = "Unhealthy", lastKnownStatus = "LastKnownStatus"
    }

    /// Of endpoints; nobody here asks them, so their health is set by hand.
    static let endpointTypes: Set<String> = [
        "HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP", "RECOVERY_CONTROL",
    ]
    static let calculated = "CALCULATED"
    static let alarm = "CLOUDWATCH_METRIC"

    /// As the API writes it: `CLOUDWATCH_METRIC`, `CALCULATED`, or one of `endpointTypes`.
    package var type: String
    package var isInverted = false
    package var isDisabled = false
    /// Of a calculated one: how many of its children must be healthy.
    package var healthThreshold: Int?
    package var children: [String] = []
    package var alarm: AlarmIdentifier?
    package var insufficientData: InsufficientData?
    /// All else, by the names of its elements, for whoever asks.
    package var endpoint: [String: String] = [:]
    package var checkerRegions: [String] = []

    package init(type: String) { self.type = type }

    package init(
        alarm name: String, region: String, insufficientData: InsufficientData = .lastKnownStatus
    ) {
        self.type = Self.alarm
        self.alarm = AlarmIdentifier(region: region, name: name)
        self.insufficientData = insufficientData
    }

    /// What it is about, for a timeline.
    package var subject: String {
        if let alarm { return "alarm \(alarm.name) in \(alarm.region)" }
        guard type != Self.calculated else { return "\(healthThreshold ?? 0) of \(children.count) others" }
        return "\(type) \(endpoint["FullyQualifiedDomainName"] ?? endpoint["IPAddress"] ?? "")"
    }
}

package struct HealthCheck: Sendable, Equatable {
    package let id: String
    package let callerReference: String
    package var version = 1
    package var config: HealthCheckConfig
    /// The alarm's, as it was when the check was made or updated: what becomes of the alarm since is nothing to it.
    package var alarmRule: AlarmRule?
    /// The last that was seen: of the alarm's data, or by hand. "For new health checks that have no last known status,
    /// the default status for the health check is healthy."
    package var lastKnown = true
    /// CloudWatch had enough of it for an answer.
    package var hasData = false
    /// By the emulator's clock.
    package var checked: Date

    /// What the alarm's data say, which are read apart from its state.
    mutating func observe(_ metrics: [Metric: [Datapoint]], at time: Date, minute: CloudWatchMinute) {
        guard let alarmRule, !config.isDisabled else { return }
        // "High-resolution metrics aren't supported."
        let points = (metrics[alarmRule.metric] ?? []).filter { !$0.isHighResolution }
        checked = time
        switch alarmRule.evaluate(points, at: time, minute: minute).state {
        case .ok: (lastKnown, hasData) = (true, true)
        case .alarm: (lastKnown, hasData) = (false, true)
        case .insufficientData: hasData = false
        case nil: break
        }
    }
}

extension WorldState {
    /// - Parameter path: of calculated checks that led here: a check that hangs on itself is healthy to itself.
    func isHealthy(_ check: HealthCheck, from path: Set<String> = []) -> Bool {
        // A disabled one counts as healthy; inverting it is AWS's own way to stop the traffic then.
        seemsHealthy(check, from: path.union([check.id])) != check.config.isInverted
    }

    private func seemsHealthy(_ check: HealthCheck, from path: Set<String>) -> Bool {
        let config = check.config
        guard !config.isDisabled else { return true }
        switch config.type {
        case HealthCheckConfig.calculated:
            let healthy = config.children.filter { id in
                guard let child = healthChecks[id], !path.contains(id) else { return true }
                return isHealthy(child, from: path)
            }
            return healthy.count >= config.healthThreshold ?? 0
        case HealthCheckConfig.alarm where !check.hasData:
            return switch config.insufficientData {
            case .healthy: true
            case .unhealthy: false
            case .lastKnownStatus, nil: check.lastKnown
            }
        default: return check.lastKnown
        }
    }
}
