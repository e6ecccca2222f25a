package import AWSClient
package import Failover

/// Aurora's global clusters.
package struct GlobalClusters: GlobalGroupProvider {
    private let rds: RDS

    package init(_ rds: RDS) {
        self.rds = rds
    }

    package func group(id: String, deadline: ContinuousClock.Instant) async throws -> GlobalGroup {
        GlobalGroup(try await rds.describeGlobalCluster(id: id, deadline: deadline))
    }

    package func groups(deadline: ContinuousClock.Instant) async throws -> [GlobalGroup] {
        try await rds.describeGlobalClusters(deadline: deadline).map { GlobalGroup($0) }
    }

    package func promote(_ promotion: Decision.Promotion, deadline: ContinuousClock.Instant) async throws {
        do throws(AWSError) {
            switch promotion.means {
            case .failover:
                _ = try await rds.failoverGlobalCluster(
                    id: promotion.groupID, targetClusterARN: promotion.memberID, deadline: deadline)
            case .switchover:
                _ = try await rds.switchoverGlobalCluster(
                    id: promotion.groupID, targetClusterARN: promotion.memberID, deadline: deadline)
            case .detachment: try await remove(promotion, deadline: deadline)
            }
        } catch { throw Self.refusal(error) }
    }

    package func detach(_ promotion: Decision.Promotion, deadline: ContinuousClock.Instant) async throws {
        do throws(AWSError) { try await remove(promotion, deadline: deadline) } catch { throw Self.refusal(error) }
    }

    private func remove(
        _ promotion: Decision.Promotion, deadline: ContinuousClock.Instant
    ) async throws(AWSError) {
        _ = try await rds.removeFromGlobalCluster(
            id: promotion.groupID, clusterARN: promotion.memberID, deadline: deadline)
    }

    private static func refusal(_ error: AWSError) -> any Error {
        PromotionRefusal.meant(
            by: error, underWay: "InvalidGlobalClusterStateFault",
            aboutTheGroup: ["InvalidDBClusterStateFault", "InvalidParameterValue", "InvalidParameterCombination"])
    }
}

extension GlobalGroup {
    package init(_ cluster: GlobalCluster) {
        self.init(
            id: cluster.id,
            // AWS goes on calling a cluster available whose failover is under way.
            status: cluster.failoverState?.status ?? cluster.status,
            members: cluster.members.map { member in
                GlobalGroup.Member(
                    id: member.clusterARN, region: member.region, role: member.isWriter ? .primary : .secondary,
                    // AWS leaves it out of members that it has nothing to say of, such as the writer.
                    status: member.synchronizationStatus ?? "connected")
            })
    }
}
