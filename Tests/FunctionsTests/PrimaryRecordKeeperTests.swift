import AWSClient
import EndpointRecords
import Failover
import Functions
import LambdaRuntime
import Testing

@Suite("The record that follows the primary, kept by the promoter")
struct PrimaryRecordKeeperTests {
    private static let endpoint = "master.sessions-us-west-2.abc123.usw2.cache.amazonaws.com"

    private static func keeper(
        _ world: RecordWorld, endpoint: String? = nil, isDryRun: Bool = false
    ) -> PrimaryRecordKeeper {
        PrimaryRecordKeeper(
            settings: .init(hostedZoneID: "Z123", name: "redis.example.com", endpoint: endpoint, ttl: 10),
            zone: world, source: DatastorePrimary(groupID: "ldgnf-sessions", region: "us-west-2", service: world),
            region: "us-west-2", isDryRun: isDryRun,
            timing: RecordTiming(now: { world.current.now }, sleep: { _ in }))
    }

    private static func round(_ keeper: PrimaryRecordKeeper, _ decision: Decision, _ world: RecordWorld) async {
        guard await keeper.note(decision) else { return }
        _ = await keeper.bringUpToDate(deadline: world.current.now + .seconds(30))
    }

    @Test("A member in place has the record, once; then nothing is asked any more")
    func inPlace() async {
        let world = RecordWorld()
        let keeper = Self.keeper(world)
        await Self.round(keeper, .hold(.inPlace), world)
        #expect(world.current.record?.values == [Self.endpoint])
        #expect(world.current.record?.ttl == 10)
        let calls = world.current.calls
        for _ in 0..<3 { await Self.round(keeper, .hold(.inPlace), world) }
        #expect(world.current.calls == calls)
        #expect(world.current.changes == 1)
    }

    @Test("After it has stood by, it has the record again")
    func again() async {
        let world = RecordWorld()
        let keeper = Self.keeper(world)
        await Self.round(keeper, .hold(.inPlace), world)
        await Self.round(keeper, .hold(.standby(activeRegion: "us-east-1")), world)
        world.change { $0.record?.values = ["master.sessions-us-east-1.abc123.use1.cache.amazonaws.com"] }
        await Self.round(keeper, .hold(.inPlace), world)
        #expect(world.current.record?.values == [Self.endpoint])
    }

    @Test(
        "What is no primary leaves the record alone",
        arguments: [
            .hold(.standby(activeRegion: "us-east-1")), .hold(.confirming(seen: 1, needed: 2)),
            .hold(.unknown(.noRecords)), .hold(.ambiguous(["us-east-1", "us-west-2"])), .hold(.paused),
            .hold(.promotionUnderWay(elapsed: .seconds(1))),
            .promote(.init(groupID: "ldgnf-sessions", memberID: "sessions-us-west-2", region: "us-west-2")),
            .wouldPromote(.init(groupID: "ldgnf-sessions", memberID: "sessions-us-west-2", region: "us-west-2")),
        ] as [Decision])
    func others(_ decision: Decision) async {
        let world = RecordWorld()
        await Self.round(Self.keeper(world), decision, world)
        #expect(world.current.calls == 0)
    }

    @Test("A datastore that says otherwise by now is believed, and asked again later")
    func overtaken() async {
        let world = RecordWorld()
        world.change { $0.primary = "us-east-1" }
        let keeper = Self.keeper(world)
        await Self.round(keeper, .hold(.inPlace), world)
        #expect(world.current.changes == 0)
        let calls = world.current.calls
        await Self.round(keeper, .hold(.inPlace), world)
        #expect(world.current.calls == calls)
        world.change {
            $0.primary = "us-west-2"
            $0.now += .seconds(60)
        }
        await Self.round(keeper, .hold(.inPlace), world)
        #expect(world.current.record?.values == [Self.endpoint])
    }

    @Test("A detached member has it too, where the datastore knows it no more")
    func detached() async {
        let world = RecordWorld()
        world.change { $0.primary = "us-east-1" }
        await Self.round(Self.keeper(world), .hold(.detached(memberID: "sessions-us-west-2")), world)
        #expect(world.current.record?.values == [Self.endpoint])
    }

    @Test("What failed is known until it has gone well, and tried again after a pause")
    func failure() async {
        let world = RecordWorld()
        world.change { $0.failure = AWSError(.refused, "not authorized") }
        let keeper = Self.keeper(world)
        await Self.round(keeper, .hold(.inPlace), world)
        #expect(await keeper.failure != nil)
        world.change { $0.failure = nil }
        await Self.round(keeper, .hold(.inPlace), world)
        #expect(world.current.record == nil)
        world.change { $0.now += .seconds(60) }
        await Self.round(keeper, .hold(.inPlace), world)
        #expect(world.current.record?.values == [Self.endpoint])
        #expect(await keeper.failure == nil)
    }

    @Test("What the end of an invocation cuts off is no failure, and done by the next one; twice is one")
    func cutOff() async {
        let world = RecordWorld()
        let keeper = Self.keeper(world)
        world.change { $0.failure = AWSError(.noAnswer, "timed out") }
        _ = await keeper.note(.hold(.inPlace))
        _ = await keeper.bringUpToDate(deadline: world.current.now)
        #expect(await keeper.failure == nil)
        #expect(await keeper.note(.hold(.inPlace)))
        _ = await keeper.bringUpToDate(deadline: world.current.now)
        #expect(await keeper.failure != nil)
        world.change {
            $0.failure = nil
            $0.now += .seconds(60)
        }
        await Self.round(keeper, .hold(.inPlace), world)
        #expect(world.current.record?.values == [Self.endpoint])
        #expect(await keeper.failure == nil)
    }

    @Test(
        "The only check of an invocation does not leave the record to a process that stands still",
        arguments: ["60", "0"])
    func onlyCheck(interval: String) async throws {
        let cloud = Cloud(["a.example.com": .west])
        cloud.change {
            $0.primaries = ["ldgnf-a"]
            $0.troubles["DescribeReplicationGroups"] = .hang
        }
        let function = PromoterFunctionTests.function(
            try cloud.assembly(["a"], ["PRIMARY_RECORD_NAME": "redis.example.com", "CHECK_INTERVAL_SECONDS": interval]))
        // That AWS does not answer is known only when it was waited for.
        await #expect(throws: AWSError.self) {
            try await cloud.time.run { try await function.handle(cloud.invocation(lasting: .seconds(58))) }
        }
    }

    @Test("A record that is in the way is known like a failure, until it is removed")
    func occupied() async {
        let world = RecordWorld()
        world.change {
            $0.record = ResourceRecordSet(name: "redis.example.com", type: "A", ttl: 60, values: ["192.0.2.1"])
        }
        let keeper = Self.keeper(world)
        await Self.round(keeper, .hold(.inPlace), world)
        #expect(world.current.changes == 0)
        #expect((await keeper.failure as? any LambdaReportable)?.lambdaErrorType == "NameOccupied")
        world.change {
            $0.record = nil
            $0.now += .seconds(60)
        }
        await Self.round(keeper, .hold(.inPlace), world)
        #expect(await keeper.failure == nil)
        #expect(world.current.record?.values == [Self.endpoint])
    }

    @Test("DNS has made the region active: the record is taken from a cluster outside the datastore, too")
    func outsider() async {
        let world = RecordWorld()
        world.change {
            let endpoint = "master.gone.abc123.use1.cache.amazonaws.com"
            $0.record = ResourceRecordSet(name: "redis.example.com", type: "CNAME", ttl: 10, values: [endpoint])
        }
        await Self.round(Self.keeper(world), .hold(.inPlace), world)
        #expect(world.current.record?.values == [Self.endpoint])
    }

    @Test("A dry run says it, and changes nothing")
    func dryRun() async throws {
        let world = RecordWorld()
        let keeper = Self.keeper(world, endpoint: "primary.example.org", isDryRun: true)
        #expect(await keeper.note(.hold(.inPlace)))
        let report = try await keeper.bringUpToDate(deadline: world.current.now + .seconds(30))?.get()
        #expect(report?.planned.map(\.new?.values) == [["primary.example.org"]])
        #expect(world.current.changes == 0)
    }
}

@Suite("The variables of the record that follows the primary")
struct PrimaryRecordVariableTests {
    private static let watch = [
        "HOSTED_ZONE_ID": "Z123", "DNS_NAME": "app.example.com", "GLOBAL_DATASTORE_ID": "ldgnf-sessions",
    ]

    private static func outcome(
        _ environment: [String: String]
    ) -> (settings: [PrimaryRecordKeeper.Settings?], problems: [String]) {
        do throws(ConfigurationError) {
            let configuration = try PromoterConfiguration(environment: watch.merging(environment) { $1 })
            return (configuration.watches.map(\.primaryRecord), [])
        } catch { return ([], error.problems.map(\.variable)) }
    }

    @Test("Without a name there is none; with one, what is not said is read")
    func names() {
        #expect(Self.outcome([:]).settings == [nil])
        #expect(
            Self.outcome(["PRIMARY_RECORD_NAME": "Redis.example.com."]).settings
                == [.init(hostedZoneID: "Z123", name: "redis.example.com", endpoint: nil, ttl: 10)])
        let all = [
            "PRIMARY_RECORD_NAME": "redis.example.com", "PRIMARY_ENDPOINT": "m.example.com", "RECORD_TTL_SECONDS": "7",
            "RECORD_TARGETS": #"{"us-west-2":["app.us-west-2.elb.amazonaws.com"]}"#,
        ]
        #expect(
            Self.outcome(all).settings
                == [.init(hostedZoneID: "Z123", name: "redis.example.com", endpoint: "m.example.com", ttl: 7)])
    }

    @Test(
        "What is wrong is named",
        arguments: [
            (["PRIMARY_RECORD_NAME": "redis"], "PRIMARY_RECORD_NAME"),
            // It would follow what it leads.
            (["PRIMARY_RECORD_NAME": "App.example.com."], "PRIMARY_RECORD_NAME"),
            (["PRIMARY_RECORD_NAME": "redis.example.com", "PRIMARY_ENDPOINT": "a:1"], "PRIMARY_ENDPOINT"),
            (
                ["PRIMARY_RECORD_NAME": "redis.example.com", "PRIMARY_ENDPOINT": "Redis.example.com."],
                "PRIMARY_ENDPOINT"
            ),
            (["PRIMARY_RECORD_NAME": "redis.example.com", "RECORD_TTL_SECONDS": "0"], "RECORD_TTL_SECONDS"),
            (
                [
                    "PRIMARY_RECORD_NAME": "redis.example.com", "HOSTED_ZONE_ID": "",
                    "RECORD_TARGETS": #"{"us-west-2":["app.us-west-2.elb.amazonaws.com"]}"#,
                ], "HOSTED_ZONE_ID"
            ),
        ])
    func mistakes(_ environment: [String: String], _ variable: String) {
        #expect(Self.outcome(environment).problems == [variable])
    }

    @Test("Of two watches, none takes the other's record")
    func twoWatches() {
        let watches = #"""
            [{"name":"a","dnsName":"a.example.com","globalDatastoreId":"ldgnf-a","primaryRecordName":"r.example.com"},
             {"name":"b","dnsName":"b.example.com","globalDatastoreId":"ldgnf-b","primaryRecordName":"R.example.com."}]
            """#
        #expect(Self.outcome(["WATCHES": watches]).problems == ["WATCHES[1].primaryRecordName"])
    }
}
