/// A replication group in the control API's JSON.
struct ReplicationGroupForm: Encodable {
    struct Node: Encodable {
        let id: String
        let shard: String
        let role: ReplicationGroup.Role
        let status: String
        let zone: String
        let endpoint: String?
        let listed: Bool
    }

    let id: String
    let region: String
    let status: String
    let clusterMode: Bool
    let tls: Bool
    let automaticFailover: Bool
    let tellsNodes: Bool
    /// nil: it stands alone.
    let datastore: String?
    let topicARN: String?
    let configurationEndpoint: String?
    let primaryEndpoint: String?
    let readerEndpoint: String?
    let nodes: [Node]

    init(_ group: ReplicationGroup, in world: WorldState) {
        id = group.id
        region = group.region
        status = world.status(of: group)
        clusterMode = group.options.clusterMode
        tls = group.options.tls
        automaticFailover = group.options.automaticFailover
        tellsNodes = !group.options.clusterMode || group.options.tellsNodes
        datastore = world.datastore(of: group.key)?.id
        topicARN = group.topicARN
        configurationEndpoint = group.configurationEndpoint
        primaryEndpoint = group.primaryEndpoint
        readerEndpoint = group.readerEndpoint
        nodes = group.shards.flatMap { shard in
            shard.nodes.map { node in
                Node(
                    id: node.id, shard: shard.id, role: node.role, status: node.status.rawValue, zone: node.zone,
                    endpoint: group.endpoint(of: node), listed: node.isListed
                )
            }
        }
    }
}

struct NodeFailoverForm: Decodable {
    /// null or missing: the only one.
    let shard: String?
    /// A replica; null or missing: the first that is available.
    let to: String?
}

struct ReplicasForm: Decodable {
    /// null or missing: the only one.
    let shard: String?
    /// So many more; null or missing: one.
    let count: Int?
}

struct ReplacementForm: Decodable {
    /// false: until it is back no answer has the node.
    let listed: Bool?
}

/// What is missing stays as it is.
struct GroupOptionsForm: Decodable {
    /// Empty: none.
    let topicARN: String?
    /// By name: they subscribe to the topic. Where the group has none one is made.
    let functions: [String]?
    let automaticFailover: Bool?
    let multiAZ: Bool?
    let tellsNodes: Bool?
}

/// All but the id and the region may be left out.
struct NewGroupForm: Decodable {
    let id: String
    let region: String
    let shards: Int?
    let replicas: Int?
    let clusterMode: Bool?
    let tls: Bool?
    let tellsNodes: Bool?
}
