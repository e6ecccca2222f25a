/// Replication groups as their own region knows them.
extension ElastiCacheService {
    private struct LocalGroup: Identifiable {
        let id: String
        var status = "available"
        /// nil: it stands alone.
        var datastore: (id: String, role: String)?
    }

    func describeLocal(_ call: ServiceCall, into xml: inout XML) throws {
        let groups = localGroups(in: call.region)
        let only = try call.parameters["ReplicationGroupId"].map { id throws(AWSFailure) in
            // Not case sensitive, by the API reference.
            guard let group = groups.first(where: { $0.id == id.lowercased() }) else {
                throw AWSFailure(404, "ReplicationGroupNotFoundFault", "ReplicationGroup \(id) not found.")
            }
            return group
        }
        let page = try Self.page(groups, only: only, of: call)
        xml.element("Marker", page.marker)
        xml.element("ReplicationGroups") { xml in
            for group in page.groups {
                xml.element("ReplicationGroup") { Self.write(group, region: call.region, into: &$0) }
            }
        }
    }

    private func localGroups(in region: String) -> [LocalGroup] {
        let state = world.snapshot
        let members = state.datastores.values.flatMap { datastore in
            datastore.members.filter { $0.region == region }.map { member in
                LocalGroup(
                    id: member.id, status: datastore.status == "modifying" ? "modifying" : "available",
                    datastore: (datastore.id, member.role)
                )
            }
        }
        let alone = state.standaloneGroups.filter { $0.region == region }.map { LocalGroup(id: $0.id) }
        return (members + alone).sorted { $0.id < $1.id }
    }

    private static func write(_ group: LocalGroup, region: String, into xml: inout XML) {
        xml.element("ReplicationGroupId", group.id)
        xml.element("Description", "emulated replication group")
        if let (id, role) = group.datastore {
            xml.element("GlobalReplicationGroupInfo") { xml in
                xml.element("GlobalReplicationGroupId", id)
                xml.element("GlobalReplicationGroupMemberRole", role)
            }
        }
        xml.element("Status", group.status)
        xml.element("MemberClusters") { $0.element("ClusterId", CacheCluster.id(ofGroup: group.id)) }
        xml.element("AutomaticFailover", "enabled")
        xml.element("MultiAZ", "enabled")
        xml.element("ClusterEnabled", false)
        xml.element("CacheNodeType", "cache.r7g.large")
        xml.element("AuthTokenEnabled", false)
        xml.element("TransitEncryptionEnabled", true)
        xml.element("AtRestEncryptionEnabled", true)
        xml.element("ARN", "arn:aws:elasticache:\(region):\(CredentialStore.account):replicationgroup:\(group.id)")
    }
}

/// The one node of a replication group here.
enum CacheCluster {
    static let nodeID = "0001"

    static func id(ofGroup group: String) -> String { "\(group)-001" }
}
