import Functions
import HTTPTransport
import JSON
import Promotion
import Synchronization
import Testing

@Suite("The promoter, put together from the environment")
struct PromoterAssemblyTests {
    /// One record, whose region no name says, and a group whose local member is primary.
    static func network() -> FakeNetwork {
        FakeNetwork { request in
            if request.method == "GET" {
                return """
                    <ListResourceRecordSetsResponse><ResourceRecordSets><ResourceRecordSet><Name>app.example.com.</Name>
                    <Type>A</Type><SetIdentifier>blue</SetIdentifier><TTL>60</TTL><ResourceRecords><ResourceRecord>
                    <Value>10.0.0.1</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></ResourceRecordSets>
                    <IsTruncated>false</IsTruncated></ListResourceRecordSetsResponse>
                    """
            }
            return """
                <DescribeGlobalReplicationGroupsResponse><DescribeGlobalReplicationGroupsResult>
                <GlobalReplicationGroups><GlobalReplicationGroup>
                <GlobalReplicationGroupId>ldgnf-sessions</GlobalReplicationGroupId><Status>available</Status><Members>
                <GlobalReplicationGroupMember><ReplicationGroupId>rg</ReplicationGroupId>
                <ReplicationGroupRegion>us-west-2</ReplicationGroupRegion><Role>PRIMARY</Role><Status>associated</Status>
                </GlobalReplicationGroupMember></Members></GlobalReplicationGroup></GlobalReplicationGroups>
                </DescribeGlobalReplicationGroupsResult></DescribeGlobalReplicationGroupsResponse>
                """
        }
    }

    @Test(
        "RECORD_REGIONS gives a record its region",
        arguments: [
            (nil, "regionNotReadable"), (#"{"blue":"us-west-2"}"#, "inPlace"), (#"{"blue":"us-east-1"}"#, "standby"),
        ])
    func recordRegions(_ regions: String?, _ reason: String) async throws {
        let assembly = try PromoterFunctionTests.assembly(
            Self.network(), FixedResolver("10.0.0.1"), ["RECORD_REGIONS": regions])
        let function = PromoterFunctionTests.function(assembly)
        let json = try JSONValue(parsing: try await function.handle(PromoterFunctionTests.invocation()))
        #expect(json["reason"] == .string(reason))
    }

    @Test("CACHE_MAX_AGE_SECONDS has old members read again", arguments: [("0.001", 2), ("3600", 1), ("0", 1)])
    func cacheMaxAge(_ seconds: String, reads: Int) async throws {
        let network = Self.network()
        let assembly = try PromoterFunctionTests.assembly(
            network, FixedResolver("10.0.0.1"),
            ["RECORD_REGIONS": #"{"blue":"us-west-2"}"#, "CACHE_MAX_AGE_SECONDS": seconds])
        let function = PromoterFunctionTests.function(assembly)
        _ = try await function.handle(PromoterFunctionTests.invocation())
        // The clock of the assembly is the real one: two milliseconds of it.
        let later = ContinuousClock.now + .milliseconds(2)
        while .now < later { await Task.yield() }
        _ = try await function.handle(PromoterFunctionTests.invocation())
        #expect(network.asked.filter { $0.contains("elasticache") }.count == reads)
    }

    @Test(
        "RECORD_TARGETS without the own region are a problem of the set-up, and no reason not to start",
        arguments: [
            (#"{"us-east-1":["a.example.com"]}"#, nil, 1), (#"{"us-west-2":["a.example.com"]}"#, nil, 0),
            (#"{"us-east-1":["a.example.com"],"us-west-2":["b.example.com"]}"#, nil, 0), (nil, nil, 0),
            (#"{"us-east-1":["a.example.com"]}"#, "true", 0),
        ] as [(String?, String?, Int)])
    func ownRegionMissing(targets: String?, paused: String?, problems: Int) async throws {
        let cloud = Cloud(["a.example.com": .east, "b.example.com": .east])
        let assembly = try cloud.assembly(["a", "b"], ["RECORD_TARGETS": targets, "PAUSED": paused])
        let found = try await cloud.time.run { await assembly.warmUp(deadline: cloud.time.now + .seconds(3)) }
        #expect(found.map(\.watch) == (problems == 0 ? [] : ["a", "b"]))
        for (_, problem) in found { #expect((problem as? PromotionError)?.code == .misconfigured) }
    }

    /// Time passes by a second with each request, and at once where somebody sleeps. Of those who do it is noted until
    /// when.
    final class Patience: HTTPExecutor {
        private struct State {
            var now = ContinuousClock.now
            var sleeps: [ContinuousClock.Instant] = []
        }

        private let state = Mutex(State())
        private let status: Int

        init(status: Int) { self.status = status }

        var now: ContinuousClock.Instant { state.withLock { $0.now } }
        var sleeps: [ContinuousClock.Instant] { state.withLock { $0.sleeps } }

        func execute(
            _ request: HTTPRequest, deadline: ContinuousClock.Instant?
        ) async throws(HTTPTransportError) -> HTTPResponse {
            state.withLock { $0.now += .seconds(1) }
            let group = """
                <DescribeGlobalReplicationGroupsResponse><DescribeGlobalReplicationGroupsResult><GlobalReplicationGroups>
                <GlobalReplicationGroup><GlobalReplicationGroupId>ldgnf-sessions</GlobalReplicationGroupId>
                <Status>modifying</Status><Members><GlobalReplicationGroupMember><ReplicationGroupId>rg</ReplicationGroupId>
                <ReplicationGroupRegion>us-west-2</ReplicationGroupRegion><Role>SECONDARY</Role><Status>associated</Status>
                </GlobalReplicationGroupMember></Members></GlobalReplicationGroup></GlobalReplicationGroups>
                </DescribeGlobalReplicationGroupsResult></DescribeGlobalReplicationGroupsResponse>
                """
            return HTTPResponse(status: status, body: Array(group.utf8))
        }

        func sleep(until deadline: ContinuousClock.Instant) async throws(CancellationError) {
            state.withLock { state in
                state.sleeps.append(deadline)
                state.now = max(state.now, deadline)
            }
        }

        func assembly(_ changes: [String: String?]) throws -> PromoterAssembly {
            let environment = environment(
                ["AWS_REGION": "us-west-2"].merging(PromoterFunctionTests.aws) { $1 }.merging(changes) { $1 })
            return try PromoterAssembly(
                environment: environment, configuration: PromoterConfiguration(environment: environment),
                executor: self, resolver: FixedResolver("10.0.0.1"), now: { self.now })
        }
    }

    @Test("Requests that are made again wait by the executor, which starts no thread for it")
    func retries() async throws {
        let patience = Patience(status: 503)
        let assembly = try patience.assembly(["AWS_MAX_ATTEMPTS": "3"])
        _ = await assembly.warmUp(deadline: patience.now + .seconds(60))
        // Route 53 and ElastiCache, each before its second and its third attempt.
        #expect(patience.sleeps.count == 4)
    }

    @Test("So does an order, between one look at the datastore and the next")
    func orders() async throws {
        let patience = Patience(status: 200)
        let promoter = try #require(try patience.assembly([:]).watches.first?.promoter)
        let start = patience.now
        await #expect(throws: OrderFailure.self) {
            try await promoter.carryOut(.failover(allowsDataLoss: false), deadline: start + .seconds(10))
        }
        // Two seconds after each read, which takes one.
        #expect(patience.sleeps.map { $0 - start } == [.seconds(3), .seconds(6), .seconds(9)])
    }
}
