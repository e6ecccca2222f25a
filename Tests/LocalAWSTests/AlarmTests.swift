import Foundation
import Synchronization
import Testing

@testable import LocalAWS

@Suite struct AlarmTests {
    private static let topic = LocalAWS.Sample.topicARN(in: "us-west-2")
    private static var form: [String: Any] {
        [
            "AlarmName": "probe", "Namespace": "Probe", "MetricName": "HealthCheckStatus",
            "Dimensions": [["Name": "Endpoint", "Value": "redis"]], "Statistic": "Minimum", "Period": 60,
            "EvaluationPeriods": 1, "Threshold": 1, "ComparisonOperator": "LessThanThreshold",
        ]
    }
    private static let metric = Metric(
        region: "us-west-2", namespace: "Probe", name: "HealthCheckStatus", dimensions: ["Endpoint": "redis"]
    )

    @discardableResult
    private func ask(
        _ operation: String, _ form: [String: Any], _ aws: LocalAWS, region: String = "us-west-2"
    ) async throws -> (status: Int, body: [String: Any]) {
        try await aws.askJSON(
            LocalAWS.json("GraniteServiceVersion20100801.\(operation)", form, service: "monitoring", region: region)
        )
    }

    private func make(_ aws: LocalAWS, _ more: [String: Any] = [:]) async throws {
        #expect(try await ask("PutMetricAlarm", Self.form.merging(more) { $1 }, aws).status == 200)
    }

    @Test func `An alarm follows its data at the minutes, and tells its topics of each change`() async throws {
        let aws = try LocalAWS.sample()
        let states = Mutex<[AlarmState]>([])
        aws.events.observe { event in
            if case .alarmChanged(let change) = event.kind { states.withLock { $0.append(change.alarm.state) } }
        }
        try await make(aws, ["AlarmActions": [Self.topic], "OKActions": ["arn:aws:sns:us-west-2:1:none"]])
        #expect(aws.alarm("probe", region: "us-west-2")?.state == .insufficientData)
        for (value, expected) in [(1.0, AlarmState.ok), (0, .alarm), (0, .alarm), (1, .ok)] {
            aws.putMetric(Self.metric, value)
            aws.clock.advance(by: .seconds(60))
            #expect(aws.alarm("probe", region: "us-west-2")?.state == expected)
        }
        #expect(states.withLock { $0 } == [.ok, .alarm, .ok])
        let message = try #require(aws.messages(Self.topic).first)
        #expect(aws.messages.count == 1)
        let told = try JSONSerialization.jsonObject(with: Data(message.message.utf8)) as? [String: Any]
        #expect(told?["NewStateValue"] as? String == "ALARM")
        #expect(told?["OldStateValue"] as? String == "OK")
        aws.clock.advance(by: .seconds(180))
        #expect(aws.alarm("probe", region: "us-west-2")?.state == .insufficientData)
    }

    @Test func `Nobody is told where actions are not enabled`() async throws {
        let aws = try LocalAWS.sample()
        try await make(aws, ["AlarmActions": [Self.topic], "ActionsEnabled": false])
        aws.putMetric(Self.metric, 0)
        aws.clock.advance(by: .seconds(60))
        #expect(aws.alarm("probe", region: "us-west-2")?.state == .alarm)
        #expect(aws.messages.isEmpty)
    }

    @Test func `An alarm of ten seconds is looked at every ten, and a deleted one no more`() async throws {
        let aws = try LocalAWS.sample()
        try await make(aws, ["Period": 10])
        let put: [String: Any] = [
            "Namespace": "Probe",
            "MetricData": [
                [
                    "MetricName": "HealthCheckStatus", "Dimensions": [["Name": "Endpoint", "Value": "redis"]],
                    "Value": 0, "StorageResolution": 1,
                ]
            ],
        ]
        #expect(try await ask("PutMetricData", put, aws).status == 200)
        aws.clock.advance(by: .seconds(10))
        #expect(aws.alarm("probe", region: "us-west-2")?.state == .alarm)
        try await ask("DeleteAlarms", ["AlarmNames": ["probe"]], aws)
        #expect(aws.alarm("probe", region: "us-west-2") == nil)
        aws.clock.advance(by: .seconds(10))
        #expect(aws.world.snapshot.paces.isEmpty)
        try await make(aws)
        aws.clock.advance(by: .seconds(60))
        #expect(aws.world.snapshot.paces == [.minute], "it is looked at again")
    }

    @Test func `A short minute makes an alarm of sixty seconds quick`() async throws {
        var configuration = LocalAWSConfiguration()
        configuration.clock = .manual
        configuration.minuteSeconds = 2
        let aws = try LocalAWS.sampleWorld(configuration)
        try await make(aws)
        aws.putMetric(Self.metric, 0)
        aws.clock.advance(by: .seconds(2))
        #expect(aws.alarm("probe", region: "us-west-2")?.state == .alarm)
    }

    @Test func `A state set by hand lasts until the next look at the data`() async throws {
        let aws = try LocalAWS.sample()
        try await make(aws, ["AlarmActions": [Self.topic]])
        aws.putMetric(Self.metric, 1)
        aws.clock.advance(by: .seconds(60))
        try await ask("SetAlarmState", ["AlarmName": "probe", "StateValue": "ALARM", "StateReason": "drill"], aws)
        #expect(aws.alarm("probe", region: "us-west-2")?.reason == "drill")
        #expect(aws.messages(Self.topic).count == 1)
        aws.clock.advance(by: .seconds(60))
        #expect(aws.alarm("probe", region: "us-west-2")?.state == .ok)
    }

    @Test func `Alarms are described by name, state and region, page by page`() async throws {
        let aws = try LocalAWS.sample()
        for name in ["a", "b", "c"] { try await make(aws, ["AlarmName": name]) }
        try await ask("SetAlarmState", ["AlarmName": "b", "StateValue": "OK", "StateReason": "x"], aws)
        func names(_ form: [String: Any], region: String = "us-west-2") async throws -> [String] {
            let alarms = try await ask("DescribeAlarms", form, aws, region: region).body["MetricAlarms"]
            return (alarms as? [[String: Any]] ?? []).compactMap { $0["AlarmName"] as? String }
        }
        #expect(try await names([:]) == ["a", "b", "c"])
        #expect(try await names([:], region: "us-east-1") == [])
        #expect(try await names(["AlarmNames": ["c", "a"]]) == ["a", "c"])
        #expect(try await names(["AlarmNamePrefix": "b"]) == ["b"])
        #expect(try await names(["StateValue": "OK"]) == ["b"])
        #expect(try await names(["AlarmTypes": ["CompositeAlarm"]]) == [])
        #expect(try await names(["ActionPrefix": "arn:"]) == [])
        let page = try await ask("DescribeAlarms", ["MaxRecords": 2], aws).body
        let token = try #require(page["NextToken"] as? String)
        #expect(try await names(["MaxRecords": 2, "NextToken": token]) == ["c"])
    }

    @Test func `A new configuration leaves the state as it is`() async throws {
        let aws = try LocalAWS.sample()
        try await make(aws)
        aws.putMetric(Self.metric, 0)
        aws.clock.advance(by: .seconds(60))
        try await make(aws, ["Threshold": 0])
        #expect(aws.alarm("probe", region: "us-west-2")?.state == .alarm)
        aws.clock.advance(by: .seconds(60))
        #expect(aws.alarm("probe", region: "us-west-2")?.state == .ok)
    }

    @Test(
        "What CloudWatch does not take of an alarm is refused",
        arguments: [
            ("Period", 45 as any Sendable, "ValidationError"), ("Period", 90, "ValidationError"),
            ("EvaluationPeriods", 1441, "ValidationError"), ("EvaluationPeriods", 0, "ValidationError"),
            ("DatapointsToAlarm", 2, "ValidationError"), ("ComparisonOperator", "Equals", "ValidationError"),
            ("Statistic", "p99", "ValidationError"), ("ExtendedStatistic", "p99", "ValidationError"),
            ("TreatMissingData", "panic", "ValidationError"), ("AlarmName", "", "ValidationError"),
            ("Namespace", "", "MissingParameter"), ("AlarmActions", ["mail"], "ValidationError"),
        ]
    )
    func refusal(_ name: String, _ value: any Sendable, _ code: String) async throws {
        let aws = try LocalAWS.sample()
        let answer = try await ask("PutMetricAlarm", Self.form.merging([name: value]) { $1 }, aws)
        #expect(answer.status == 400)
        #expect(answer.body["__type"] as? String == code)
        #expect(aws.world.snapshot.alarms.isEmpty)
    }

    @Test(arguments: ["DeleteAlarms", "SetAlarmState"])
    func `An alarm that is not there is not found`(_ operation: String) async throws {
        let aws = try LocalAWS.sample()
        try await make(aws)
        let form: [String: Any] = [
            "AlarmNames": ["probe", "none"], "AlarmName": "none", "StateValue": "OK", "StateReason": "x",
        ]
        let answer = try await ask(operation, form, aws)
        #expect((answer.status, answer.body["__type"] as? String) == (404, "ResourceNotFound"))
        #expect(aws.alarm("probe", region: "us-west-2") != nil, "all or none")
    }
}
