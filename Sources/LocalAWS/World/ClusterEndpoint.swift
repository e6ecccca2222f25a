/// What DNS answers to the endpoints of replication groups: the addresses of nodes.
struct ClusterEndpoint: Sendable, Equatable {
    let region: String
    let addresses: [String]
}

extension ReplicationGroup {
    /// A node has the same address all the time: nobody can tell a replaced one by it.
    package func address(of node: Node) -> String {
        let number = Self.hash("\(region)/\(node.id)")
        // Half of 10.0.0.0/8: no two nodes of a world that fits this machine will meet, nor a node and a target.
        return "10.\(128 + number >> 16 & 0x7F).\(number >> 8 & 0xFF).\(number & 0xFF)"
    }

    /// By name. Until a failover is over the primary endpoint leads to the old primary, as DNS in AWS does.
    var endpoints: [DNSName: ClusterEndpoint] {
        guard !isCreating else { return [:] }
        var endpoints: [DNSName: ClusterEndpoint] = [:]
        func add(_ name: String?, _ nodes: [Node]) {
            guard let name, !nodes.isEmpty else { return }
            endpoints[DNSName(name)] = ClusterEndpoint(region: region, addresses: nodes.map(address))
        }
        let made = nodes.filter { $0.status != .creating }
        for node in made { add(endpoint(of: node), [node]) }
        add(configurationEndpoint, made)
        guard let shard = shards.first else { return endpoints }
        let primary = made.filter { node in
            shard.failover.map { $0.from == node.id } ?? (shard.primary?.id == node.id)
        }
        let replicas = made.filter { node in node.role == .replica && node.id != shard.failover?.from }
        add(primaryEndpoint, primary)
        add(readerEndpoint, replicas.isEmpty ? primary : replicas)
        return endpoints
    }
}
