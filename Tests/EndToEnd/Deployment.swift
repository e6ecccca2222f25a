import Foundation
import LocalAWS
import Testing

/// Promoters as built, one a region, on the emulated AWS. Time stands still but for `advance`.
final class Deployment {
    let aws: LocalAWS
    private(set) var functions: [String: LocalFunction] = [:]
    private(set) var processes: [String: ChildProcess] = [:]

    static let east = LocalAWS.Sample.primaryRegion
    static let west = LocalAWS.Sample.secondaryRegion
    static let third = LocalAWS.Sample.thirdRegion

    static let variables = [
        "HOSTED_ZONE_ID": LocalAWS.Sample.zoneID, "DNS_NAME": LocalAWS.Sample.recordName,
        "GLOBAL_DATASTORE_ID": LocalAWS.Sample.datastoreID, "AWS_LAMBDA_LOG_FORMAT": "JSON",
    ]

    /// - Parameters:
    ///   - aurora: a global cluster beside the datastore, which only functions that are told of it promote.
    ///   - start: whether to start the promoters, too.
    ///   - prepare: changes the world before any promoter starts.
    init(
        regions: [String] = [east, west], threeRegions: Bool = false, aurora: Bool = false,
        variables: [String: String?] = [:], start: Bool = true, prepare: (LocalAWS) throws -> Void = { _ in }
    ) async throws {
        var configuration = LocalAWSConfiguration()
        configuration.clock = .manual
        aws = try LocalAWS.sampleWorld(configuration, threeRegions: threeRegions, aurora: aurora)
        try await aws.start()
        try prepare(aws)
        for region in regions {
            functions[region] = try await aws.addFunction(name: "promoter-\(region)", region: region)
            if start { try launch(region, variables) }
        }
    }

    func function(_ region: String) throws -> LocalFunction { try #require(functions[region]) }

    @discardableResult
    func launch(_ region: String, _ variables: [String: String?] = [:], product: String = "bootstrap") throws
        -> ChildProcess
    {
        var environment = aws.environment(for: try function(region)).merging(Self.variables) { $1 }
        for (name, value) in variables { environment[name] = value }
        let process = try ChildProcess(Self.path(of: product), environment: environment)
        processes[region] = process
        return process
    }

    /// What only lines of metrics have.
    static let metricsMark = "\"CloudWatchMetrics\""

    func stop() async {
        for process in processes.values { process.kill() }
        await aws.stop()
    }

    func invoke(_ region: String, _ payload: Data = Data("{}".utf8), timeout: Duration = .seconds(30)) async throws
        -> InvocationOutcome
    {
        try await function(region).invoke(payload, timeout: timeout)
    }

    /// The result of one check, which must not fail.
    func check(_ region: String, sourceLocation: SourceLocation = #_sourceLocation) async throws -> Check {
        let outcome = try await invoke(region)
        guard case .response(let body) = outcome else {
            Issue.record("the check in \(region) ended with \(outcome)", sourceLocation: sourceLocation)
            throw Unexpected(outcome: outcome)
        }
        return try JSONDecoder().decode(Check.self, from: body)
    }

    /// A program of this package, as it was built.
    static func path(of product: String) -> String { "\(ChildProcess.siblings)/\(product)" }

    static func run(_ product: String, _ arguments: [String] = [], environment: [String: String]) async throws
        -> ChildProcess.Result
    {
        try await ChildProcess.run(path(of: product), arguments, environment: environment)
    }

    struct Unexpected: Error {
        var outcome: InvocationOutcome
    }

    /// The part of the result that tests look at.
    struct Check: Decodable, Equatable {
        var decision: String
        var reason: String
        var message: String
        var activeRegion: String?
        var status: String?
        var calls: [Call]
        /// Without what comes after the check: notifications, the history.
        var durationMs: Double

        struct Call: Decodable, Equatable {
            var name: String
        }

        init(_ outcome: InvocationOutcome) throws {
            guard case .response(let body) = outcome else { throw Unexpected(outcome: outcome) }
            self = try JSONDecoder().decode(Check.self, from: body)
        }
    }

    /// The promotions that AWS was asked for, each with all its parameters.
    var promotionRequests: [[String: String]] {
        aws.requests.filter { $0.operation == "FailoverGlobalReplicationGroup" }.map { request in
            request.parameters.filter { !["Action", "Version"].contains($0.key) }
        }
    }

    static func promotion(of region: String) -> [String: String] {
        [
            "GlobalReplicationGroupId": LocalAWS.Sample.datastoreID, "PrimaryRegion": region,
            "PrimaryReplicationGroupId": LocalAWS.Sample.member(in: region),
        ]
    }

    var primaryRegion: String? { aws.datastore(LocalAWS.Sample.datastoreID)?.primary?.region }

    /// Longer than a failover takes.
    func finishFailover() { aws.clock.advance(by: .seconds(120)) }
}
