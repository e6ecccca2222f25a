import AWSClient
import Failover
import NameResolution
import Promotion
import Testing

@Suite("Replication lag in CloudWatch", .timeLimit(.minutes(1)))
struct ReplicationLagTests {
    let world = World()
    let aws = ManyWatchesAWS()
    static let now = Timestamp(secondsSince1970: 1_440_938_160)

    private static func answer(_ operation: String, _ result: String) -> String {
        "<\(operation)Response><\(operation)Result>\(result)</\(operation)Result></\(operation)Response>"
    }

    /// - Parameter dimensions: one of each metric.
    private func measure(_ dimensions: [(name: String, value: String)], _ values: [Int: String]) {
        let metrics = dimensions.map {
            "<member><Namespace>AWS/ElastiCache</Namespace><MetricName>GlobalDatastoreReplicationLag</MetricName><Dimensions>"
                + "<member><Name>\($0.name)</Name><Value>\($0.value)</Value></member></Dimensions></member>"
        }
        let results = values.sorted { $0.key < $1.key }.map {
            "<member><Id>m\($0.key)</Id><Timestamps><member>2015-08-30T12:35:00Z</member></Timestamps><Values>"
                + "<member>\($0.value)</member></Values></member>"
        }
        aws.change { state in
            state.measurements = [
                Self.answer("ListMetrics", "<Metrics>\(metrics.joined())</Metrics>"),
                Self.answer("GetMetricData", "<MetricDataResults>\(results.joined())</MetricDataResults>"),
            ]
        }
    }

    private func service(_ executor: HandExecutor? = nil) throws -> ReplicationLag {
        ReplicationLag(
            .globalDatastore, cloudWatch: CloudWatch(try aws.client(world)), taskExecutor: executor,
            wallClock: { Self.now })
    }

    private func lag(_ id: String = "rg") async throws -> LagKnowledge {
        try await service().lag(ofMember: id, group: World.groupID, deadline: world.deadline)
    }

    struct Case: Sendable {
        var dimensions: [(name: String, value: String)]
        var values: [Int: String]
        var expected: LagKnowledge?
    }

    static let cases: [Case] = [
        Case(dimensions: [("CacheClusterId", "rg-001")], values: [0: "0.25"], expected: .known(.milliseconds(250))),
        Case(dimensions: [("ReplicationGroupId", "rg")], values: [0: "2.0"], expected: .known(.seconds(2))),
        // Of nodes and shards, the one that is furthest behind.
        Case(
            dimensions: [("CacheClusterId", "rg-0001-001"), ("CacheClusterId", "rg-0002-001")],
            values: [0: "1.5", 1: "4.5"], expected: .known(.milliseconds(4500))),
        Case(
            dimensions: [("CacheClusterId", "rg-001"), ("CacheClusterId", "rg-002")], values: [1: "3"],
            expected: .known(.seconds(3))),
        // A replica may be silent, but not a shard.
        Case(
            dimensions: [("CacheClusterId", "rg-0001-001"), ("CacheClusterId", "rg-0002-001")], values: [0: "0.1"],
            expected: nil),
        Case(
            dimensions: [("CacheClusterId", "rg-0001-001"), ("CacheClusterId", "rg-0001-002")], values: [0: "0.1"],
            expected: .known(.milliseconds(100))),
        // The group's own is taken only where the member has none.
        Case(
            dimensions: [("GlobalDatastoreId", World.groupID), ("CacheClusterId", "rg-001")], values: [0: "1"],
            expected: .known(.seconds(1))),
        Case(dimensions: [("GlobalDatastoreId", World.groupID)], values: [0: "7"], expected: .known(.seconds(7))),
        // Others whose names begin in the same way.
        Case(
            dimensions: [
                ("CacheClusterId", "rg-eu-001"), ("CacheClusterId", "rg2-001"), ("CacheClusterId", "rg-0001"),
            ],
            values: [:], expected: nil),
        Case(dimensions: [], values: [:], expected: nil),
        // There is a metric, and nothing was measured of late; or what was measured cannot be.
        Case(dimensions: [("CacheClusterId", "rg-001")], values: [:], expected: nil),
        Case(dimensions: [("CacheClusterId", "rg-001")], values: [0: "-1"], expected: nil),
        Case(dimensions: [("CacheClusterId", "rg-001")], values: [0: "1e10"], expected: nil),
    ]

    @Test("is that of the member's nodes or of its group, or is not known", arguments: cases.indices)
    func knowledge(_ index: Int) async throws {
        let example = Self.cases[index]
        measure(example.dimensions, example.values)
        let lag = try await lag()
        if let expected = example.expected {
            #expect(lag == expected)
        } else if case .unknown = lag {
        } else {
            Issue.record("known: \(lag)")
        }
    }

    @Test("is not known where CloudWatch fails")
    func failure() async throws {
        aws.change { $0.measurements = ["<html>"] }
        guard case .unknown = try await lag() else { throw Broken("known") }
    }

    @Test("is read of the last five minutes, in the own region")
    func times() async throws {
        measure([("CacheClusterId", "rg-001")], [0: "1"])
        _ = try await lag()
        let form = try #require(aws.forms.last)
        #expect(form["StartTime"] == "2015-08-30T12%3A31%3A00Z")
        #expect(form["MetricDataQueries.member.1.MetricStat.Stat"] == "Maximum")
        #expect(form["MetricDataQueries.member.1.MetricStat.Metric.Dimensions.member.1.Value"] == "rg-001")
    }

    @Test("of a thousand members is read at once, and each has its own")
    func together() async throws {
        measure((0..<1000).map { ("CacheClusterId", "rg\($0)x-001") }, [:])
        // 500 metrics a request.
        let pages = [0..<500, 500..<1000].map { range in
            let results = range.map {
                "<member><Id>m\($0)</Id><Timestamps><member>2015-08-30T12:35:00Z</member></Timestamps><Values>"
                    + "<member>\($0)</member></Values></member>"
            }
            return Self.answer("GetMetricData", "<MetricDataResults>\(results.joined())</MetricDataResults>")
        }
        aws.change { $0.measurements = [$0.measurements[0]] + pages }
        let executor = HandExecutor()
        let (service, deadline) = (try service(executor), world.deadline)
        let lags = await executor.run { index in
            await service.lag(ofMember: "rg\(index)x", group: World.groupID, deadline: deadline)
        }
        #expect(aws.forms.count == 3)
        // The members are asked for in the order in which the metrics are.
        #expect(lags == (0..<1000).map { .known(.seconds($0)) })
    }

    @Test(
        "of Aurora is in milliseconds, of the cluster whose ARN it is",
        arguments: [
            ("DBClusterIdentifier", "orders-west", "1250.4", LagKnowledge.known(.milliseconds(1250))),
            ("DBClusterIdentifier", "Orders-West", "0", .known(.zero)),
            ("DBClusterIdentifier", "orders", "1", nil), ("DBClusterIdentifier", "my-orders-west", "1", nil),
            ("SourceRegion", "orders-west", "1", nil),
        ] as [(String, String, String, LagKnowledge?)])
    func aurora(_ dimension: String, _ id: String, _ value: String, _ expected: LagKnowledge?) async throws {
        measure([(dimension, id)], [0: value])
        let service = ReplicationLag(
            .globalCluster, cloudWatch: CloudWatch(try aws.client(world)), wallClock: { Self.now })
        let lag = await service.lag(
            ofMember: "arn:aws:rds:us-west-2:111122223333:cluster:orders-west", group: "orders",
            deadline: world.deadline)
        if let expected {
            #expect(lag == expected)
            let list = try #require(aws.forms.first)
            #expect(list["Namespace"] == "AWS%2FRDS" && list["MetricName"] == "AuroraGlobalDBRPOLag")
        } else if case .unknown = lag {
        } else {
            Issue.record("known: \(lag)")
        }
    }
}
