import Foundation
import Testing

@testable import LocalAWS

@Suite struct CloudWatchTests {
    private static let dimensions = [
        "Dimensions.member.1.Name": "CacheClusterId", "Dimensions.member.1.Value": "sessions-usw2-001",
        "Dimensions.member.2.Name": "CacheNodeId", "Dimensions.member.2.Value": "0001",
    ]

    private static func ask(
        _ action: String, _ parameters: [String: String], _ aws: LocalAWS, region: String = "us-west-2"
    ) async throws -> (status: Int, body: String) {
        try await aws.ask(
            LocalAWS.query(action, parameters, service: "monitoring", version: "2010-08-01", region: region)
        )
    }

    /// The lag of the last so many minutes by the client's clock, newest first.
    private func lag(_ aws: LocalAWS, minutes: Double = 5, region: String = "us-west-2") async throws -> [String] {
        var parameters = Self.window(minutes: minutes)
        let query = "MetricDataQueries.member.1"
        parameters["\(query).Id"] = "lag"
        parameters["\(query).MetricStat.Period"] = "60"
        parameters["\(query).MetricStat.Stat"] = "Maximum"
        parameters["\(query).MetricStat.Metric.Namespace"] = "AWS/ElastiCache"
        parameters["\(query).MetricStat.Metric.MetricName"] = "GlobalDatastoreReplicationLag"
        for (name, value) in Self.dimensions { parameters["\(query).MetricStat.Metric.\(name)"] = value }
        let answer = try await Self.ask("GetMetricData", parameters, aws, region: region)
        #expect(answer.status == 200)
        return (answer.body.element("Values") ?? "").split(separator: "<member>").map {
            String($0.prefix { $0 != "<" })
        }
    }

    private static func window(minutes: Double) -> [String: String] {
        let now = Date()
        return [
            "StartTime": AWSDate.extended(now.addingTimeInterval(-minutes * 60)),
            "EndTime": AWSDate.extended(now.addingTimeInterval(60)),
        ]
    }

    @Test func `The lag is listed in the secondary's region, and moves with the roles`() async throws {
        let aws = try LocalAWS.sample()
        func clusters(_ region: String) async throws -> String? {
            try await Self.ask(
                "ListMetrics", ["Namespace": "AWS/ElastiCache", "MetricName": "GlobalDatastoreReplicationLag"], aws,
                region: region
            ).body.element("Value")
        }
        #expect(try await clusters("us-west-2") == "sessions-usw2-001")
        #expect(try await clusters("us-east-1") == nil)
        #expect(try await aws.failover().status == 200)
        aws.clock.advance(by: .seconds(90))
        #expect(try await clusters("us-west-2") == nil)
        #expect(try await clusters("us-east-1") == "sessions-use1-001")
    }

    @Test(
        "Metrics are listed by what is asked for",
        arguments: [
            (["Namespace": "AWS/RDS"], false), (["MetricName": "CPUUtilization"], false), ([:], true),
            (dimensions, true), (["Dimensions.member.1.Name": "CacheNodeId"], true),
            (["Dimensions.member.1.Name": "GlobalReplicationGroupId"], false),
            (["Dimensions.member.1.Name": "CacheNodeId", "Dimensions.member.1.Value": "0002"], false),
        ]
    )
    func filters(_ parameters: [String: String], _ found: Bool) async throws {
        let answer = try await Self.ask("ListMetrics", parameters, try LocalAWS.sample())
        #expect((answer.body.element("MetricName") != nil) == found)
    }

    @Test func `There is a datapoint a minute, of the lag that is set`() async throws {
        let aws = try LocalAWS.sample()
        #expect(try await lag(aws) == Array(repeating: "0.2", count: 5))
        try aws.setLag(12.5, ofDatastore: "ldgnf-sessions")
        #expect(try await lag(aws, minutes: 3) == Array(repeating: "12.5", count: 3))
        try aws.setLag(nil, ofDatastore: "ldgnf-sessions")
        #expect(try await lag(aws) == [])
        #expect(throws: LocalAWSError.self) { try aws.setLag(1, ofDatastore: "ldgnf-none") }
    }

    @Test("Two minutes after the primary's region fails the lag falls silent", arguments: [false, true])
    func silence(_ servicesFail: Bool) async throws {
        let aws = try LocalAWS.sample()
        if servicesFail { aws.takeDown(region: "us-east-1") } else { try aws.setHealthy(false, region: "us-east-1") }
        aws.clock.advance(by: .seconds(60))
        #expect(try await lag(aws, minutes: 3).count == 3)
        aws.clock.advance(by: .seconds(7 * 60))
        #expect(try await lag(aws, minutes: 3) == [])
        #expect(try await lag(aws, minutes: 10).count < 10)
        #expect(try await lag(aws, minutes: 10).count > 0, "what was before is there")
        if servicesFail { aws.bringUp(region: "us-east-1") } else { try aws.setHealthy(true, region: "us-east-1") }
        #expect(try await lag(aws, minutes: 3).count == 3)
    }

    @Test func `A failure of the secondary's own region, and one that was removed by its fault, silence nothing`()
        async throws
    {
        let aws = try LocalAWS.sample()
        try aws.setHealthy(false, region: "us-west-2")
        aws.takeDown(region: "us-east-1")
        for fault in aws.activeFaults { aws.remove(fault.id) }
        aws.clock.advance(by: .seconds(600))
        #expect(try await lag(aws, minutes: 3).count == 3)
    }

    @Test func `What is put can be got, by its statistics`() async throws {
        let aws = try LocalAWS.sample()
        let minute = CloudWatchMinute().start(of: Date(), period: 60)
        let data = "MetricData.member"
        var put = ["Namespace": "promoter"]
        for (index, value) in [3, 5].enumerated() {
            put["\(data).\(index + 1).MetricName"] = "Ready"
            put["\(data).\(index + 1).Dimensions.member.1.Name"] = "Watch"
            put["\(data).\(index + 1).Dimensions.member.1.Value"] = "sessions"
            put["\(data).\(index + 1).Value"] = String(value)
            put["\(data).\(index + 1).Timestamp"] = AWSDate.extended(minute.addingTimeInterval(30))
        }
        put["\(data).2.Value"] = nil
        put["\(data).2.Values.member.1"] = "5"
        put["\(data).2.Counts.member.1"] = "3"
        #expect(try await Self.ask("PutMetricData", put, aws).status == 200)
        for (statistic, expected) in [
            ("Average", "4.5"), ("Sum", "18.0"), ("Minimum", "3.0"), ("Maximum", "5.0"), ("SampleCount", "4.0"),
        ] {
            let query = "MetricDataQueries.member.1"
            let answer = try await Self.ask(
                "GetMetricData",
                [
                    "StartTime": AWSDate.extended(minute),
                    "EndTime": AWSDate.extended(minute.addingTimeInterval(60)), "\(query).Id": "m",
                    "\(query).MetricStat.Period": "60", "\(query).MetricStat.Stat": statistic,
                    "\(query).MetricStat.Metric.Namespace": "promoter",
                    "\(query).MetricStat.Metric.MetricName": "Ready",
                    "\(query).MetricStat.Metric.Dimensions.member.1.Name": "Watch",
                    "\(query).MetricStat.Metric.Dimensions.member.1.Value": "sessions",
                ], aws
            )
            #expect(answer.body.element("Values") == "<member>\(expected)</member>")
            #expect(answer.body.element("Timestamps") == "<member>\(AWSDate.extended(minute))</member>")
        }
        let metric = Metric(
            region: "us-west-2", namespace: "promoter", name: "Ready", dimensions: ["Watch": "sessions"]
        )
        #expect(aws.datapoints(of: metric).map(\.sum) == [3, 15])
    }

    @Test(
        "What CloudWatch does not take is refused with its code",
        arguments: [
            ("PutMetricData", ["MetricData.member.1.MetricName": "x"], "MissingParameter"),
            ("PutMetricData", ["Namespace": "AWS/Lambda"], "InvalidParameterValue"),
            (
                "PutMetricData",
                ["Namespace": "x", "MetricData.member.1.MetricName": "x", "MetricData.member.1.Value": "much"],
                "InvalidParameterValue"
            ),
            ("GetMetricData", ["EndTime": "2026-01-01T00:00:00Z"], "MissingParameter"),
            ("GetMetricData", ["StartTime": "2026-01-01T00:00:00Z", "EndTime": "soon"], "InvalidParameterValue"),
            (
                "GetMetricData", ["StartTime": "2026-01-01T00:00:00Z", "EndTime": "2026-01-01T00:00:00Z"],
                "ValidationError"
            ),
            (
                "GetMetricData", ["StartTime": "2026-01-01T00:00:00Z", "EndTime": "2026-01-02T00:00:00Z"],
                "ValidationError"
            ),
            ("GetMetricWidgetImage", [:], "InvalidAction"),
        ]
    )
    func refusal(_ action: String, _ parameters: [String: String], _ code: String) async throws {
        let answer = try await Self.ask(action, parameters, try LocalAWS.sample())
        #expect(answer.status == 400)
        #expect(answer.body.element("Code") == code)
    }

    @Test func `In JSON it says the same, and the old code in a header`() async throws {
        let aws = try LocalAWS.sample()
        let list = try LocalAWS.json("GraniteServiceVersion20100801.ListMetrics", [:], service: "monitoring")
        let metrics = try #require(try await aws.askJSON(list).body["Metrics"] as? [[String: Any]])
        #expect(metrics.first?["MetricName"] as? String == "GlobalDatastoreReplicationLag")
        let put = try LocalAWS.json(
            "GraniteServiceVersion20100801.PutMetricData", ["Namespace": "AWS/X"], service: "monitoring"
        )
        guard case .respond(400, let headers, _) = await aws.handle(put) else { throw Dropped() }
        #expect(headers["x-amzn-query-error"] == "InvalidParameterValue;Sender")
    }
}
