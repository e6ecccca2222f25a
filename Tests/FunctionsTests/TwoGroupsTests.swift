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

    private func cloud(_ answer: Cloud.Answer) -> Cloud {
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

    private func times(_ cloud: Cloud, _ operation: String, since start: ContinuousClock.Instant) -> [Duration] {
        cloud.requests(operation).map { $0.time - start }
    }

    @Test("Both follow the name, by one look-up a check, and each says which it is")
    func together() async throws {
        let cloud = cloud(.west)
        let start = cloud.time.now
        let answers = try await answers(cloud, ["CHECK_INTERVAL_SECONDS": "1", "CONFIRMATIONS": "2"])
        #expect(answers.map { $0["watch"] } == [.string(Self.name), .string(Self.name)])
        #expect(answers.map { $0["globalDatastoreId"] } == ["ldgnf-a", nil])
        #expect(answers.map { $0["globalClusterId"] } == [nil, "orders"])
        #expect(answers.map { $0["reason"] } == ["inPlace", "inPlace"])
        // At the second check, which is both's.
        #expect(times(cloud, "FailoverGlobalReplicationGroup", since: start) == [.seconds(1)])
        #expect(times(cloud, "FailoverGlobalCluster", since: start) == [.seconds(1)])
        #expect(cloud.requests("FailoverGlobalCluster").allSatisfy { $0.url.contains("rds.us-west-2.") })
        let lookUps = cloud.lookUps(of: Self.name).map { $0 - start }
        // Each time the two come together; while the promotions are under way that is not each second.
        #expect(lookUps.count > 40 && Set(lookUps).count == lookUps.count)
        #expect(lookUps.allSatisfy { $0.components.attoseconds == 0 })
        // One pair of members after the other; the records were read once.
        #expect(cloud.requests("ListResourceRecordSets").count == 1)
    }

    @Test("A group that fails, or hangs, does not keep the other one", arguments: [true, false], ["1", nil])
    func oneFails(hangs: Bool, interval: String?) async throws {
        for (broken, promoting) in [
            ("DescribeGlobalClusters", "FailoverGlobalReplicationGroup"),
            ("DescribeGlobalReplicationGroups", "FailoverGlobalCluster"),
        ] {
            let cloud = cloud(.west)
            cloud.change { $0.troubles[broken] = hangs ? .hang : .error(403, "AccessDenied") }
            let start = cloud.time.now
            let error = await #expect(throws: SeveralFailures.self) {
                try await answers(cloud, ["CHECK_INTERVAL_SECONDS": interval])
            }
            #expect(times(cloud, promoting, since: start) == [.zero])
            #expect(error?.failures.map(\.identity.kind) == [broken.hasSuffix("Clusters") ? .cluster : .datastore])
            // All that it does is what it does alone.
            let other = self.cloud(.west)
            let otherStart = other.time.now
            var changes = Self.both
            changes["CHECK_INTERVAL_SECONDS"] = .some(interval)
            changes[broken.hasSuffix("Clusters") ? "GLOBAL_CLUSTER_ID" : "GLOBAL_DATASTORE_ID"] = .some(nil)
            let alone = try other.assembly(["a"], changes)
            _ = try await SeveralWatchesTests.handle(other, SeveralWatchesTests.function(alone))
            let read = broken.hasSuffix("Clusters") ? "DescribeGlobalReplicationGroups" : "DescribeGlobalClusters"
            #expect(times(cloud, read, since: start) == times(other, read, since: otherStart))
        }
    }

    @Test(
        "By PROMOTE_ORDER the second is promoted when the first is in place",
        arguments: [
            ("cluster-first", "FailoverGlobalCluster", "FailoverGlobalReplicationGroup"),
            ("datastore-first", "FailoverGlobalReplicationGroup", "FailoverGlobalCluster"),
        ])
    func order(_ order: String, _ first: String, _ second: String) async throws {
        let cloud = cloud(.west)
        let start = cloud.time.now
        let log = LogRecorder()
        let answers = try await answers(cloud, ["CHECK_INTERVAL_SECONDS": "1", "PROMOTE_ORDER": order], log)
        #expect(answers.map { $0["reason"] } == ["inPlace", "inPlace"])
        #expect(times(cloud, first, since: start) == [.zero])
        let waited = try #require(times(cloud, second, since: start).first)
        // AWS takes 20 s; while a promotion is under way it is looked at every 5 s.
        #expect((.seconds(20)...(.seconds(27))).contains(waited))
        #expect(log.lines.contains { $0.metadata["reason"] == "waitsFor" })
    }

    @Test("Where nothing is wanted, both stand by")
    func standby() async throws {
        let cloud = cloud(.east)
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
        _ = try await answers(cloud(.east), [:], LogRecorder(), recorder)
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

    @Test(
        "An order is for both: at the same time, or one when the other is in place and not without it",
        arguments: ["together", "cluster-first", "datastore-first"], [true, false])
    func orders(_ order: String, _ isRefused: Bool) async throws {
        let cloud = cloud(.east)
        let operations = ["FailoverGlobalReplicationGroup", "FailoverGlobalCluster"]
        let assembly = try cloud.assembly(["a"], Self.both.merging(["PROMOTE_ORDER": order]) { $1 })
        let start = cloud.time.now
        // The datastore's is refused.
        if isRefused { cloud.change { $0.troubles[operations[0]] = .error(403, "AccessDenied") } }
        let answer = try? await OperatorFunctionTests.answer(#"{"command":"failover"}"#, cloud, assembly)
        #expect((answer == nil) == isRefused)
        let asked = operations.map { cloud.requests($0).first.map { $0.time - start } }
        switch (order, isRefused) {
        case ("together", _): #expect(asked == [.zero, .zero])
        case ("cluster-first", _): #expect(asked == [.seconds(20), .zero])
        case (_, true): #expect(asked == [.zero, nil])
        default: #expect(asked == [.zero, .seconds(20)])
        }
        if let answer {
            let watches = try SeveralWatchesTests.watches(answer)
            #expect(watches.map { $0["outcome"] } == ["promoted", "promoted"])
            #expect(watches.map { $0["globalCluster"]?["id"] } == [nil, "orders"])
        }
    }

    @Test("With a global cluster alone ElastiCache is asked nothing")
    func clusterAlone() async throws {
        let cloud = cloud(.west)
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

@Suite("The variables of a global cluster")
struct AuroraVariablesTests {
    static func watch(_ changes: [String: String?]) throws -> WatchConfiguration {
        let configuration = try PromoterConfiguration(
            environment: environment(
                ["GLOBAL_CLUSTER_ID": "orders", "PAUSE_PARAMETER": "/pause"].merging(changes) { $1 }))
        return try #require(configuration.watches.first)
    }

    static func wrong(_ changes: [String: String?]) -> [String] {
        do throws(ConfigurationError) {
            _ = try PromoterConfiguration(environment: environment(changes))
            return []
        } catch { return error.problems.map(\.variable) }
    }

    @Test("One of the two groups is enough, and without either the datastore is asked for")
    func groups() throws {
        #expect(try Self.watch([:]).groups.map(\.id) == ["ldgnf-sessions", "orders"])
        #expect(try Self.watch([:]).groups.map(\.kind) == [.datastore, .cluster])
        #expect(try Self.watch(["GLOBAL_DATASTORE_ID": nil]).groups.map(\.id) == ["orders"])
        #expect(try Self.watch(["GLOBAL_CLUSTER_ID": nil]).groups.map(\.id) == ["ldgnf-sessions"])
        #expect(Self.wrong(["GLOBAL_DATASTORE_ID": nil]) == ["GLOBAL_DATASTORE_ID"])
    }

    @Test(
        "Each action is a policy of the cluster, and the datastore's stays its own",
        arguments: [
            (nil, Policy()), ("failover", Policy()), ("Switchover", Policy(means: .switchover)),
            ("detach", Policy(means: .detachment)), ("failover-then-detach", Policy(detachAfter: .seconds(300))),
        ] as [(String?, Policy)])
    func actions(_ action: String?, _ expected: Policy) throws {
        var expected = expected
        expected.whenLagUnknown = .hold
        let groups = try Self.watch(["AURORA_ACTION": action]).groups
        #expect(groups.last?.policy == expected)
        #expect(groups.first?.policy == Policy(whenLagUnknown: .hold))
        let later = try Self.watch(["AURORA_ACTION": action, "DETACH_AFTER_SECONDS": "180", "DRY_RUN": "true"]).groups
        #expect(later.last?.policy.detachAfter == expected.detachAfter.map { _ in .seconds(180) })
        #expect(later.map(\.policy.dryRun) == [true, true])
        let other = try Self.watch(["AURORA_ACTION": action, "WHEN_FAILOVER_REFUSED": "detach"]).groups
        #expect(other.first?.policy.detachAfter == .seconds(300))
        #expect(other.last?.policy.detachAfter == expected.detachAfter)
    }

    @Test("A switchover is for a cluster with nothing under way, whatever else a promotion is tried in")
    func switchover() throws {
        let groups = try Self.watch(["AURORA_ACTION": "switchover", "PROMOTE_IN_STATUS": "available,modifying"]).groups
        #expect(groups.map(\.policy.promoteInStatus) == [["available", "modifying"], ["available"]])
    }

    @Test(
        "What would mean nothing, or cannot be kept, is refused by its name",
        arguments: [
            (["GLOBAL_CLUSTER_ID": "orders", "AURORA_ACTION": "detach"], ["AURORA_ACTION"]),
            (["GLOBAL_CLUSTER_ID": "orders", "AURORA_ACTION": "failover-then-detach"], ["AURORA_ACTION"]),
            (["AURORA_ACTION": "switchover"], ["AURORA_ACTION"]),
            (["PROMOTE_ORDER": "cluster-first"], ["PROMOTE_ORDER"]),
            (
                ["GLOBAL_CLUSTER_ID": "orders", "GLOBAL_DATASTORE_ID": nil, "PROMOTE_ORDER": "cluster-first"],
                ["PROMOTE_ORDER"]
            ),
            (
                [
                    "GLOBAL_CLUSTER_ID": "orders", "GLOBAL_DATASTORE_ID": nil, "PAUSE_PARAMETER": "/p",
                    "WHEN_FAILOVER_REFUSED": "detach",
                ], ["WHEN_FAILOVER_REFUSED"]
            ),
            (
                ["GLOBAL_CLUSTER_ID": "orders", "GLOBAL_DATASTORE_ID": nil, "PRIMARY_RECORD_NAME": "db.example.com"],
                ["PRIMARY_RECORD_NAME"]
            ),
            (["GLOBAL_CLUSTER_ID": "orders", "PROMOTE_ORDER": "together", "AURORA_ACTION": "failover"], []),
        ] as [([String: String?], [String])])
    func refused(_ changes: [String: String?], _ expected: [String]) {
        #expect(Self.wrong(changes) == expected)
    }

    private func list(_ list: String, _ changes: [String: String?] = [:]) throws -> [[String]] {
        try WatchListTests.configuration(list, changes).watches.map { $0.groups.map(\.id) }
    }

    @Test("A watch of a list that names a group of its own has not the environment's other one")
    func lists() throws {
        let entries = #"[{"dnsName":"a.example.com","globalClusterId":"a"},{"dnsName":"b.example.com"}]"#
        #expect(try list(entries) == [["a"], ["ldgnf-sessions"]])
        let both =
            #"[{"dnsName":"a.example.com","globalClusterId":"a","globalDatastoreId":"ldgnf-a","promoteOrder":"cluster-first"}]"#
        let watch = try #require(try WatchListTests.configuration(both).watches.first)
        #expect(watch.groups.map(\.id) == ["ldgnf-a", "a"] && watch.promoteOrder == .clusterFirst)
        // What the environment says for others means nothing to one without a cluster.
        let mixed =
            #"[{"dnsName":"a.example.com","globalClusterId":"a"},{"dnsName":"b.example.com","globalDatastoreId":"ldgnf-b"}]"#
        let watches = try WatchListTests.configuration(mixed, ["AURORA_ACTION": "switchover"]).watches
        #expect(watches.flatMap(\.groups).map(\.policy.means) == [.switchover, .failover])
    }

    @Test("A cluster follows one name")
    func sameCluster() {
        let entries =
            #"[{"dnsName":"a.example.com","globalClusterId":"a"},{"dnsName":"b.example.com","globalClusterId":"A"}]"#
        #expect(WatchListTests.problems(entries).map(\.variable) == ["WATCHES[1].globalClusterId"])
        // A datastore may have the name of a cluster.
        let other =
            #"[{"dnsName":"a.example.com","globalClusterId":"a"},{"dnsName":"b.example.com","globalDatastoreId":"a"}]"#
        #expect(WatchListTests.problems(other).isEmpty)
    }
}
