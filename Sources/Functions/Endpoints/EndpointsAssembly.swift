package import AWSClient
package import EndpointRecords
package import HTTPTransport
internal import NameResolution
internal import ProgramVersion

/// What the handler `endpoints` is made of, put together from the environment.
package struct EndpointsAssembly: Sendable {
    package let configuration: EndpointsConfiguration
    /// Of the cluster.
    package let region: String
    package let records: RecordSync
    package let executor: any HTTPExecutor
    package let now: @Sendable () -> ContinuousClock.Instant

    /// Asks nobody yet.
    ///
    /// - Parameters:
    ///   - now: the clock by which the executor sleeps.
    ///   - random: from 0 up to, but not including, 1: how long a retry waits.
    ///   - wallClock: by which requests are signed.
    /// - Throws: the `AWSError` of a variable of AWS's own, such as a missing region.
    package init(
        environment: [String: String], configuration: EndpointsConfiguration, executor: any HTTPExecutor,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) },
        wallClock: @escaping @Sendable () -> Timestamp = { .current() }
    ) throws {
        var environment = environment
        if let region = configuration.region { environment["AWS_REGION"] = region }
        let aws = try AWSConfiguration(environment: environment, version: promoterBuild)
        region = try aws.requireRegion()
        let sleep: @Sendable (Duration) async throws -> Void = { try await executor.sleep(until: now() + $0) }
        let hooks = AWSHooks(now: now, wallClock: wallClock, sleep: sleep, random: random)
        let client = AWSClient(configuration: aws, executor: executor, hooks: hooks) { _ in }
        var settings = configuration.settings
        settings.region = region
        records = RecordSync(
            settings: settings, zone: Route53Zone(Route53(client), id: configuration.hostedZoneID),
            cluster: ElastiCache(client, region: region), timing: RecordTiming(now: now, sleep: sleep, random: random))
        self.configuration = configuration
        self.executor = executor
        self.now = now
    }

    /// Of parts that are there.
    package init(
        configuration: EndpointsConfiguration, region: String, records: RecordSync, executor: any HTTPExecutor,
        now: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        self.configuration = configuration
        self.region = region
        self.records = records
        self.executor = executor
        self.now = now
    }

    /// With the network of this machine.
    package init(environment: [String: String], configuration: EndpointsConfiguration) throws {
        try self.init(
            environment: environment, configuration: configuration,
            executor: HTTPClient(caBundle: CABundle(environment: environment)))
    }
}
