import Foundation
import Testing

@testable import LocalAWS

@Suite struct MetricDataTests {
    private static func ask(
        _ action: String, _ parameters: [String: String], _ aws: LocalAWS
    ) async throws -> (status: Int, body: String) {
        try await aws.ask(LocalAWS.query(action, parameters, service: "monitoring", version: "2010-08-01"))
    }

    private static func window(minutes: Double) -> [String: String] {
        let now = Date()
        return [
            "StartTime": AWSDate.extended(now.addingTimeInterval(-minutes * 60)),
            "EndTime": AWSDate.extended(now.addingTimeInterval(60)),
        ]
    }

    /// A datum that is taken, with what is changed of it.
    struct Datum: Sendable {
        var changes: [String: String?]
        var code: String?
    }

    @Test(
        "A datum is taken or refused as AWS's limits have it",
        arguments: [
            Datum(changes: [:]), Datum(changes: ["Value": "NaN"], code: "InvalidParameterValue"),
            Datum(changes: ["Value": "inf"], code: "InvalidParameterValue"),
            Datum(changes: ["Value": "1e109"], code: "InvalidParameterValue"),
            Datum(changes: ["Value": nil], code: "InvalidParameterCombination"),
            Datum(changes: ["Values.member.1": "1"], code: "InvalidParameterCombination"),
            Datum(changes: ["Value": nil, "Values.member.1": "1", "Counts.member.1": "2"]),
            Datum(
                changes: ["Value": nil, "Values.member.1": "1", "Values.member.2": "2", "Counts.member.1": "2"],
                code: "InvalidParameterValue"
            ),
            Datum(changes: ["Unit": "Gigabytes/Second"]),
            Datum(changes: ["Unit": "Light years"], code: "InvalidParameterValue"),
            Datum(changes: ["StorageResolution": "1"]),
            Datum(changes: ["StorageResolution": "30"], code: "InvalidParameterValue"),
            Datum(changes: ["Dimensions.member.1.Name": "a"], code: "InvalidParameterValue"),
        ]
    )
    func datum(_ row: Datum) async throws {
        var put = ["Namespace": "Probe", "MetricData.member.1.MetricName": "x", "MetricData.member.1.Value": "1"]
        for (name, value) in row.changes { put["MetricData.member.1.\(name)"] = value }
        let answer = try await Self.ask("PutMetricData", put, try LocalAWS.sample())
        #expect(answer.status == (row.code == nil ? 200 : 400))
        #expect(answer.body.element("Code") == row.code)
    }

    @Test(
        "A datum is two weeks old at most, and two hours ahead",
        arguments: [(-1_209_500.0, true), (-1_209_700, false), (7100, true), (7300, false)]
    )
    func age(_ seconds: Double, _ taken: Bool) async throws {
        let put = [
            "Namespace": "Probe", "MetricData.member.1.MetricName": "x", "MetricData.member.1.Value": "1",
            "MetricData.member.1.Timestamp": AWSDate.extended(Date().addingTimeInterval(seconds)),
        ]
        let answer = try await Self.ask("PutMetricData", put, try LocalAWS.sample())
        #expect(answer.body.element("Code") == (taken ? nil : "InvalidParameterValue"))
    }

    @Test(
        "There are 1000 data, 150 values and 30 dimensions at most",
        arguments: [
            (1000, 1, 1, true), (1001, 1, 1, false), (1, 150, 1, true), (1, 151, 1, false), (1, 1, 30, true),
            (1, 1, 31, false),
        ]
    )
    func most(_ data: Int, _ values: Int, _ dimensions: Int, _ taken: Bool) async throws {
        let datum: [String: Any] = [
            "MetricName": "x", "Values": Array(repeating: 1, count: values),
            "Dimensions": (0..<dimensions).map { ["Name": "d\($0)", "Value": "v"] },
        ]
        let form: [String: Any] = ["Namespace": "Probe", "MetricData": Array(repeating: datum, count: data)]
        let request = try LocalAWS.json("GraniteServiceVersion20100801.PutMetricData", form, service: "monitoring")
        let answer = try await LocalAWS.sample().askJSON(request)
        #expect(answer.body["__type"] as? String == (taken ? nil : "InvalidParameterValue"))
    }

    @Test func `The older way to read has a datapoint for each unit`() async throws {
        let aws = try LocalAWS.sample()
        let data = "MetricData.member"
        let put = [
            "Namespace": "Probe", "\(data).1.MetricName": "x", "\(data).1.Value": "1", "\(data).1.Unit": "Count",
            "\(data).2.MetricName": "x", "\(data).2.Value": "3", "\(data).2.Unit": "Percent",
        ]
        #expect(try await Self.ask("PutMetricData", put, aws).status == 200)
        let get = Self.window(minutes: 5).merging(
            ["Namespace": "Probe", "MetricName": "x", "Period": "60", "Statistics.member.1": "Sum"]) { $1 }
        let both = try await Self.ask("GetMetricStatistics", get, aws).body
        #expect(both.split(separator: "<Sum>").dropFirst().map { $0.prefix { $0 != "<" } } == ["1.0", "3.0"])
        let one = try await Self.ask("GetMetricStatistics", get.merging(["Unit": "Percent"]) { $1 }, aws).body
        #expect((one.element("Sum"), one.element("Unit")) == ("3.0", "Percent"))
        for (name, value) in [("Period", "45"), ("Statistics.member.1", "p99"), ("StartTime", "soon")] {
            let refused = try await Self.ask("GetMetricStatistics", get.merging([name: value]) { $1 }, aws)
            #expect(refused.body.element("Code") == "InvalidParameterValue")
        }
    }

    @Test func `A short minute is that of what is read, too`() async throws {
        var configuration = LocalAWSConfiguration()
        configuration.minuteSeconds = 2
        let aws = try LocalAWS.sampleWorld(configuration)
        let begin = CloudWatchMinute().start(of: Date().addingTimeInterval(-600), period: 60)
        let get = [
            "Namespace": "AWS/ElastiCache", "MetricName": "GlobalDatastoreReplicationLag", "Period": "60",
            "Statistics.member.1": "SampleCount", "StartTime": AWSDate.extended(begin),
            "EndTime": AWSDate.extended(begin.addingTimeInterval(6)), "Dimensions.member.1.Name": "CacheClusterId",
            "Dimensions.member.1.Value": "sessions-usw2-001", "Dimensions.member.2.Name": "CacheNodeId",
            "Dimensions.member.2.Value": "0001",
        ]
        let answer = try await Self.ask("GetMetricStatistics", get, aws).body
        let counts = answer.split(separator: "<SampleCount>").dropFirst().map { $0.prefix { $0 != "<" } }
        #expect(counts == ["1.0", "1.0", "1.0"])
    }
}
