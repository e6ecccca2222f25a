internal import AWSClient

/// How a service measures the lag of a member.
package struct LagMetric: Sendable {
    struct Member: Hashable {
        var id: String
        var group: String
    }

    package let namespace: String
    package let name: String
    /// Of its unit.
    let milliseconds: Double
    /// What of all metrics of the name is a member's own.
    private let isOwn: @Sendable (Metric.Dimension, Member) -> Bool
    /// What is taken where a member has none of its own.
    private let isOfGroup: @Sendable (Metric.Dimension, Member) -> Bool
    /// The part of a member of which a metric says something, where each of them has to be heard of; else empty.
    let shard: @Sendable (Metric, Member) -> String

    func metrics(of member: Member, in all: [Metric]) -> [Metric] {
        let own = all.filter { metric in metric.dimensions.contains { isOwn($0, member) } }
        return own.isEmpty ? all.filter { metric in metric.dimensions.contains { isOfGroup($0, member) } } : own
    }
}

extension LagMetric {
    /// Of ElastiCache, in seconds. AWS's texts disagree about the dimensions: the id of a node, of the replication group,
    /// or of the Global Datastore.
    package static let globalDatastore = LagMetric(
        namespace: "AWS/ElastiCache", name: "GlobalDatastoreReplicationLag", milliseconds: 1000,
        isOwn: { isNode($0.value, of: $1) }, isOfGroup: { $0.value == $1.group }, shard: shardOfNode)

    /// Of Aurora, in milliseconds: how far the data that a failover would lose reaches back.
    package static let globalCluster = LagMetric(
        namespace: "AWS/RDS", name: "AuroraGlobalDBRPOLag", milliseconds: 1,
        isOwn: { dimension, member in
            // The id is the ARN's last part; AWS keeps both in lower case.
            dimension.name == "DBClusterIdentifier"
                && member.id.split(separator: ":").last.map { $0.lowercased() } == dimension.value.lowercased()
        }, isOfGroup: { _, _ in false }, shard: { _, _ in "" })

    /// A node's id is its replication group's and `-001`, or `-0001-001` in cluster mode.
    private static func isNode(_ value: String, of member: Member) -> Bool {
        guard value.hasPrefix(member.id) else { return false }
        let rest = value.utf8.dropFirst(member.id.utf8.count).split(
            separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return rest.dropFirst().allSatisfy { $0.allSatisfy { (48...57).contains($0) } }
            && [[0], [0, 3], [0, 4, 3]].contains(rest.map(\.count))
    }

    /// The number of the shard in the id of a node, as in `rg-0002-001`; empty where there is only one.
    private static func shardOfNode(_ metric: Metric, _ member: Member) -> String {
        for dimension in metric.dimensions where dimension.value.hasPrefix("\(member.id)-") {
            let parts = dimension.value.dropFirst(member.id.count + 1).split(separator: "-")
            if parts.count == 2, let first = parts.first { return String(first) }
        }
        return ""
    }
}
