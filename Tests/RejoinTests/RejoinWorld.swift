import Functions
import HTTPTransport
import JSON
import LambdaRuntime
import Logging
import NameResolution
import Promotion
import Synchronization

@testable import LocalAWS

/// The sample world's Aurora cluster, detached in the west; DNS leads there. Time passes when somebody sleeps.
final class RejoinWorld: Sendable {
    let aws: LocalAWS

    static let east = LocalAWS.Sample.primaryRegion
    static let west = LocalAWS.Sample.secondaryRegion
    static let old = LocalAWS.Sample.cluster(in: east)
    static let own = LocalAWS.Sample.cluster(in: west)
    static let new = DBCluster.Key(region: east, id: "orders-use1-rejoined")

    /// - Parameters:
    ///   - isDetached: false: it still is a member.
    ///   - isSlow: AWS takes longer than a pause between two looks. Each look takes real time.
    init(
        isDetached: Bool = true, isSlow: Bool = false, _ change: (inout LocalAWSConfiguration) -> Void = { _ in }
    ) async throws {
        var configuration = LocalAWSConfiguration()
        configuration.clock = .manual
        let time = Duration.milliseconds(isSlow ? 15_000 : 500)
        configuration.auroraTimes.creation = time
        configuration.auroraTimes.adoption = time
        configuration.auroraTimes.removal = time
        change(&configuration)
        aws = try LocalAWS.sampleWorld(configuration, aurora: true)
        try await aws.start()
        try aws.setHealthy(false, region: Self.east)
        guard isDetached else { return }
        _ = try aws.world.detach(Self.own, from: LocalAWS.Sample.globalClusterID)
        aws.clock.advance(by: .seconds(60))
    }

    /// Another process each time: nothing is handed over.
    func assembly(
        _ variables: [String: String] = [:], stop: @escaping @Sendable () -> Bool = { false }
    ) throws -> PromoterAssembly {
        let environment = aws.environment(forRegion: Self.west).merging([
            "HOSTED_ZONE_ID": LocalAWS.Sample.zoneID, "DNS_NAME": LocalAWS.Sample.recordName,
            "GLOBAL_CLUSTER_ID": LocalAWS.Sample.globalClusterID,
        ]) { $1 }.merging(variables) { $1 }
        let traveller = Traveller(aws, stop: stop)
        return try PromoterAssembly(
            environment: environment, configuration: try PromoterConfiguration(environment: environment),
            executor: traveller, resolver: EmulatedResolver(aws: aws), now: { traveller.now })
    }

    /// One run of one process.
    ///
    /// - Parameters:
    ///   - lasting: by the clock of the process.
    ///   - stop: asked before each pause; true ends the process there.
    func run(
        _ options: RejoinOptions = .init(member: own.id), lasting: Duration = .seconds(86_400),
        stop: @escaping @Sendable () -> Bool = { false }
    ) async throws -> AuroraRejoin {
        let assembly = try assembly(stop: stop)
        let operation = Operator(assembly: assembly, reporter: Reporter(assembly: assembly, logger: Self.logger))
        return try await operation.carryOutRejoin(
            try operation.auroraWatch(of: assembly.watches), options, deadline: assembly.now() + lasting
        ) { _ in }
    }

    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// What the handler `operator` answers in a process of its own.
    func answer(
        _ event: String, _ variables: [String: String] = [:], lasting: Duration = .seconds(86_400)
    ) async throws -> JSONValue {
        let assembly = try assembly(variables)
        let function = OperatorFunction(assembly: assembly, logger: Self.logger)
        let invocation = Invocation(
            requestID: "r", deadline: assembly.now() + lasting, payload: Array(event.utf8))
        return try JSONValue(parsing: try await function.handle(invocation))
    }

    /// In the west.
    func put(parameter name: String, _ value: JSONValue) {
        let parameter = StoredParameter(
            name: name, region: Self.west, value: String(decoding: value.serialized(), as: UTF8.self),
            lastModified: aws.clock.now)
        aws.world.change { $0.parameters[parameter.arn] = parameter }
    }

    /// The requests that were to change something, with what they were about.
    var changes: [String] {
        aws.requests.filter { $0.service == "rds" && !$0.operation.hasPrefix("Describe") }.map { request in
            let names = [
                "DBInstanceIdentifier", "DbClusterIdentifier", "DBClusterIdentifier", "GlobalClusterIdentifier",
            ]
            let name = names.lazy.compactMap { request.parameters[$0] }.first ?? ""
            return "\(request.operation) \(name.split(separator: ":").last ?? "") \(request.region)"
        }
    }

    /// All that is left in the end.
    var state: [String] {
        let world = aws.world.snapshot
        let globals = world.globalClusters.values.sorted { $0.id < $1.id }.map { global in
            let members = global.members.map { member in
                "\(member.cluster.id) \(member.isWriter ? "writer" : member.isConnected ? "connected" : "waiting")"
            }
            return "\(global.id): \(members.sorted().joined(separator: ", "))"
        }
        let clusters = world.dbClusters.values.sorted { $0.key < $1.key }.map { cluster in
            "\(cluster.region) \(cluster.id) \(cluster.status): "
                + cluster.instances.map { "\($0.id) \($0.status)" }.joined(separator: ", ")
        }
        return globals + clusters + world.dbClusterSnapshots.keys.sorted().map { "snapshot \($0.id)" }
    }

    static let wholeWay = [
        "ModifyGlobalCluster orders-global us-east-1", "CreateGlobalCluster orders-global us-west-2",
        "CreateDBCluster orders-use1-rejoined us-east-1", "CreateDBInstance orders-use1-rejoined-1 us-east-1",
    ]
    static let rebuilt = [
        "orders-global: orders-use1-rejoined connected, orders-usw2 writer", "orders-global-old: orders-use1 writer",
        "us-east-1 orders-use1 available: orders-use1-1 available",
        "us-east-1 orders-use1-rejoined available: orders-use1-rejoined-1 available",
        "us-west-2 orders-usw2 available: orders-usw2-1 available",
    ]
    static let deletions = [
        "DeleteDBInstance orders-use1-1 us-east-1", "RemoveFromGlobalCluster orders-use1 us-east-1",
        "DeleteDBCluster orders-use1 us-east-1", "DeleteGlobalCluster orders-global-old us-west-2",
    ]
    static let cleanedUp = [
        "orders-global: orders-use1-rejoined connected, orders-usw2 writer",
        "us-east-1 orders-use1-rejoined available: orders-use1-rejoined-1 available",
        "us-west-2 orders-usw2 available: orders-usw2-1 available", "snapshot orders-use1-before-rejoin",
    ]
}

/// Sends over the real network of this machine, and passes the time instead of waiting.
private final class Traveller: HTTPExecutor {
    private let aws: LocalAWS
    private let client = HTTPClient(caBundle: CABundle(environment: [:]))
    private let stop: @Sendable () -> Bool
    private let passed = Mutex(Duration.zero)

    init(_ aws: LocalAWS, stop: @escaping @Sendable () -> Bool) {
        self.aws = aws
        self.stop = stop
    }

    var now: ContinuousClock.Instant { .now + passed.withLock { $0 } }

    func execute(
        _ request: HTTPRequest, deadline: ContinuousClock.Instant?
    ) async throws(HTTPTransportError) -> HTTPResponse {
        try await client.execute(request, deadline: deadline.map { $0 - passed.withLock { $0 } })
    }

    func sleep(until due: ContinuousClock.Instant) async throws(CancellationError) {
        guard !stop() else { throw CancellationError() }
        let time = max(.zero, due - now)
        passed.withLock { $0 += time }
        aws.clock.advance(by: time)
    }
}

/// DNS as the emulator has it.
private struct EmulatedResolver: Resolver {
    let aws: LocalAWS

    func resolve(_ name: String, deadline: ContinuousClock.Instant) async throws(ResolutionError) -> ResolvedName {
        let addresses = aws.world.snapshot.answers[DNSName(name)]?.addresses ?? []
        guard !addresses.isEmpty else { throw ResolutionError(.notFound, name: name, reason: "it is not there") }
        return ResolvedName(canonicalName: name, addresses: addresses.compactMap { IPAddress($0) })
    }
}
