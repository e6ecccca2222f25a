import AWSClient
import EndpointRecords
import Failover
import Functions
import Promotion
import Synchronization
import Testing

/// A global cluster with a member in the west, where the function runs.
private final class Aurora: GlobalClusterService {
    struct State {
        var writer = "us-west-2"
        var hasWest = true
        var failover: String?
        /// Whether AWS shows it to the west.
        var isShown = true
        var westID = "orders-west"
        var calls: [String] = []
    }

    private let state = Mutex(State())
    var current: State { state.withLock { $0 } }
    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

    static func arn(_ id: String, _ region: String = "us-west-2") -> String { "arn:aws:rds:\(region):1:cluster:\(id)" }

    func describeGlobalCluster(id: String, deadline: ContinuousClock.Instant) async throws -> GlobalCluster {
        try state.withLock { state in
            state.calls.append("global \(id)")
            guard state.isShown else { throw AWSError(.notFound, "none") }
            var members = [
                GlobalCluster.Member(
                    clusterARN: Self.arn("orders-east", "us-east-1"), region: "us-east-1",
                    isWriter: state.writer == "us-east-1")
            ]
            if state.hasWest {
                members.append(
                    .init(
                        clusterARN: Self.arn(state.westID), region: "us-west-2", isWriter: state.writer == "us-west-2"))
            }
            return GlobalCluster(
                id: id, status: "available", members: members, failoverState: state.failover.map { .init(status: $0) })
        }
    }

    func describeDBCluster(id: String, deadline: ContinuousClock.Instant) async throws -> DBCluster {
        state.withLock { $0.calls.append(id) }
        let name = id.split(separator: ":").last.map(String.init) ?? ""
        return DBCluster(
            id: name, arn: id, status: "available", endpoint: "\(name).cluster-x.aws",
            readerEndpoint: "\(name).cluster-ro-x.aws")
    }
}

@Suite("The records that follow an Aurora writer, kept by the promoter")
struct WriterRecordTests {
    private let zone: RecordWorld
    private let aurora: Aurora

    init() { (zone, aurora) = (RecordWorld(), Aurora()) }

    private init(zone: RecordWorld, aurora: Aurora) {
        self.zone = zone
        self.aurora = aurora
    }

    private func keeper(_ names: [String] = ["w.example.com", "r.example.com"], isDryRun: Bool = false)
        -> PrimaryRecordKeeper
    {
        let records = zip(["WRITER_RECORD_NAME", "READER_RECORD_NAME"], names).map { variable, name in
            PrimaryRecordKeeper.Settings.Record(
                variable: variable, name: name, leadsTo: name.hasPrefix("w") ? .primary : .readers)
        }
        return PrimaryRecordKeeper(
            settings: .init(hostedZoneID: "Z123", records: records, ttl: 5), zone: zone,
            source: GlobalClusterPrimary(groupID: "orders", region: "us-west-2", service: aurora), region: "us-west-2",
            isDryRun: isDryRun, timing: RecordTiming(now: { [zone] in zone.current.now }, sleep: { _ in }))
    }

    private func round(_ keeper: PrimaryRecordKeeper, _ decision: Decision = .hold(.inPlace)) async {
        guard await keeper.note(decision) else { return }
        _ = await keeper.bringUpToDate(deadline: zone.current.now + .seconds(30))
    }

    private var targets: [String: [String]] {
        Dictionary(zone.current.sets.map { ($0.name, $0.values) }) { $0 + $1 }
    }

    private static let west = [
        "w.example.com": ["orders-west.cluster-x.aws"], "r.example.com": ["orders-west.cluster-ro-x.aws"],
    ]

    @Test("A writer in place has both, by one change; then nothing is asked any more")
    func inPlace() async {
        let keeper = keeper()
        await round(keeper)
        #expect(targets == Self.west)
        #expect(zone.current.sets.allSatisfy { $0.type == "CNAME" && $0.ttl == 5 })
        #expect(zone.current.changes == 1)
        let calls = (zone.current.calls, aurora.current.calls.count)
        for _ in 0..<3 { await round(keeper) }
        #expect((zone.current.calls, aurora.current.calls.count) == calls)
    }

    @Test("Either of them alone is kept, too", arguments: ["w.example.com", "r.example.com"])
    func alone(_ name: String) async {
        await round(keeper([name]))
        #expect(targets == Self.west.filter { $0.key == name })
    }

    @Test("That it is the writer is asked after the records were read, and believed as it is then")
    func proof() async {
        for change: @Sendable (inout Aurora.State) -> Void in [
            { $0.writer = "us-east-1" }, { $0.failover = "switching-over" }, { $0.hasWest = false },
        ] {
            let (zone, aurora) = (RecordWorld(), Aurora())
            aurora.change(change)
            let test = WriterRecordTests(zone: zone, aurora: aurora)
            let keeper = test.keeper()
            await test.round(keeper)
            #expect(zone.current.changes == 0)
            // It is tried again, after a while.
            aurora.change { $0 = .init() }
            await test.round(keeper)
            #expect(zone.current.changes == 0)
            zone.change { $0.now += .seconds(60) }
            await test.round(keeper)
            #expect(test.targets == Self.west)
            #expect(aurora.current.calls.last == "global orders")
        }
    }

    @Test(
        "A detached cluster has them by its own ARN, whether AWS shows the global cluster or not",
        arguments: [true, false])
    func detached(isShown: Bool) async {
        aurora.change { state in
            (state.hasWest, state.writer, state.isShown) = (false, "us-east-1", isShown)
        }
        await round(keeper(), .hold(.detached(memberID: Aurora.arn("orders-west"))))
        #expect(targets == Self.west)
        #expect(aurora.current.calls.contains(Aurora.arn("orders-west")))
    }

    @Test("One that was detached and is back as a secondary takes nothing")
    func back() async {
        aurora.change { $0.writer = "us-east-1" }
        await round(keeper(), .hold(.detached(memberID: Aurora.arn("orders-west"))))
        #expect(zone.current.changes == 0)
    }

    @Test("A cluster that was made anew while the region stood by has them under its own name")
    func rebuilt() async {
        let keeper = keeper()
        await round(keeper)
        await round(keeper, .hold(.standby(activeRegion: "us-east-1")))
        aurora.change { $0.westID = "orders-west-2" }
        await round(keeper)
        #expect(targets["w.example.com"] == ["orders-west-2.cluster-x.aws"])
    }

    @Test("What is in the way of one is a failure, and the other is pointed all the same")
    func occupied() async {
        zone.change {
            $0.sets = [ResourceRecordSet(name: "r.example.com", type: "A", ttl: 60, values: ["192.0.2.1"])]
        }
        let keeper = keeper()
        await round(keeper)
        #expect(targets["w.example.com"] == Self.west["w.example.com"])
        #expect(targets["r.example.com"] == ["192.0.2.1"])
        #expect(await keeper.failure is RecordsLeftUndone)
    }

    @Test("A dry run changes nothing")
    func dryRun() async throws {
        let keeper = keeper(isDryRun: true)
        #expect(await keeper.note(.hold(.inPlace)))
        let report = try await keeper.bringUpToDate(deadline: zone.current.now + .seconds(30))?.get()
        #expect(report?.planned.count == 2)
        #expect(zone.current.changes == 0)
    }
}

@Suite("The variables of the records that follow an Aurora writer")
struct WriterRecordVariableTests {
    private static let watch = [
        "HOSTED_ZONE_ID": "Z123", "DNS_NAME": "app.example.com", "GLOBAL_CLUSTER_ID": "orders",
    ]

    private static func outcome(
        _ environment: [String: String]
    ) -> (settings: [PrimaryRecordKeeper.Settings?], problems: [String]) {
        do throws(ConfigurationError) {
            let configuration = try PromoterConfiguration(environment: watch.merging(environment) { $1 })
            return (configuration.watches.map(\.writerRecords), [])
        } catch { return ([], error.problems.map(\.variable)) }
    }

    @Test("Without a name there is none, and one of them is enough")
    func names() {
        let writer = PrimaryRecordKeeper.Settings.Record(
            variable: "WRITER_RECORD_NAME", name: "w.example.com", leadsTo: .primary)
        let reader = PrimaryRecordKeeper.Settings.Record(
            variable: "READER_RECORD_NAME", name: "r.example.com", leadsTo: .readers)
        #expect(Self.outcome([:]).settings == [nil])
        #expect(
            Self.outcome(["WRITER_RECORD_NAME": "W.example.com."]).settings
                == [.init(hostedZoneID: "Z123", records: [writer], ttl: 10)])
        #expect(
            Self.outcome(["READER_RECORD_NAME": "r.example.com", "RECORD_TTL_SECONDS": "7"]).settings
                == [.init(hostedZoneID: "Z123", records: [reader], ttl: 7)])
        let both = ["WRITER_RECORD_NAME": "w.example.com", "READER_RECORD_NAME": "r.example.com"]
        #expect(
            Self.outcome(both).settings == [.init(hostedZoneID: "Z123", records: [writer, reader], ttl: 10)])
    }

    @Test(
        "What is wrong is named",
        arguments: [
            (["WRITER_RECORD_NAME": "w"], ["WRITER_RECORD_NAME"]),
            (["READER_RECORD_NAME": "10.1.2.3"], ["READER_RECORD_NAME"]),
            // It would follow what it leads.
            (["WRITER_RECORD_NAME": "App.example.com."], ["WRITER_RECORD_NAME"]),
            (["READER_RECORD_NAME": "App.example.com."], ["READER_RECORD_NAME"]),
            (
                ["WRITER_RECORD_NAME": "w.example.com", "READER_RECORD_NAME": "W.example.com."],
                ["READER_RECORD_NAME"]
            ),
            (
                [
                    "GLOBAL_DATASTORE_ID": "ldgnf-a", "PRIMARY_RECORD_NAME": "db.example.com",
                    "WRITER_RECORD_NAME": "db.example.com",
                ], ["WRITER_RECORD_NAME"]
            ),
            (["WRITER_RECORD_NAME": "w.example.com", "RECORD_TTL_SECONDS": "0"], ["RECORD_TTL_SECONDS"]),
            (
                [
                    "READER_RECORD_NAME": "r.example.com", "HOSTED_ZONE_ID": "",
                    "RECORD_TARGETS": #"{"us-west-2":["app.us-west-2.elb.amazonaws.com"]}"#,
                ], ["HOSTED_ZONE_ID"]
            ),
            (
                [
                    "GLOBAL_CLUSTER_ID": "", "GLOBAL_DATASTORE_ID": "ldgnf-a", "WRITER_RECORD_NAME": "w.example.com",
                    "READER_RECORD_NAME": "r.example.com",
                ], ["WRITER_RECORD_NAME", "READER_RECORD_NAME"]
            ),
        ])
    func mistakes(_ environment: [String: String], _ variables: [String]) {
        #expect(Self.outcome(environment).problems == variables)
    }

    @Test("Of two watches, none takes the other's record, whatever it follows")
    func twoWatches() {
        let watches = #"""
            [{"name":"a","dnsName":"a.example.com","globalClusterId":"a","readerRecordName":"r.example.com"},
             {"name":"b","dnsName":"b.example.com","globalDatastoreId":"ldgnf-b","primaryRecordName":"R.example.com."}]
            """#
        #expect(Self.outcome(["WATCHES": watches]).problems == ["WATCHES[1].primaryRecordName"])
    }

    @Test("A watch of a datastore has none of what the environment says for clusters")
    func inherited() {
        let watches = #"[{"globalDatastoreId":"ldgnf-b"}]"#
        #expect(
            Self.outcome(["WATCHES": watches, "WRITER_RECORD_NAME": "w.example.com"]).settings == [nil])
    }
}
