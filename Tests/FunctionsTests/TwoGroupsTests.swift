import Failover
import JSON
import LambdaRuntime
import Logging
import Promotion
import Synchronization
import Testing

@testable import Functions

@Suite("A watch with a datastore and a global cluster")
struct TwoGroupsTests {
    static let name = "a.example.com"
    static let both: [String: String?] = ["GLOBAL_CLUSTER_ID": "orders"]

    static func cloud(_ answer: Cloud.Answer) -> Cloud {
        let cloud = Cloud([Self.name: answer])
        cloud.change { $0.promotionTime = .seconds(20) }
        return cloud
    }

    private func answers(
        _ cloud: Cloud, _ changes: [String: String?] = [:], _ log: LogRecorder = LogRecorder(),
        _ metrics: MetricsRecorder? = nil
    ) async throws -> [JSONValue] {
        let assembly = try cloud.assembly(["a"], Self.both.merging(changes) { $1 })
        return try SeveralWatchesTests.watches(
            try await SeveralWatchesTests.handle(cloud, SeveralWatchesTests.function(assembly, log, metrics)))
    }

    static func times(_ cloud: Cloud, _ operation: String, since start: ContinuousClock.Instant) -> [Duration] {
        cloud.requests(operation).map { $0.time - start }
    }

    @Test("Both follow the name, by one look-up a check, and each says which it is")
    func together() async throws {
        let cloud = Self.cloud(.west)
        let start = cloud.time.now
        let answers = try await answers(cloud, ["CHECK_INTERVAL_SECONDS": "1", "CONFIRMATIONS": "2"])
        #expect(answers.map { $0["watch"] } == [.string(Self.name), .string(Self.name)])
        #expect(answers.map { $0["globalDatastoreId"] } == ["ldgnf-a", nil])
        #expect(answers.map { $0["globalClusterId"] } == [nil, "orders"])
        #expect(answers.map { $0["reason"] } == ["inPlace", "inPlace"])
        // At the second check, which is both's.
        #expect(Self.times(cloud, "FailoverGlobalReplicationGroup", since: start) == [.seconds(1)])
        #expect(Self.times(cloud, "FailoverGlobalCluster", since: start) == [.seconds(1)])
        #expect(cloud.requests("FailoverGlobalCluster").allSatisfy { $0.url.contains("rds.us-west-2.") })
        let lookUps = cloud.lookUps(of: Self.name).map { $0 - start }
        // Each time the two come together; while the promotions are under way that is not each second.
        #expect(lookUps.count > 40 && Set(lookUps).count == lookUps.count)
        #expect(lookUps.allSatisfy { $0.components.attoseconds == 0 })
        // One pair of members after the other; the records were read once.
        #expect(cloud.requests("ListResourceRecordSets").count == 1)
    }

    @Test("Whatever slows one of the two down, their checks come at the same times")
    func sameTimes() async throws {
        let cloud = Self.cloud(.west)
        cloud.change { $0.troubles["DescribeGlobalClusters"] = .error(403, "AccessDenied") }
        let start = cloud.time.now
        _ = try? await answers(cloud, ["CHECK_INTERVAL_SECONDS": "0.2"])
        // What fails pauses for 250 ms, and longer.
        let offsets = cloud.lookUps(of: Self.name).map { time in
            Int(((time - start) / .microseconds(1)).rounded()) % 200_000
        }
        #expect(offsets.count > 100 && offsets.allSatisfy { $0 == 0 })
        #expect(Set(cloud.lookUps(of: Self.name)).count == offsets.count)
    }

    @Test("A group that fails, or hangs, does not keep the other one", arguments: [true, false], ["1", nil])
    func oneFails(hangs: Bool, interval: String?) async throws {
        for (broken, promoting) in [
            ("DescribeGlobalClusters", "FailoverGlobalReplicationGroup"),
            ("DescribeGlobalReplicationGroups", "FailoverGlobalCluster"),
        ] {
            let cloud = Self.cloud(.west)
            cloud.change { $0.troubles[broken] = hangs ? .hang : .error(403, "AccessDenied") }
            let start = cloud.time.now
            let error = await #expect(throws: SeveralFailures.self) {
                try await answers(cloud, ["CHECK_INTERVAL_SECONDS": interval])
            }
            #expect(Self.times(cloud, promoting, since: start) == [.zero])
            #expect(error?.failures.map(\.identity.kind) == [broken.hasSuffix("Clusters") ? .cluster : .datastore])
            // All that it does is what it does alone.
            let other = Self.cloud(.west)
            let otherStart = other.time.now
            var changes = Self.both
            changes["CHECK_INTERVAL_SECONDS"] = .some(interval)
            changes[broken.hasSuffix("Clusters") ? "GLOBAL_CLUSTER_ID" : "GLOBAL_DATASTORE_ID"] = .some(nil)
            let alone = try other.assembly(["a"], changes)
            _ = try await SeveralWatchesTests.handle(other, SeveralWatchesTests.function(alone))
            let read = broken.hasSuffix("Clusters") ? "DescribeGlobalReplicationGroups" : "DescribeGlobalClusters"
            #expect(Self.times(cloud, read, since: start) == Self.times(other, read, since: otherStart))
        }
    }

    @Test(
        "By PROMOTE_ORDER the second is promoted when the first is in place",
        arguments: [
            ("cluster-first", "FailoverGlobalCluster", "FailoverGlobalReplicationGroup"),
            ("datastore-first", "FailoverGlobalReplicationGroup", "FailoverGlobalCluster"),
        ])
    func order(_ order: String, _ first: String, _ second: String) async throws {
        let cloud = Self.cloud(.west)
        let start = cloud.time.now
        let log = LogRecorder()
        let answers = try await answers(cloud, ["CHECK_INTERVAL_SECONDS": "1", "PROMOTE_ORDER": order], log)
        #expect(answers.map { $0["reason"] } == ["inPlace", "inPlace"])
        #expect(Self.times(cloud, first, since: start) == [.zero])
        let waited = try #require(Self.times(cloud, second, since: start).first)
        // AWS takes 20 s; while a promotion is under way it is looked at every 5 s.
        #expect((.seconds(20)...(.seconds(27))).contains(waited))
        #expect(log.lines.contains { $0.metadata["reason"] == "waitsFor" })
    }

    @Test("Where nothing is wanted, both stand by")
    func standby() async throws {
        let cloud = Self.cloud(.east)
        let answers = try await answers(cloud, ["PROMOTE_ORDER": "cluster-first"])
        #expect(answers.map { $0["reason"] } == ["standby", "standby"])
        #expect(cloud.lookUps(of: Self.name).count == 1)
        // Each waited for the records.
        for answer in answers {
            guard case .array(let calls)? = answer["calls"] else {
                throw JSONError(path: "calls", reason: "is missing")
            }
            #expect(calls.map { $0["name"] } == ["route53:ListResourceRecordSets"])
        }
    }

    @Test("Metrics are of the watch as ever, and of each group besides")
    func metrics() async throws {
        let lines = Mutex<[[UInt8]]>([])
        let recorder = MetricsRecorder { line in lines.withLock { $0.append(line) } }
        _ = try await answers(Self.cloud(.east), [:], LogRecorder(), recorder)
        let metrics = try lines.withLock { $0 }.map { try JSONValue(parsing: $0.dropLast()) }
        #expect(metrics.map { $0["Watch"] } == [.string(Self.name), .string(Self.name)])
        #expect(metrics.map { $0["Group"] } == ["ldgnf-a", "orders"])
        for line in metrics {
            guard case .array(let directives)? = line["_aws"]?["CloudWatchMetrics"] else {
                throw JSONError(path: "_aws", reason: "is missing")
            }
            #expect(directives.first?["Dimensions"] == [["Watch", "Region"], ["Watch", "Region", "Group"]])
        }
    }

    @Test("A notification says which of the two it is about, in the words of its kind")
    func notifications() {
        func identity(_ kind: GlobalGroup.Kind, isOneOfTwo: Bool) -> Promoter.Identity {
            .init(
                watch: "a", dnsName: Self.name, groupID: "g", kind: kind, ownRegion: "us-west-2", isOneOfTwo: isOneOfTwo
            )
        }
        for event in Samples.events {
            let notification = Notification(event, identity: identity(.cluster, isOneOfTwo: true), time: "")
            #expect(notification.subject.contains("(g)"))
            #expect(notification.json["globalClusterId"] == "g" && notification.json["globalDatastoreId"] == nil)
            for word in ["atastore", "ElastiCache", "PRIMARY"] { #expect(!notification.body.contains(word)) }
            let alone = Notification(event, identity: identity(.datastore, isOneOfTwo: false), time: "")
            #expect(!alone.subject.contains("(g)"))
        }
    }

    @Test("With a global cluster alone ElastiCache is asked nothing")
    func clusterAlone() async throws {
        let cloud = Self.cloud(.west)
        let assembly = try cloud.assembly(["a"], ["GLOBAL_DATASTORE_ID": nil, "GLOBAL_CLUSTER_ID": "orders"])
        let start = cloud.time.now
        let problems = try await cloud.time.run { await assembly.warmUp(deadline: start + .seconds(3)).map(\.watch) }
        #expect(problems == [])
        let answer = try await SeveralWatchesTests.handle(cloud, SeveralWatchesTests.function(assembly))
        #expect(answer["decision"] == "promote" && answer["globalClusterId"] == "orders")
        #expect(
            cloud.operations == [
                "ListResourceRecordSets", "DescribeGlobalClusters", "DescribeGlobalClusters", "FailoverGlobalCluster",
            ]
                || cloud.operations == [
                    "DescribeGlobalClusters", "ListResourceRecordSets", "DescribeGlobalClusters",
                    "FailoverGlobalCluster",
                ])
    }
}
