package import AWSClient
package import Failover

/// ElastiCache's Global Datastores.
package struct GlobalDatastores: GlobalGroupProvider {
    private let elastiCache: ElastiCache

    package init(_ elastiCache: ElastiCache) {
        self.elastiCache = elastiCache
    }

    package func group(id: String, deadline: ContinuousClock.Instant) async throws -> GlobalGroup {
        GlobalGroup(try await elastiCache.describeGlobalReplicationGroup(id: id, deadline: deadline))
    }

    package func groups(deadline: ContinuousClock.Instant) async throws -> [GlobalGroup] {
        try await elastiCache.describeGlobalReplicationGroups(deadline: deadline).map { GlobalGroup($0) }
    }

    /// There is one request, for whatever it is to be.
    package func promote(_ promotion: Decision.Promotion, deadline: ContinuousClock.Instant) async throws {
        do {
            _ = try await elastiCache.failoverGlobalReplicationGroup(
                id: promotion.groupID, primaryRegion: promotion.region,
                primaryReplicationGroupID: promotion.memberID, deadline: deadline)
        } catch { throw Self.refusal(error) }
    }

    package func detach(_ promotion: Decision.Promotion, deadline: ContinuousClock.Instant) async throws {
        do {
            _ = try await elastiCache.disassociateGlobalReplicationGroup(
                id: promotion.groupID, replicationGroupID: promotion.memberID,
                replicationGroupRegion: promotion.region, deadline: deadline)
        } catch { throw Self.refusal(error) }
    }

    private static func refusal(_ error: AWSError) -> any Error {
        PromotionRefusal.meant(
            by: error, underWay: "InvalidGlobalReplicationGroupState",
            aboutTheGroup: [
                "InvalidParameterValue", "InvalidParameterCombination", "InvalidReplicationGroupState",
                "InvalidCacheClusterState",
            ])
    }
}

extension GlobalGroup {
    package init(_ group: GlobalReplicationGroup) {
        self.init(
            id: group.id, status: group.status,
            members: group.members.map { member in
                GlobalGroup.Member(
                    id: member.replicationGroupID, region: member.region.lowercased(),
                    role: GlobalGroup.Role(member.role), status: member.status ?? "of unknown status")
            })
    }
}
