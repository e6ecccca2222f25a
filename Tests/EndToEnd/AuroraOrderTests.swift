import Foundation
import LocalAWS
import Testing

/// DNS leads to the east, and so does the global cluster.
@Suite("Orders for a global cluster")
struct AuroraOrderTests {
    typealias D = Deployment
    typealias Sample = LocalAWS.Sample

    static let variables: [String: String?] = [
        "GLOBAL_CLUSTER_ID": Sample.globalClusterID, "GLOBAL_DATASTORE_ID": nil, "PAUSE_PARAMETER": D.pauseParameter,
    ]
    private static let operations = [
        "SwitchoverGlobalCluster", "FailoverGlobalCluster", "RemoveFromGlobalCluster", "FailoverGlobalReplicationGroup",
    ]

    private struct Done: Decodable {
        var outcome: String
        /// Of one group, not of the whole answer.
        var region: String?
    }

    /// What an operator types in one of the regions.
    static func promoter(
        _ world: Deployment, in region: String = D.west, _ arguments: [String], with changes: [String: String?] = [:]
    ) async throws -> ChildProcess.Result {
        var environment = world.aws.environment(forRegion: region).merging(D.variables) { $1 }
        for (name, value) in variables.merging(changes, uniquingKeysWith: { $1 }) { environment[name] = value }
        return try await D.run("promoter", arguments, environment: environment)
    }

    private static func changes(_ world: Deployment) -> [String] {
        world.aws.requests.filter { operations.contains($0.operation) }.map { "\($0.operation) \($0.region)" }
    }

    private static func writer(_ world: Deployment) -> String? {
        world.aws.globalCluster(Sample.globalClusterID)?.writer?.region
    }

    /// What AWS takes a minute for is over when it has been accepted.
    private static func finishAtOnce(_ world: Deployment) {
        world.aws.events.observe { [aws = world.aws] event in
            guard case .requestServed(let request) = event.kind, request.status == 200,
                operations.contains(request.operation)
            else { return }
            aws.clock.advance(by: .seconds(120))
        }
    }

    @Test(
        "To another region: it is told, and carried out, there",
        arguments: [
            (["switchover"], "SwitchoverGlobalCluster"), (["failover", "--allow-data-loss"], "FailoverGlobalCluster"),
        ])
    func promotes(_ order: [String], _ operation: String) async throws {
        let world = try await Deployment(regions: [], aurora: true)
        Self.finishAtOnce(world)
        let result = try await Self.promoter(world, in: D.east, order + ["--to", D.west, "--yes", "-o", "json"])
        #expect(result.status == 0, "\(result.errors)")
        let done = try JSONDecoder().decode(Done.self, from: Data(result.output.utf8))
        #expect(done.outcome == "promoted" && done.region == D.west)
        #expect(Self.changes(world) == ["\(operation) \(D.west)"])
        #expect(Self.writer(world) == D.west)
        await world.stop()
    }

    @Test(
        "What is not to be begun changes nothing, and says what would be right",
        arguments: [
            // It could be switched over.
            (["failover", "--yes"], D.west, Int32(64), "switchover"),
            (
                ["failover", "--to", "us-west-2", "--region", "us-east-1", "--allow-data-loss", "--yes"], D.east, 64,
                "--to"
            ),
            (["switchover", "--to", "us-west-2x", "--yes"], D.west, 64, "--to"),
            (["switchover", "--to", "eu-west-1", "--yes"], D.west, 1, "it has: us-east-1, us-west-2"),
            (["detach", "--yes"], D.east, 1, "nothing to detach from"),
            (["detach", "--group", "ldgnf-sessions", "--yes"], D.west, 64, "orders-global"),
            (["detach"], D.west, 64, "--yes"),
        ])
    func refused(_ order: [String], _ region: String, _ status: Int32, _ words: String) async throws {
        let world = try await Deployment(regions: [], aurora: true)
        let result = try await Self.promoter(world, in: region, order)
        #expect(result.status == status)
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(Self.changes(world) == [])
        #expect(Self.writer(world) == D.east)
        await world.stop()
    }

    @Test("A dry run detaches nothing, and is no success")
    func dryRun() async throws {
        let world = try await Deployment(regions: [], aurora: true)
        let result = try await Self.promoter(world, ["detach", "--yes"], with: ["DRY_RUN": "true"])
        #expect(result.status == 1)
        #expect(Self.changes(world) == [])
        await world.stop()
    }

    @Test("A cluster that an operator has detached is detached for the function, and for the one after it")
    func detached() async throws {
        let clock = try MovedClock()
        let world = try await Deployment(
            regions: [D.west], aurora: true, variables: Self.variables.merging(clock.variables) { $1 })
        #expect(try await world.check(D.west).reason == "standby")
        try world.aws.setHealthy(false, region: D.east)
        // It cannot be had otherwise.
        try world.aws.setFailoverBehavior(.stall, ofGlobalCluster: Sample.globalClusterID)
        let firstCheck = try await world.check(D.west)
        #expect(firstCheck.decision == "promote", "\(firstCheck)")
        world.aws.clock.advance(by: .seconds(30))

        let result = try await Self.promoter(world, ["detach", "--yes", "--by", "ana", "-o", "json"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try JSONDecoder().decode(Done.self, from: Data(result.output.utf8)).outcome == "detached")
        #expect(Self.changes(world).last == "RemoveFromGlobalCluster \(D.west)")
        world.aws.clock.advance(by: .seconds(60))
        #expect(world.aws.dbCluster(Sample.cluster(in: D.west).id, region: D.west)?.takesWrites == true)
        let entry = try #require(try await world.history().first)
        #expect(entry.outcome == "detached" && entry.by == "ana")

        let before = Self.changes(world).count
        try clock.pass(seconds: 60)
        #expect(try await world.check(D.west).reason == "detached")
        try await world.restart(Self.variables)
        #expect(try await world.check(D.west).reason == "detached")
        let again = try await Self.promoter(world, ["detach", "--yes", "-o", "json"])
        #expect(try JSONDecoder().decode(Done.self, from: Data(again.output.utf8)).outcome == "wasDetached")
        #expect(Self.changes(world).count == before)
        await world.stop()
    }

    @Test("The handler takes the same orders, and answers with one outcome")
    func handler() async throws {
        let world = try await Deployment(
            regions: [D.west], aurora: true, variables: Self.variables.merging(["_HANDLER": "operator"]) { $1 })
        Self.finishAtOnce(world)
        func outcome(_ payload: String) async throws -> String {
            switch try await world.invoke(D.west, Data(payload.utf8)) {
            case .response(let body): return try JSONDecoder().decode(Done.self, from: body).outcome
            case .error(let type, _): return type
            case let other: throw D.Unexpected(outcome: other)
            }
        }
        #expect(try await outcome(#"{"command":"failover"}"#) == "Function.OrderNotCarriedOut")
        #expect(try await outcome(#"{"command":"switchover","to":"us-east-1"}"#) == "Function.InvalidEvent")
        #expect(Self.changes(world) == [])
        #expect(try await outcome(#"{"command":"switchover","to":"us-west-2"}"#) == "promoted")
        #expect(try await outcome(#"{"command":"switchover"}"#) == "wasInPlace")
        #expect(try await outcome(#"{"command":"detach"}"#) == "Function.OrderNotCarriedOut")
        #expect(Self.changes(world) == ["SwitchoverGlobalCluster us-west-2"])
        await world.stop()
    }
}
