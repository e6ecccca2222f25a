import Foundation
import Synchronization
import Testing

@testable import LocalAWS

@Suite struct HealthCheckTests {
    private static let metric = Metric(
        region: "us-east-1", namespace: "Probe", name: "HealthCheckStatus", dimensions: [:])

    /// With an alarm `probe` in us-east-1 on a value below 1.
    private func world(_ change: (inout AlarmRule) -> Void = { _ in }) throws -> LocalAWS {
        let aws = try LocalAWS.sample()
        var rule = AlarmRule(metric: Self.metric, threshold: 1, comparison: .lessThan)
        change(&rule)
        aws.putAlarm(Alarm(name: "probe", rule: rule))
        return aws
    }

    private func put(_ value: Double, _ aws: LocalAWS) {
        aws.putMetric(Self.metric, value)
        aws.clock.advance(by: .seconds(60))
    }

    private func endpoint(_ aws: LocalAWS) throws -> String {
        var config = HealthCheckConfig(type: "TCP")
        config.endpoint = ["IPAddress": "192.0.2.1", "Port": "6379"]
        return try aws.createHealthCheck(config).id
    }

    @Test func `From a value to the answer of DNS, and back, in this order`() throws {
        let aws = try world()
        let check = try aws.createHealthCheck(HealthCheckConfig(alarm: "probe", region: "us-east-1"))
        try aws.setHealthCheck(check.id, ofSetIdentifier: "app-us-east-1")
        let story = Mutex<[String]>([])
        aws.events.observe { event in
            let line: String? =
                switch event.kind {
                case .alarmChanged(let change): change.alarm.state.rawValue
                case .healthCheckChanged(_, let healthy): healthy ? "healthy" : "unhealthy"
                case .answerChanged(_, _, let to, _): to
                default: nil
                }
            if let line { story.withLock { $0.append(line) } }
        }
        for (value, region) in [(1.0, "us-east-1"), (0, "us-west-2"), (0, "us-west-2"), (1, "us-east-1")] {
            put(value, aws)
            #expect(aws.activeRegion(of: "app.example.com") == region)
        }
        #expect(
            story.withLock { $0 } == ["OK", "ALARM", "unhealthy", "us-west-2", "OK", "healthy", "us-east-1"]
        )
    }

    struct Records: Sendable {
        /// Of the primary and the secondary; nil: without a check.
        var primary: Bool?
        var secondary: Bool?
        var active: String
    }

    @Test(
        "A failover record is answered by its health check",
        arguments: [
            Records(active: "us-east-1"), Records(primary: true, secondary: true, active: "us-east-1"),
            Records(primary: false, active: "us-west-2"),
            Records(primary: false, secondary: true, active: "us-west-2"),
            Records(primary: false, secondary: false, active: "us-east-1"),
            Records(secondary: false, active: "us-east-1"),
        ]
    )
    func failover(_ row: Records) throws {
        let aws = try LocalAWS.sample()
        for (identifier, healthy) in [("app-us-east-1", row.primary), ("app-us-west-2", row.secondary)] {
            guard let healthy else { continue }
            let id = try endpoint(aws)
            try aws.setHealthy(healthy, healthCheck: id)
            try aws.setHealthCheck(id, ofSetIdentifier: identifier)
        }
        #expect(aws.activeRegion(of: "app.example.com") == row.active)
        // Beside it, the region's own switch works as ever.
        try aws.setHealthy(false, region: "us-east-1")
        #expect(aws.activeRegion(of: "app.example.com") == (row.secondary == false ? "us-east-1" : "us-west-2"))
    }

    @Test func `Weighted records that are unhealthy are skipped, unless all are`() throws {
        let aws = try LocalAWS.sample()
        let checks = [try endpoint(aws), try endpoint(aws)]
        try aws.world.update { state in
            for (index, id) in checks.enumerated() {
                state.zones["Z0LOCALPROMOTER"]?.put(
                    RecordSet(
                        name: DNSName("w.example.com"), type: "A", setIdentifier: "w\(index)", weight: index + 1,
                        ttl: 5,
                        values: ["10.0.0.\(index)"], healthCheckID: id
                    )
                )
            }
        }
        func answer() -> [String]? { aws.world.snapshot.answers[DNSName("w.example.com")]?.addresses }
        #expect(answer() == ["10.0.0.1"])
        try aws.setHealthy(false, healthCheck: checks[1])
        #expect(answer() == ["10.0.0.0"])
        try aws.setHealthy(false, healthCheck: checks[0])
        #expect(answer() == ["10.0.0.1"])
    }

    @Test(
        "Without data it is as it was told to be",
        arguments: [
            (HealthCheckConfig.InsufficientData.healthy, true, true), (.unhealthy, false, false),
            (.lastKnownStatus, true, false),
        ]
    )
    func insufficientData(_ status: HealthCheckConfig.InsufficientData, _ atFirst: Bool, _ later: Bool) throws {
        let aws = try world { $0.missingData = .breaching }
        let config = HealthCheckConfig(alarm: "probe", region: "us-east-1", insufficientData: status)
        let check = try aws.createHealthCheck(config).id
        aws.clock.advance(by: .seconds(60))
        #expect(aws.isHealthy(healthCheck: check) == atFirst)
        put(0, aws)
        #expect(aws.isHealthy(healthCheck: check) == false)
        // What the alarm makes of missing data is not among what Route 53 copies.
        aws.clock.advance(by: .seconds(240))
        #expect(aws.isHealthy(healthCheck: check) == later)
    }

    @Test func `The state of the alarm is nothing to it, nor a change of the alarm until it is updated`() async throws {
        let aws = try world { $0.missingData = .breaching }
        let check = try aws.createHealthCheck(HealthCheckConfig(alarm: "probe", region: "us-east-1"))
        put(1, aws)
        try aws.world.setState(of: Alarm.arn(of: "probe", in: "us-east-1"), to: .alarm, because: "drill", data: nil)
        #expect(aws.isHealthy(healthCheck: check.id) == true)
        aws.putAlarm(Alarm(name: "probe", rule: AlarmRule(metric: Self.metric, threshold: 2, comparison: .lessThan)))
        put(1, aws)
        #expect(aws.alarm("probe", region: "us-east-1")?.state == .alarm)
        #expect(aws.isHealthy(healthCheck: check.id) == true)
        let body = """
            <UpdateHealthCheckRequest><HealthCheckVersion>1</HealthCheckVersion><AlarmIdentifier>\
            <Region>us-east-1</Region><Name>probe</Name></AlarmIdentifier></UpdateHealthCheckRequest>
            """
        let updated = try await aws.route53("POST", "healthcheck/\(check.id)", body)
        #expect(updated.body.element("Threshold") == "2.0")
        #expect(aws.isHealthy(healthCheck: check.id) == false)
        let again = try await aws.route53("POST", "healthcheck/\(check.id)", body)
        #expect((again.status, again.body.element("Code")) == (409, "HealthCheckVersionMismatch"))
    }

    @Test func `It goes on when its alarm is deleted`() throws {
        let aws = try world()
        let check = try aws.createHealthCheck(HealthCheckConfig(alarm: "probe", region: "us-east-1")).id
        aws.world.change { $0.alarms = [:] }
        for (value, healthy) in [(1.0, true), (0, false), (1, true)] {
            put(value, aws)
            #expect(aws.isHealthy(healthCheck: check) == healthy)
        }
    }

    @Test func `Data of high resolution are nothing to it`() throws {
        let aws = try world()
        let check = try aws.createHealthCheck(HealthCheckConfig(alarm: "probe", region: "us-east-1"))
        var point = Datapoint(time: Date(), value: 0)
        point.worldTime = aws.clock.now
        point.isHighResolution = true
        aws.world.change { $0.metrics[Self.metric] = [point] }
        aws.clock.advance(by: .seconds(60))
        #expect(aws.alarm("probe", region: "us-east-1")?.state == .alarm)
        #expect(aws.isHealthy(healthCheck: check.id) == true)
    }

    @Test(
        "An alarm that Route 53 cannot follow is refused",
        arguments: [(10, 1, 1, "probe"), (60, 3, 2, "probe"), (60, 1, 1, "none")]
    )
    func alarmRefusal(_ period: Int, _ periods: Int, _ needed: Int, _ name: String) throws {
        let aws = try world {
            ($0.period, $0.evaluationPeriods, $0.datapointsToAlarm) = (period, periods, needed)
        }
        do {
            try aws.createHealthCheck(HealthCheckConfig(alarm: name, region: "us-east-1"))
            Issue.record("It was taken.")
        } catch let failure as AWSFailure {
            #expect(failure.code == "InvalidInput")
        }
    }

    @Test(
        "A calculated check counts its healthy children",
        arguments: [
            (0, [false, false], true), (1, [false, true], true), (2, [true, false], false), (3, [true, true], false),
        ]
    )
    func calculated(_ threshold: Int, _ children: [Bool], _ expected: Bool) throws {
        let aws = try LocalAWS.sample()
        var config = HealthCheckConfig(type: "CALCULATED")
        config.healthThreshold = threshold
        config.children = try children.map { healthy in
            let id = try endpoint(aws)
            try aws.setHealthy(healthy, healthCheck: id)
            return id
        }
        let check = try aws.createHealthCheck(config)
        #expect(aws.isHealthy(healthCheck: check.id) == expected)
        // To itself it is a healthy child, not an endless one.
        let ring = try aws.world.update(healthCheck: check.id, version: nil) { $0.children.append(check.id) }
        #expect(aws.isHealthy(healthCheck: ring.id) == (children.filter(\.self).count + 1 >= threshold))
    }

    @Test(
        "Inverting and disabling",
        arguments: [(false, false, false), (true, false, true), (false, true, true), (true, true, false)])
    func switches(_ inverted: Bool, _ disabled: Bool, _ expected: Bool) throws {
        let aws = try LocalAWS.sample()
        let id = try endpoint(aws)
        try aws.setHealthy(false, healthCheck: id)
        _ = try aws.world.update(healthCheck: id, version: nil) {
            ($0.isInverted, $0.isDisabled) = (inverted, disabled)
        }
        #expect(aws.isHealthy(healthCheck: id) == expected)
    }
}
