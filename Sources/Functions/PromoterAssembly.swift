package import AWSClient
package import HTTPTransport
package import NameResolution
internal import ProgramVersion
package import Promotion

/// The promoter and what it is made of, put together from the environment.
package struct PromoterAssembly: Sendable {
    package let configuration: PromoterConfiguration
    package let identity: Promoter.Identity
    package let finder: ActiveRegionFinder
    package let service: any GlobalGroupService
    package let promoter: Promoter
    package let client: AWSClient

    /// Asks nobody yet.
    ///
    /// - Throws: `ConfigurationError`, or the `AWSError` of a variable of AWS's own, such as a missing region.
    package init(
        environment: [String: String], configuration: PromoterConfiguration, executor: any HTTPExecutor,
        resolver: any Resolver
    ) throws {
        let aws = try AWSConfiguration(environment: environment, version: promoterBuild)
        let region = try aws.requireRegion()
        let calls = CallLog()
        // Where the requests wait, too: a `Task.sleep` would start Swift's thread pool, which a Lambda does without.
        let sleep: @Sendable (Duration) async throws -> Void = { try await executor.sleep(until: .now + $0) }
        let client = AWSClient(configuration: aws, executor: executor, hooks: AWSHooks(sleep: sleep)) { record in
            calls.record(.init(name: record.action, attempts: record.attempts, duration: record.duration))
        }
        let reader = RecordSetReader(
            service: Route53Records(route53: Route53(client), hostedZoneID: configuration.hostedZoneID),
            hostedZoneID: configuration.hostedZoneID, name: configuration.dnsName, regions: configuration.recordRegions)
        let service = ElastiCacheGlobalDatastore(
            elastiCache: ElastiCache(client, region: region), id: configuration.globalDatastoreID)
        self.configuration = configuration
        self.client = client
        self.service = service
        identity = Promoter.Identity(
            dnsName: configuration.dnsName, groupID: configuration.globalDatastoreID, ownRegion: region)
        finder = ActiveRegionFinder(name: configuration.dnsName, reader: reader, resolver: resolver, now: { .now })
        promoter = Promoter(
            identity: identity, policy: configuration.policy,
            timing: .init(sleep: sleep, cacheMaxAge: configuration.cacheMaxAge), finder: finder, service: service,
            calls: calls)
    }

    /// With the network and the resolver of this machine.
    package init(environment: [String: String], configuration: PromoterConfiguration) throws {
        try self.init(
            environment: environment, configuration: configuration,
            executor: HTTPClient(caBundle: CABundle(environment: environment)), resolver: SystemResolver())
    }
}
