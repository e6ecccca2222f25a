import Foundation
import LocalAWS
import Testing

@Suite("Checking continuously, and several watches")
struct ContinuousTests {
    typealias D = Deployment

    /// The members of an answer that there are besides those of a check.
    struct Answer: Decodable {
        var reason: String?
        var checks: Int?
        var watches: [Watch]?

        struct Watch: Decodable {
            var watch: String
            var decision: String
            var reason: String
        }

        init(_ outcome: InvocationOutcome) throws {
            guard case .response(let body) = outcome else { throw D.Unexpected(outcome: outcome) }
            self = try JSONDecoder().decode(Answer.self, from: body)
        }
    }

    /// The texts that the lines of a log have under a key, in their order: `event`, say, or `reason`.
    static func members(_ key: String, of output: String) -> [String] {
        output.split(separator: "\n").compactMap { line in
            let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return object?[key] as? String
        }
    }

    @Test("One invocation sees DNS move, promotes once, and follows the promotion to its end")
    func withinOneInvocation() async throws {
        let world = try await Deployment(regions: [D.west], variables: ["CHECK_INTERVAL_SECONDS": "0.2"])
        let happenings = world.aws.events.stream()
        let function = try world.function(D.west)
        async let invoked = function.invoke(timeout: .seconds(6))
        loop: for await event in happenings {
            switch event.kind {
            case .invocationDelivered: try world.aws.setHealthy(false, region: D.east)
            // Answered: by then it is settled when it will be over.
            case .requestServed(let request) where request.operation == "FailoverGlobalReplicationGroup":
                world.finishFailover()
            case .invocationEnded: break loop
            default: break
            }
        }
        let answer = try Answer(await invoked)
        #expect(answer.reason == "inPlace")
        #expect((answer.checks ?? 0) > 2)
        #expect(world.promotionRequests == [D.promotion(of: D.west)])
        let process = try #require(world.processes[D.west])
        process.kill()
        #expect(Self.members("event", of: await process.exit().output) == ["begun", "finished"])
        await world.stop()
    }

    @Test(
        "A function that waits has its own thread, and two that look names up and watch the time of it: no pool of Swift's",
        .timeLimit(.minutes(1)))
    func threads() async throws {
        // Targets that are no names, so that there is only one name.
        let targets = [D.east, D.west].map { region in
            (region, LocalAWS.Sample.target(in: region).addresses)
        }
        let json = try JSONEncoder().encode(Dictionary(uniqueKeysWithValues: targets))
        let world = try await Deployment(
            regions: [D.west],
            variables: ["CHECK_INTERVAL_SECONDS": "0.2", "RECORD_TARGETS": String(decoding: json, as: UTF8.self)])
        // To wait before a second attempt, too.
        world.aws.inject(
            Fault(
                .error(status: 503, code: "ServiceUnavailable", message: "x"),
                operation: "DescribeGlobalReplicationGroups", times: 1))
        let happenings = world.aws.events.stream()
        let function = try world.function(D.west)
        async let invoked = function.invoke(timeout: .seconds(3))
        loop: for await event in happenings {
            switch event.kind {
            case .invocationDelivered: try world.aws.setHealthy(false, region: D.east)
            case .requestServed(let request) where request.operation == "FailoverGlobalReplicationGroup": break loop
            default: break
            }
        }
        _ = await invoked
        #expect(try #require(world.processes[D.west]).threads == 3)
        await world.stop()
    }

    @Test("The next invocation follows what the last one began")
    func acrossInvocations() async throws {
        let world = try await Deployment(regions: [D.west], variables: ["CHECK_INTERVAL_SECONDS": "0.2"])
        try world.aws.setHealthy(false, region: D.east)
        #expect(try Answer(await world.invoke(D.west, timeout: .seconds(3))).reason == "promotionUnderWay")
        world.finishFailover()
        #expect(try Answer(await world.invoke(D.west, timeout: .seconds(3))).reason == "inPlace")
        #expect(world.promotionRequests == [D.promotion(of: D.west)])
        await world.stop()
    }

    @Test("Three watches in one process: each follows its own record")
    func threeWatches() async throws {
        let others = ["orders", "carts"]
        let world = try await Deployment(regions: [D.west], start: false) { aws in
            try aws.world.update { state in
                for (index, name) in others.enumerated() {
                    for (region, failover) in [(D.east, RecordSet.Failover.primary), (D.west, .secondary)] {
                        let alias = RecordSet.Alias(
                            hostedZoneID: LocalAWS.Sample.balancerZoneID(in: region),
                            dnsName: LocalAWS.Sample.target(in: region).name)
                        state.zones[LocalAWS.Sample.zoneID]?.put(
                            RecordSet(
                                name: DNSName("\(name).example.com"), type: "A", setIdentifier: "\(name)-\(region)",
                                failover: failover, alias: alias))
                    }
                    // The primary of the second is in the west already.
                    let members = [("\(name)-east", D.east), ("\(name)-west", D.west)]
                    state.datastores["ldgnf-\(name)"] = GlobalDatastore(
                        id: "ldgnf-\(name)", members: index == 0 ? members : members.reversed())
                }
            }
            for name in others { try aws.setHealthy(false, setIdentifier: "\(name)-\(D.east)") }
        }
        let list = """
            [{"name":"sessions"},{"name":"orders","dnsName":"orders.example.com","globalDatastoreId":"ldgnf-orders"},
            {"dnsName":"carts.example.com","globalDatastoreId":"ldgnf-carts"}]
            """
        try world.launch(D.west, ["WATCHES": list])
        let first = try Answer(try await world.invoke(D.west))
        #expect(first.watches?.map(\.watch) == ["sessions", "orders", "carts.example.com"])
        #expect(first.watches?.map(\.reason) == ["standby", "activeAndSecondary", "inPlace"])
        #expect(first.checks == 3)
        world.finishFailover()
        let second = try Answer(try await world.invoke(D.west))
        #expect(second.watches?.map(\.reason) == ["standby", "inPlace", "inPlace"])
        #expect(world.promotionRequests.map { $0["GlobalReplicationGroupId"] } == ["ldgnf-orders"])
        await world.stop()
    }

    @Test("Two functions of one region promote once")
    func twoFunctions() async throws {
        let world = try await Deployment(regions: [D.west])
        let second = try await world.aws.addFunction(name: "second", region: D.west)
        let process = try ChildProcess(
            D.path(of: "bootstrap"), environment: world.aws.environment(for: second).merging(D.variables) { $1 })
        // Both are warm, and stand by.
        #expect(try Answer(await world.invoke(D.west)).reason == "standby")
        #expect(try Answer(await second.invoke()).reason == "standby")
        try world.aws.setHealthy(false, region: D.east)
        let first = try world.function(D.west)
        async let one = first.invoke()
        async let two = second.invoke()
        let reasons = [try Answer(await one).reason, try Answer(await two).reason]
        #expect(reasons.filter { $0 == "activeAndSecondary" }.count == 1)
        let accepted = world.aws.requests.filter {
            $0.operation == "FailoverGlobalReplicationGroup" && $0.status == 200
        }
        #expect(accepted.count == 1)
        world.finishFailover()
        #expect(try Answer(await world.invoke(D.west)).reason == "inPlace")
        #expect(try Answer(await second.invoke()).reason == "inPlace")
        #expect(world.primaryRegion == D.west)
        process.kill()
        await world.stop()
    }
}

extension ChildProcess {
    /// How many it has (proc(5)).
    fileprivate var threads: Int? {
        try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(identifier)/task").count
    }
}
