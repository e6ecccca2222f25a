import Foundation
import LocalAWS
import Synchronization

/// What the demo consists of: the local AWS with alarm and health check, two Redis servers, and the functions as Lambda
/// would run them.
final class DemoWorld: Sendable {
    struct Settings: Sendable {
        var bootstrap: String
        /// Between two checks, in seconds.
        var interval: Double
        var confirmations = 2
        var failover: Duration
        /// How long CloudWatch's minute takes here, in seconds.
        var minute: Double
    }

    /// One function in a process of its own.
    struct Function: Sendable {
        var name: String
        var region: String
        var function: LocalFunction
        var process: ChildProcess
        var log: FunctionLog
    }

    static let regions = [LocalAWS.Sample.primaryRegion, LocalAWS.Sample.secondaryRegion]
    static let alarmName = "redis-unhealthy"
    /// The record that follows the primary.
    static let primaryName = "redis.\(LocalAWS.Sample.zoneName)"
    /// The record that follows the writer of the global cluster.
    static let writerName = "orders.\(LocalAWS.Sample.zoneName)"
    /// Of an invocation: a function works until half a second before.
    private static let timeout = Duration.seconds(4)

    let aws: LocalAWS
    let redis: RedisPair
    let probe: Function
    let promoters: [Function]
    /// Told of their region's cluster by its topic.
    let endpoints: [Function]
    let settings: Settings
    let invocations = Mutex(Invocations())
    private let hasEnded = Mutex(false)

    struct Invocations {
        var checks = 0
        var probes = 0
        /// By hand; those by a topic are not counted.
        var endpoints = 0
        var failed: [String] = []
    }

    init(_ settings: Settings) async throws {
        self.settings = settings
        redis = try await RedisPair(regions: Self.regions)
        var configuration = LocalAWSConfiguration()
        configuration.failoverDuration = settings.failover
        configuration.auroraTimes.failover = settings.failover
        configuration.auroraTimes.resync = settings.failover
        configuration.minuteSeconds = settings.minute
        aws = try LocalAWS.sampleWorld(configuration, aurora: true)
        try await aws.start()
        promoters = try await Self.promoters(aws, settings)
        endpoints = try await Self.endpoints(aws, settings)
        probe = try await Self.start(
            "probe", in: Self.regions[0], on: aws, settings,
            [
                "_HANDLER": "probe", "REDIS_HOST": "127.0.0.1", "REDIS_PORT": "\(redis.port(in: Self.regions[0]))",
                "REDIS_CA_BUNDLE": redis.caBundle, "PROBE_INTERVAL_SECONDS": "1", "CONNECT_TIMEOUT_SECONDS": "1",
                "READ_TIMEOUT_SECONDS": "1",
                // So that the way back is as automatic as the way there: a replica that is back counts as healthy.
                "WHEN_READ_ONLY": "healthy",
            ])
        let aws = aws
        let redis = redis
        aws.events.observe { event in
            // What ElastiCache does with its nodes.
            if case .failoverFinished(_, let primary?, true) = event.kind { Task { await redis.promote(primary) } }
        }
    }

    private static func promoters(_ aws: LocalAWS, _ settings: Settings) async throws -> [Function] {
        var promoters: [Function] = []
        for region in regions {
            promoters.append(
                try await start(
                    "promoter", in: region, on: aws, settings,
                    [
                        "HOSTED_ZONE_ID": LocalAWS.Sample.zoneID, "DNS_NAME": LocalAWS.Sample.recordName,
                        "GLOBAL_DATASTORE_ID": LocalAWS.Sample.datastoreID,
                        "GLOBAL_CLUSTER_ID": LocalAWS.Sample.globalClusterID, "WRITER_RECORD_NAME": writerName,
                        "CHECK_INTERVAL_SECONDS": "\(settings.interval)", "CONFIRMATIONS": "\(settings.confirmations)",
                        "NOTIFY_TOPIC_ARN": LocalAWS.Sample.topicARN(in: region),
                    ]))
        }
        return promoters
    }

    private static func endpoints(_ aws: LocalAWS, _ settings: Settings) async throws -> [Function] {
        var endpoints: [Function] = []
        for region in regions {
            let group = ReplicationGroup.Key(region: region, id: LocalAWS.Sample.member(in: region))
            let function = try await start(
                "endpoints", in: region, on: aws, settings,
                [
                    "_HANDLER": "endpoints", "HOSTED_ZONE_ID": LocalAWS.Sample.zoneID,
                    "REPLICATION_GROUP_ID": group.id, "PRIMARY_RECORD_NAME": primaryName,
                    // Route 53's half a minute is not waited for.
                    "WAIT_FOR_SYNC": "false",
                ])
            let topic = aws.addTopic("\(group.id)-events", region: region)
            aws.subscribe(function.function, to: topic)
            try aws.update(group) { $0.topicARN = topic }
            endpoints.append(function)
        }
        return endpoints
    }

    private static func start(
        _ kind: String, in region: String, on aws: LocalAWS, _ settings: Settings, _ variables: [String: String]
    ) async throws -> Function {
        let name = "\(kind)-\(region)"
        let function = try await aws.addFunction(name: name, region: region)
        var environment = aws.environment(for: function)
        environment["AWS_LAMBDA_LOG_FORMAT"] = "JSON"
        environment.merge(variables) { $1 }
        let process = try ChildProcess(settings.bootstrap, environment: environment)
        return Function(
            name: kind, region: region, function: function, process: process, log: FunctionLog(of: process))
    }

    var functions: [Function] { [probe] + promoters + endpoints }

    /// What Terraform's module `probe` sets up beside the function: an alarm on the metric, missing data being as bad as
    /// zeros, and a health check on the alarm.
    ///
    /// - Returns: the id of the health check.
    func makeHealthCheck() throws -> String {
        let metric = Metric(
            region: Self.regions[0], namespace: "Custom/Redis", name: "HealthCheckStatus", dimensions: [:])
        aws.putAlarm(
            Alarm(
                name: Self.alarmName,
                rule: AlarmRule(
                    metric: metric, statistic: "Minimum", period: 60, evaluationPeriods: 1, threshold: 1,
                    comparison: .lessThan, missingData: .breaching)))
        return try aws.createHealthCheck(
            HealthCheckConfig(alarm: Self.alarmName, region: Self.regions[0], insufficientData: .unhealthy)
        ).id
    }

    // MARK: Schedule

    /// A function whose process has ended: nobody would answer its invocations any more.
    var isOver: Bool { hasEnded.withLock { $0 } }

    /// - Parameter tell: told of each process that ends.
    func watchProcesses(_ tell: @escaping @Sendable (_ function: Function, _ lastWords: String) -> Void) async {
        await withTaskGroup(of: (Function, ChildProcess.Result).self) { group in
            for function in functions { group.addTask { (function, await function.process.exit()) } }
            for await (function, result) in group {
                guard !Task.isCancelled else { return }
                let lastWords = (result.errors + result.output).split(separator: "\n").last ?? "without a word"
                tell(function, "ENDED with exit code \(result.status): \(lastWords)")
                hasEnded.withLock { $0 = true }
                function.function.processExited("exit status \(result.status)")
            }
        }
    }

    private struct Result: Decodable {
        var checks: Int?
        var probes: Int?
    }

    /// As when they are deployed: the record is there before anything happens to a cluster.
    func makeRecords(_ tell: @escaping @Sendable (_ function: Function, _ what: String) -> Void) async {
        for function in endpoints {
            let outcome = await function.function.invoke(timeout: .seconds(30))
            guard case .response = outcome else {
                tell(function, "the invocation failed: \(outcome)")
                continue
            }
            invocations.withLock { $0.endpoints += 1 }
        }
    }

    /// EventBridge and Lambda: one invocation at any time.
    func keepInvoking(
        _ function: Function, _ tell: @escaping @Sendable (_ function: Function, _ what: String) -> Void
    ) async {
        while !Task.isCancelled, !isOver {
            var options = InvocationOptions()
            options.deliveryTimeout = .seconds(5)
            let outcome = await function.function.invoke(timeout: Self.timeout, options: options)
            guard !Task.isCancelled, !isOver else { return }
            guard case .response(let body) = outcome, let result = try? JSONDecoder().decode(Result.self, from: body)
            else {
                invocations.withLock { $0.failed.append("\(function.name) in \(function.region): \(outcome)") }
                tell(function, "the invocation failed: \(outcome)")
                continue
            }
            invocations.withLock { counts in
                if function.name == "probe" {
                    counts.probes += result.probes ?? 1
                } else {
                    counts.checks += result.checks ?? 1
                }
            }
        }
    }

    func end() async {
        for function in functions { function.process.kill() }
        redis.end()
        await aws.stop()
    }
}
