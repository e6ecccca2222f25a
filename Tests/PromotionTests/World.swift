import AWSClient
import Failover
import NameResolution
import Promotion
import Testing

/// Two regions behind a failover record. The promoter runs in the west; the primary is in the east,
/// and so is the traffic.
final class World: Sendable {
    enum Region: String, CaseIterable, Sendable {
        case east = "us-east-1"
        case west = "us-west-2"

        var target: String { "web-1.\(rawValue).elb.amazonaws.com" }
        var address: String { self == .east ? "10.1.0.1" : "10.2.0.1" }
    }

    static let name = "app.example.com"
    static let zone = "Z0ZONE"
    static let groupID = "ldgnf-sessions"
    static let promotion = Decision.Promotion(groupID: groupID, memberID: "sessions-west", region: "us-west-2")
    static let pause = Duration.milliseconds(300)

    let journal = Journal()
    let clock = HandClock()
    let resolver: FakeResolver
    let records: FakeRecords
    let group: FakeGroup

    init(thirdRegion: Bool = false) {
        resolver = FakeResolver(journal)
        records = FakeRecords(journal)
        var members = [
            GlobalGroup.Member(id: "sessions-east", region: "us-east-1", role: .primary, status: "associated"),
            GlobalGroup.Member(id: "sessions-west", region: "us-west-2", role: .secondary, status: "associated"),
        ]
        if thirdRegion {
            members.insert(
                .init(id: "sessions-ireland", region: "eu-west-1", role: .secondary, status: "associated"), at: 0)
        }
        group = FakeGroup(journal, GlobalGroup(id: Self.groupID, status: "available", members: members))
        records.set(Region.allCases.map { Self.alias($0) })
        for region in Region.allCases { resolver.set(region.target, region.address) }
        pointDNS(to: .east)
    }

    static func alias(_ region: Region) -> ResourceRecordSet {
        ResourceRecordSet(
            name: name, type: "A", setIdentifier: "\(region)", failover: region == .east ? .primary : .secondary,
            alias: .init(dnsName: region.target, hostedZoneID: "Z35SXDOTRQ7X7K", evaluateTargetHealth: true))
    }

    func pointDNS(to region: Region) { resolver.set(Self.name, region.address) }

    var deadline: ContinuousClock.Instant { clock.now + .seconds(30) }

    func reader(regions: [String: String] = [:], zone: String = World.zone) -> RecordSetReader {
        RecordSetReader(service: records, hostedZoneID: zone, name: Self.name, regions: regions)
    }

    func finder() -> ActiveRegionFinder {
        ActiveRegionFinder(name: Self.name, source: reader(), resolver: resolver, now: { self.clock.now })
    }

    /// - Parameter sleep: nil for that of the clock.
    func promoter(
        _ policy: Policy = Policy(), cacheMaxAge: Duration? = nil, alertAfter: Duration? = nil, own: Region = .west,
        guards: Promoter.Guards = .init(), sleep: (@Sendable (Duration) async throws -> Void)? = nil,
        rules: Promoter.Rules = .init()
    ) -> Promoter {
        Promoter(
            identity: .init(dnsName: Self.name, groupID: Self.groupID, ownRegion: own.rawValue), policy: policy,
            timing: .init(
                now: { self.clock.now }, sleep: sleep ?? { self.clock.pass($0) }, cacheMaxAge: cacheMaxAge,
                alertAfter: alertAfter),
            finder: finder(), service: group, guards: guards, rules: rules, calls: CallLog())
    }
}

extension Promoter {
    /// The decision of one check in a world with time enough.
    func decision(in world: World) async throws -> Decision {
        try await check(deadline: world.deadline).decision
    }

    /// The events of one check, failed or not, in a world with time enough.
    func events(in world: World) async -> [PromotionEvent] {
        do throws(CheckFailure) { return try await check(deadline: world.deadline).events } catch {
            return error.events
        }
    }

    /// Why a check failed; nil, and an issue, where it did not.
    func failure(in world: World, _ location: SourceLocation = #_sourceLocation) async -> CheckFailure? {
        do throws(CheckFailure) {
            let result = try await check(deadline: world.deadline)
            Issue.record("no failure but \(result.decision)", sourceLocation: location)
            return nil
        } catch {
            return error
        }
    }
}

/// The error that an expression throws; nil where it throws none, or one of another type.
func thrown<Failure: Error, Value>(_ type: Failure.Type, _ body: () async throws -> Value) async -> Failure? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? Failure
    }
}
