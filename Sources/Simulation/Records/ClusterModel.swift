/// A replication group of ElastiCache as its own region knows it.
package struct ClusterModel: Sendable, Equatable {
    package struct Node: Sendable, Equatable {
        /// Of its cache cluster.
        let id: String
        /// Otherwise it is being made, or made anew.
        var isListed = true
    }

    package struct Shard: Sendable, Equatable {
        let id: String
        var nodes: [Node]
        /// The id of the node; nil while nobody is.
        var primary: String?
        /// How many nodes it ever had.
        var lastNumber: Int
    }

    let id: String
    let region: String
    let isEncrypted: Bool
    /// Cluster mode.
    let hasShards: Bool
    /// AWS documents that only for groups without shards.
    let tellsRoles: Bool
    var shards: [Shard]
    /// Neither available nor settled.
    var isChanging = false

    init(
        id: String, region: String, isEncrypted: Bool, hasShards: Bool, tellsRoles: Bool, shards: Int, nodes: Int
    ) {
        self.id = id
        self.region = region
        self.isEncrypted = isEncrypted
        self.hasShards = hasShards
        self.tellsRoles = tellsRoles
        self.shards = []
        for number in 1...shards {
            let shard = "000\(number)"
            let nodes = (1...nodes).map { Node(id: Self.nodeID(id, hasShards ? shard : nil, $0)) }
            self.shards.append(Shard(id: shard, nodes: nodes, primary: nodes[0].id, lastNumber: nodes.count))
        }
    }

    static func nodeID(_ group: String, _ shard: String?, _ number: Int) -> String {
        "\(group)-\(shard.map { "\($0)-" } ?? "")00\(number)"
    }

    var isSettled: Bool { !isChanging && shards.allSatisfy { $0.primary != nil && $0.nodes.allSatisfy(\.isListed) } }

    var replicas: [Node] { shards.flatMap { shard in shard.nodes.filter { $0.id != shard.primary } } }

    /// - Returns: the id of the new node.
    mutating func addNode(toShard index: Int) -> String {
        shards[index].lastNumber += 1
        let id = Self.nodeID(id, hasShards ? shards[index].id : nil, shards[index].lastNumber)
        shards[index].nodes.append(Node(id: id, isListed: false))
        return id
    }

    mutating func list(_ node: String, _ isListed: Bool) {
        for shard in shards.indices {
            for index in shards[shard].nodes.indices where shards[shard].nodes[index].id == node {
                shards[shard].nodes[index].isListed = isListed
            }
        }
    }

    // MARK: Names

    private var place: String { "\(Self.shortCodes[region] ?? region).cache.amazonaws.com" }
    /// The same for all groups of an account in a region.
    private static let hash = "abc123"
    private static let shortCodes = ["us-east-1": "use1", "us-west-2": "usw2", "eu-west-1": "euw1"]

    func name(of node: String) -> String {
        isEncrypted ? "\(node).\(id).\(Self.hash).\(place)" : "\(node).\(Self.hash).0001.\(place)"
    }

    var primaryEndpoint: String {
        if hasShards {
            return isEncrypted ? "clustercfg.\(id).\(Self.hash).\(place)" : "\(id).\(Self.hash).clustercfg.\(place)"
        }
        return isEncrypted ? "master.\(id).\(Self.hash).\(place)" : "\(id).\(Self.hash).ng.0001.\(place)"
    }

    private var readerEndpoint: String {
        isEncrypted ? "replica.\(id).\(Self.hash).\(place)" : "\(id)-ro.\(Self.hash).ng.0001.\(place)"
    }

    // MARK: As AWS writes it

    /// - Parameters:
    ///   - datastore: of which it is a member; nil where it stands alone.
    ///   - isPrimary: of the datastore.
    func xml(datastore: String?, isPrimary: Bool) -> String {
        var text =
            "<ReplicationGroupId>\(id)</ReplicationGroupId><Status>\(isChanging ? "modifying" : "available")</Status>"
        if let datastore {
            text +=
                "<GlobalReplicationGroupInfo><GlobalReplicationGroupId>\(datastore)</GlobalReplicationGroupId>"
                + "<GlobalReplicationGroupMemberRole>\(isPrimary ? "PRIMARY" : "SECONDARY")"
                + "</GlobalReplicationGroupMemberRole></GlobalReplicationGroupInfo>"
        }
        text += "<ClusterEnabled>\(hasShards)</ClusterEnabled>"
        if hasShards { text += Self.endpoint("ConfigurationEndpoint", primaryEndpoint) }
        let nodes = shards.flatMap(\.nodes).map { "<ClusterId>\($0.id)</ClusterId>" }
        text += "<MemberClusters>\(nodes.joined())</MemberClusters><NodeGroups>"
        for shard in shards {
            text += "<NodeGroup><NodeGroupId>\(shard.id)</NodeGroupId>"
            if !hasShards {
                text +=
                    Self.endpoint("PrimaryEndpoint", primaryEndpoint) + Self.endpoint("ReaderEndpoint", readerEndpoint)
            }
            text += "<NodeGroupMembers>\(shard.nodes.filter(\.isListed).map { xml($0, in: shard) }.joined())"
            text += "</NodeGroupMembers></NodeGroup>"
        }
        return text + "</NodeGroups>"
    }

    private func xml(_ node: Node, in shard: Shard) -> String {
        var text = "<NodeGroupMember><CacheClusterId>\(node.id)</CacheClusterId><CacheNodeId>0001</CacheNodeId>"
        if tellsRoles {
            text += Self.endpoint("ReadEndpoint", name(of: node.id))
            // While it is not decided who is primary, AWS does not say who is what.
            if let primary = shard.primary {
                text += "<CurrentRole>\(node.id == primary ? "primary" : "replica")</CurrentRole>"
            }
        }
        return text + "</NodeGroupMember>"
    }

    private static func endpoint(_ element: String, _ name: String) -> String {
        "<\(element)><Address>\(name)</Address><Port>6379</Port></\(element)>"
    }
}
