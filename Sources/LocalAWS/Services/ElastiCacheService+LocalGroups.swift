/// Replication groups and their nodes as their own region knows them.
extension ElastiCacheService {
    func describeLocal(_ call: ServiceCall, into xml: inout XML) throws {
        let state = world.snapshot
        let groups = state.replicationGroups(in: call.region)
        let only = try call.parameters["ReplicationGroupId"].map { id throws(AWSFailure) in
            // Not case sensitive, by the API reference.
            guard let group = groups.first(where: { $0.id == id.lowercased() }) else { throw World.noGroup(id) }
            return group
        }
        let page = try Self.page(groups, only: only, of: call)
        xml.element("Marker", page.marker)
        xml.element("ReplicationGroups") { xml in
            for group in page.groups {
                xml.element("ReplicationGroup") { Self.write(group, in: state, into: &$0) }
            }
        }
    }

    static func write(_ group: ReplicationGroup, in state: WorldState, into xml: inout XML) {
        let options = group.options
        xml.element("ReplicationGroupId", group.id)
        xml.element("Description", "emulated replication group")
        if let datastore = state.datastore(of: group.key) {
            xml.element("GlobalReplicationGroupInfo") { xml in
                xml.element("GlobalReplicationGroupId", datastore.id)
                xml.element("GlobalReplicationGroupMemberRole", datastore.role)
            }
        }
        xml.element("Status", state.status(of: group))
        xml.element("MemberClusters") { xml in
            for node in group.nodes where node.isListed { xml.element("ClusterId", node.id) }
        }
        // A group that is being created has no shards yet.
        if !group.isCreating {
            xml.element("NodeGroups") { xml in
                for shard in group.shards { xml.element("NodeGroup") { write(shard, of: group, into: &$0) } }
            }
            write("ConfigurationEndpoint", group.configurationEndpoint, of: group, into: &xml)
        }
        xml.element("AutomaticFailover", options.automaticFailover ? "enabled" : "disabled")
        xml.element("MultiAZ", options.multiAZ ? "enabled" : "disabled")
        xml.element("ClusterEnabled", options.clusterMode)
        xml.element("CacheNodeType", "cache.r7g.large")
        xml.element("AuthTokenEnabled", false)
        xml.element("TransitEncryptionEnabled", options.tls)
        xml.element("AtRestEncryptionEnabled", true)
        xml.element(
            "ARN", "arn:aws:elasticache:\(group.region):\(CredentialStore.account):replicationgroup:\(group.id)")
        xml.element("ClusterMode", options.clusterMode ? "enabled" : "disabled")
        xml.element("Engine", "redis")
    }

    private static func write(_ shard: ReplicationGroup.Shard, of group: ReplicationGroup, into xml: inout XML) {
        let tellsNodes = !group.options.clusterMode || group.options.tellsNodes
        xml.element("NodeGroupId", shard.id)
        xml.element("Status", shard.isSettled ? "available" : "modifying")
        write("PrimaryEndpoint", group.primaryEndpoint, of: group, into: &xml)
        write("ReaderEndpoint", group.readerEndpoint, of: group, into: &xml)
        if group.options.clusterMode { xml.element("Slots", group.slots(of: shard)) }
        xml.element("NodeGroupMembers") { xml in
            for node in shard.nodes where node.isListed {
                xml.element("NodeGroupMember") { xml in
                    xml.element("CacheClusterId", node.id)
                    xml.element("CacheNodeId", CacheCluster.nodeID)
                    if tellsNodes { write("ReadEndpoint", group.endpoint(of: node), of: group, into: &xml) }
                    xml.element("PreferredAvailabilityZone", node.zone)
                    if tellsNodes { xml.element("CurrentRole", node.role.rawValue) }
                }
            }
        }
    }

    /// Nothing at all where there is none.
    private static func write(_ name: String, _ address: String?, of group: ReplicationGroup, into xml: inout XML) {
        guard let address else { return }
        xml.element(name) { xml in
            xml.element("Address", address)
            xml.element("Port", group.options.port)
        }
    }

    // MARK: Nodes

    private struct Node: Identifiable {
        let group: ReplicationGroup
        let node: ReplicationGroup.Node
        var id: String { node.id }
    }

    func describeNodes(_ call: ServiceCall, into xml: inout XML) throws {
        let showsNodes = try call.flag("ShowCacheNodeInfo") ?? false
        var nodes = world.snapshot.replicationGroups(in: call.region)
            .flatMap { group in group.nodes.filter(\.isListed).map { Node(group: group, node: $0) } }
            .sorted { $0.id < $1.id }
        // All clusters here are a replication group's.
        if try call.flag("ShowCacheClustersNotInReplicationGroups") ?? false { nodes = [] }
        let only = try call.parameters["CacheClusterId"].map { id throws(AWSFailure) in
            guard let node = nodes.first(where: { $0.id == id.lowercased() }) else {
                throw AWSFailure(404, "CacheClusterNotFound", "CacheCluster not found: \(id)")
            }
            return node
        }
        let page = try Self.page(nodes, only: only, of: call)
        xml.element("Marker", page.marker)
        xml.element("CacheClusters") { xml in
            for node in page.groups {
                xml.element("CacheCluster") { Self.write(node.node, of: node.group, showsNodes, into: &$0) }
            }
        }
    }

    private static func write(
        _ node: ReplicationGroup.Node, of group: ReplicationGroup, _ showsNodes: Bool, into xml: inout XML
    ) {
        let status = node.status.rawValue
        xml.element("CacheClusterId", node.id)
        xml.element("CacheNodeType", "cache.r7g.large")
        xml.element("Engine", "redis")
        xml.element("EngineVersion", "7.1.0")
        xml.element("CacheClusterStatus", status)
        xml.element("NumCacheNodes", 1)
        xml.element("PreferredAvailabilityZone", node.zone)
        if let topic = group.topicARN {
            xml.element("NotificationConfiguration") { xml in
                xml.element("TopicArn", topic)
                xml.element("TopicStatus", group.topicIsActive ? "active" : "inactive")
            }
        }
        if showsNodes {
            xml.element("CacheNodes") { xml in
                xml.element("CacheNode") { xml in
                    xml.element("CacheNodeId", CacheCluster.nodeID)
                    xml.element("CacheNodeStatus", status)
                    write("Endpoint", group.endpoint(of: node), of: group, into: &xml)
                    xml.element("CustomerAvailabilityZone", node.zone)
                }
            }
        }
        xml.element("ReplicationGroupId", group.id)
        xml.element("AuthTokenEnabled", false)
        xml.element("TransitEncryptionEnabled", group.options.tls)
        xml.element("AtRestEncryptionEnabled", true)
        xml.element("ARN", "arn:aws:elasticache:\(group.region):\(CredentialStore.account):cluster:\(node.id)")
    }
}

/// A node of a replication group is a cluster of one node to the API.
enum CacheCluster {
    static let nodeID = "0001"
}
