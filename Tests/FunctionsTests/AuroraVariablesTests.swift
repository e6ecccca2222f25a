import Failover
import Promotion
import Testing

@testable import Functions

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
