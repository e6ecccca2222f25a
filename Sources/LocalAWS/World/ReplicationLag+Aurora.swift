import Foundation

/// What CloudWatch tells of the secondaries of global clusters, in milliseconds.
extension ReplicationLag {
    static let auroraNamespace = "AWS/RDS"
    static let auroraNames = ["AuroraGlobalDBReplicationLag", "AuroraGlobalDBRPOLag", "AuroraGlobalDBProgressLag"]

    /// Each by the cluster alone, and by the primary's region too. A secondary that has not the primary's data has
    /// none.
    static func auroraLags(in state: WorldState, now: Date, worldNow: Date) -> [ReplicationLag] {
        state.globalClusters.values.sorted { $0.id < $1.id }.flatMap { group -> [ReplicationLag] in
            guard let writer = group.writer else { return [] }
            let end = end(afterLossOf: writer.region, in: state, now: now, worldNow: worldNow)
            return group.members.filter { !$0.isWriter && $0.isConnected }.flatMap { member in
                let own = ["DBClusterIdentifier": member.cluster.id]
                return auroraNames.flatMap { name in
                    [own, own.merging(["SourceRegion": writer.region]) { $1 }].map { dimensions in
                        ReplicationLag(
                            metric: Metric(
                                region: member.cluster.region, namespace: auroraNamespace, name: name,
                                dimensions: dimensions),
                            lag: group.lag, end: end
                        )
                    }
                }
            }
        }
    }
}
