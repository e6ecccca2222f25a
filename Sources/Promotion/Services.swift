package import AWSClient
package import Failover

/// What promotion needs of Route 53.
package protocol RecordService: Sendable {
    /// All record sets of exactly this name, of every type and with every set identifier.
    func recordSets(named name: String, deadline: ContinuousClock.Instant) async throws -> [ResourceRecordSet]
}

/// What promotion needs of the service that owns a global group.
package protocol GlobalGroupService: Sendable {
    /// The group as it is now, with its members.
    func group(deadline: ContinuousClock.Instant) async throws -> GlobalGroup

    /// Asks for the promotion; returns when it was accepted, not when it has happened.
    ///
    /// - Throws: `PromotionRefusal` where the group has to be looked at again; any other error where it
    ///   is certain that nothing was promoted.
    func promote(_ promotion: Decision.Promotion, deadline: ContinuousClock.Instant) async throws
}

/// How a promotion that was asked for did not come about.
package enum PromotionRefusal: Error {
    /// The group is being changed: somebody is already at it.
    case changeUnderWay
    /// Whether the promotion was accepted is not known: the answer was lost.
    case outcomeUnknown(any Error)
}

package struct Route53Records: RecordService {
    private let route53: Route53
    private let hostedZoneID: String

    package init(route53: Route53, hostedZoneID: String) {
        self.route53 = route53
        self.hostedZoneID = hostedZoneID
    }

    package func recordSets(named name: String, deadline: ContinuousClock.Instant) async throws -> [ResourceRecordSet] {
        try await route53.listResourceRecordSets(hostedZoneID: hostedZoneID, name: name, deadline: deadline)
    }
}

package struct ElastiCacheGlobalDatastore: GlobalGroupService {
    private let elastiCache: ElastiCache
    private let id: String

    package init(elastiCache: ElastiCache, id: String) {
        self.elastiCache = elastiCache
        self.id = id
    }

    package func group(deadline: ContinuousClock.Instant) async throws -> GlobalGroup {
        let group = try await elastiCache.describeGlobalReplicationGroup(id: id, deadline: deadline)
        return GlobalGroup(
            id: group.id, status: group.status,
            members: group.members.map { member in
                GlobalGroup.Member(
                    id: member.replicationGroupID, region: member.region.lowercased(),
                    role: GlobalGroup.Role(member.role), status: member.status ?? "of unknown status")
            })
    }

    package func promote(_ promotion: Decision.Promotion, deadline: ContinuousClock.Instant) async throws {
        do {
            _ = try await elastiCache.failoverGlobalReplicationGroup(
                id: promotion.groupID, primaryRegion: promotion.region,
                primaryReplicationGroupID: promotion.memberID, deadline: deadline)
        } catch {
            if error.awsCode == "InvalidGlobalReplicationGroupState" { throw PromotionRefusal.changeUnderWay }
            if error.outcomeIsUnknown { throw PromotionRefusal.outcomeUnknown(error) }
            throw error
        }
    }
}
