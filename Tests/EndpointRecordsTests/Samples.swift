import AWSClient
import EndpointRecords

/// The cluster `rg` and its records, in short: nodes as `001p 002r` (`p` primary, `r` replica, `?` no role, a hyphen
/// behind it: no endpoint), records as `1:002` (`read1` points at node 002) or `1:002@60` (with that TTL).
enum Sample {
    static let region = "use1.cache.amazonaws.com"
    static let hash = "abc123"

    static func node(_ number: some StringProtocol, tls: Bool = true) -> String {
        tls ? "rg-\(number).rg.\(hash).\(region)" : "rg-\(number).\(hash).0001.\(region)"
    }

    /// - Parameter shards: in cluster mode, where there are several, with their numbers before those of nodes.
    static func group(_ shards: String..., tls: Bool = true, clusterMode: Bool? = nil) -> ReplicationGroup {
        let hasShards = clusterMode ?? (shards.count > 1)
        var group = ReplicationGroup(id: "rg", status: "available", clusterEnabled: hasShards)
        if hasShards { group.configurationEndpoint = .init(address: "clustercfg.rg.\(hash).\(region)", port: 6379) }
        for (index, nodes) in shards.enumerated() {
            let shard = "000\(index + 1)"
            group.nodeGroups.append(
                .init(
                    id: shard, status: "available",
                    primaryEndpoint: hasShards ? nil : .init(address: "Master.rg.\(hash).\(region)"),
                    members: nodes.split(separator: " ").map { member($0, shard: hasShards ? shard : nil, tls: tls) }))
        }
        return group
    }

    private static func member(_ text: Substring, shard: String?, tls: Bool) -> ReplicationGroup.Member {
        let number = (shard.map { "\($0)-" } ?? "") + text.prefix { $0.isNumber }
        var member = ReplicationGroup.Member(cacheClusterID: "rg-\(number)", cacheNodeID: "0001")
        if text.contains("p") { member.currentRole = "primary" }
        if text.contains("r") { member.currentRole = "replica" }
        if !text.hasSuffix("-") { member.readEndpoint = .init(address: node(number, tls: tls), port: 6379) }
        return member
    }

    static func cname(
        _ name: String, _ target: String, ttl: Int = 10, identifier: String? = nil, weight: Int? = nil
    ) -> ResourceRecordSet {
        ResourceRecordSet(
            name: "\(name).example.com", type: "CNAME", setIdentifier: identifier, weight: weight, ttl: ttl,
            values: [target])
    }

    static func records(_ text: String, tls: Bool = true) -> [ResourceRecordSet] {
        text.split(separator: " ").map { record in
            let parts = record.split(whereSeparator: { ":@".contains($0) })
            return cname(
                "read\(parts[0])", node(parts[1], tls: tls), ttl: parts.count > 2 ? Int(parts[2]) ?? 0 : 10)
        }
    }

    static func weighted(_ text: String) -> [ResourceRecordSet] {
        text.split(separator: " ").map { record in
            let parts = record.split(separator: "@")
            return cname(
                "all", node(parts[0]), ttl: parts.count > 1 ? Int(parts[1]) ?? 0 : 10, identifier: "rg-\(parts[0])",
                weight: 1)
        }
    }

    static func settings(
        replicas: String? = "read.example.com", weighted: String? = nil, primary: String? = nil,
        endpoint: String? = nil, datastore: String? = nil, whenNoReplicas: RecordSettings.WhenNoReplicas = .keep
    ) throws -> RecordSettings {
        try RecordSettings(
            replicationGroupID: "rg", region: "us-east-1", replicaName: replicas, weightedName: weighted,
            primaryName: primary, primaryEndpoint: endpoint, globalDatastoreID: datastore,
            whenNoReplicas: whenNoReplicas)
    }

    /// - Parameter roles: of the members in us-east-1 (`rg`) and us-west-2 (`other`).
    static func datastore(_ roles: (String, String), region: String = "us-east-1") -> GlobalReplicationGroup {
        GlobalReplicationGroup(
            id: "ldgnf-x", status: "available",
            members: [
                .init(replicationGroupID: "rg", region: region, role: roles.0),
                .init(replicationGroupID: "other", region: "us-west-2", role: roles.1),
            ])
    }
}

extension RecordChange {
    /// As in `1:002>003`, `+3:004`, `-3:004`; with `w` in place of the number for the weighted ones.
    var short: String {
        let number = name.drop { !$0.isNumber }.prefix { $0.isNumber }
        let place = number.isEmpty ? "w" : "\(number)"
        func node(_ set: ResourceRecordSet?) -> String {
            guard let target = set?.values.first else { return "" }
            return target.hasPrefix("rg-") ? String(target.prefix { $0 != "." }.dropFirst(3)) : target
        }
        if old == nil { return "+\(place):\(node(new))" }
        return new == nil ? "-\(place):\(node(old))" : "\(place):\(node(old))>\(node(new))"
    }
}

extension RecordPlan {
    var short: String { changes.map(\.short).joined(separator: " ") }
}
