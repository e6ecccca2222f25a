package import AWSClient

/// A replication group as records have to follow it: which nodes are replicas, and whether that is certain.
package struct ClusterView: Sendable, Equatable {
    package struct Node: Sendable, Equatable {
        /// Of its cache cluster, as in `rg-002`.
        package var id: String
        package var shard: String
        /// Its own name, in the form of `DNSName.normalized`.
        package var name: String

        package init(id: String, shard: String, name: String) {
            self.id = id
            self.shard = shard
            self.name = name
        }
    }

    /// Why it cannot be told what the records should be.
    package enum Unsettled: Sendable, Equatable {
        case noShards
        case noPrimary(shard: String, withoutRole: [String])
        case severalPrimaries(shard: String, nodes: [String])
        case primaryWithoutName(shard: String, node: String)
        /// Two nodes with this id, or with one name.
        case nodeTwice(String)
    }

    /// A node that is there, or is being made, and is no replica yet as far as it can be told.
    package struct Waiting: Sendable, Equatable {
        package enum Missing: Sendable, Equatable {
            case role, name, all
        }

        package var node: String
        package var missing: Missing

        package init(node: String, missing: Missing) {
            self.node = node
            self.missing = missing
        }
    }

    package var groupID: String
    /// As in `available`.
    package var status: String
    package var globalDatastoreID: String?
    /// The name of the primary endpoint, in cluster mode of the configuration endpoint; nil where there is none yet.
    package var primaryEndpoint: String?
    /// In the order of the shards.
    package var primaries: [Node] = []
    /// In the order of their ids.
    package var replicas: [Node] = []
    package var waiting: [Waiting] = []
    /// Empty: what is seen is whole.
    package var unsettled: [Unsettled] = []
    let nodeNames: NodeNames

    /// Neither being made nor changed, as far as AWS says.
    package var isAvailable: Bool { status.lowercased() == "available" }

    package init(_ group: ReplicationGroup) {
        groupID = DNSName.normalized(group.id)
        status = group.status
        globalDatastoreID = group.globalDatastoreID
        let shards = group.nodeGroups.sorted { $0.id < $1.id }
        let hasShards = group.clusterEnabled ?? (shards.count > 1 || group.configurationEndpoint != nil)
        let shardEndpoint = shards.count == 1 ? shards.first?.primaryEndpoint : nil
        primaryEndpoint = (group.configurationEndpoint ?? shardEndpoint).map { DNSName.normalized($0.address) }
        nodeNames = NodeNames(
            groupID: groupID, hasShards: hasShards,
            nodes: shards.flatMap(\.members).compactMap(Self.name),
            endpoints: (shards.flatMap { [$0.primaryEndpoint, $0.readerEndpoint] } + [group.configurationEndpoint])
                .compactMap { $0.map { DNSName.normalized($0.address) } })
        if shards.isEmpty { unsettled = [.noShards] }
        for shard in shards { take(shard) }
        replicas.sort { $0.id < $1.id }
        let present = Set(shards.flatMap(\.members).map { DNSName.normalized($0.cacheClusterID) })
        for id in group.memberClusters.map(DNSName.normalized).sorted() where !present.contains(id) {
            waiting.append(Waiting(node: id, missing: .all))
        }
        noteRepetitions()
    }

    private mutating func take(_ shard: ReplicationGroup.NodeGroup) {
        var primaries: [(id: String, name: String?)] = []
        var withoutRole: [String] = []
        for member in shard.members {
            let (id, name) = (DNSName.normalized(member.cacheClusterID), Self.name(of: member))
            switch (member.currentRole?.lowercased(), name) {
            case ("primary", _): primaries.append((id, name))
            case ("replica", let name?): replicas.append(Node(id: id, shard: shard.id, name: name))
            case ("replica", nil): waiting.append(Waiting(node: id, missing: .name))
            case (_, let name):
                withoutRole.append(id)
                waiting.append(Waiting(node: id, missing: name == nil ? .all : .role))
            }
        }
        guard let primary = primaries.first else {
            unsettled.append(.noPrimary(shard: shard.id, withoutRole: withoutRole))
            return
        }
        if primaries.count > 1 {
            unsettled.append(.severalPrimaries(shard: shard.id, nodes: primaries.map(\.id)))
        } else if let name = primary.name {
            self.primaries.append(Node(id: primary.id, shard: shard.id, name: name))
        } else {
            unsettled.append(.primaryWithoutName(shard: shard.id, node: primary.id))
        }
    }

    private mutating func noteRepetitions() {
        var known: Set<String> = []
        for node in primaries + replicas {
            let (isNewID, isNewName) = (known.insert(node.id).inserted, known.insert(node.name).inserted)
            if !isNewID || !isNewName { unsettled.append(.nodeTwice(node.id)) }
        }
    }

    private static func name(of member: ReplicationGroup.Member) -> String? {
        member.readEndpoint.map { DNSName.normalized($0.address) }
    }
}

extension ClusterView {
    package enum Role: Sendable, Equatable {
        case primary, replica
        /// It is there, but what it is cannot be told.
        case unknown
        /// The group has it no more.
        case gone
    }

    /// The id of the node that a record points at; nil where that is no node of this group.
    ///
    /// - Parameter target: in any form.
    func node(behind target: String) -> String? {
        let name = DNSName.normalized(target)
        // A group that was made out of a cluster has that one's name among its nodes'.
        return (primaries + replicas).first { $0.name == name }?.id ?? nodeNames.node(named: name)
    }

    func role(ofNode id: String) -> Role {
        if primaries.contains(where: { $0.id == id }) { return .primary }
        if replicas.contains(where: { $0.id == id }) { return .replica }
        return waiting.contains { $0.node == id } ? .unknown : .gone
    }
}
