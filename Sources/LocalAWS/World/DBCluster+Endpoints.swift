/// What clients connect to.
extension DBCluster {
    /// `HASH` in the endpoints: twelve letters and digits that AWS makes up for an account and region. Here the same
    /// ones each time.
    private static func hash(_ text: String) -> String {
        let text = String(ReplicationGroup.hash(text), radix: 36)
        return String(repeating: "0", count: max(0, 12 - text.count)) + text.prefix(12)
    }

    private var suffix: String {
        region.hasPrefix("cn-") ? "rds.\(region).amazonaws.com.cn" : "\(region).rds.amazonaws.com"
    }

    /// Of the writer. A secondary of a global cluster has it too, but it leads nowhere.
    package var endpoint: String { "\(id).cluster-\(Self.hash(region)).\(suffix)" }
    package var readerEndpoint: String { "\(id).cluster-ro-\(Self.hash(region)).\(suffix)" }

    /// nil while the instance is being created.
    package func endpoint(of instance: Instance) -> String? {
        instance.status == .creating ? nil : "\(instance.id).\(Self.hash(region)).\(suffix)"
    }

    /// An instance has the same address all the time.
    package func address(of instance: Instance) -> String {
        if let address = instance.address { return address }
        let number = ReplicationGroup.hash("rds/\(region)/\(instance.id)")
        // A quarter of 10.0.0.0/8 in which there are neither targets nor nodes.
        return "10.\(64 + number >> 16 & 0x3F).\(number >> 8 & 0xFF).\(number & 0xFF)"
    }

    /// By name.
    var endpoints: [DNSName: ClusterEndpoint] {
        guard status != .creating else { return [:] }
        var endpoints: [DNSName: ClusterEndpoint] = [:]
        func add(_ name: String?, _ instances: [Instance]) {
            guard let name, !instances.isEmpty else { return }
            endpoints[DNSName(name)] = ClusterEndpoint(region: region, addresses: instances.map(address))
        }
        for instance in instances { add(endpoint(of: instance), [instance]) }
        let writers = writer.map { [$0] } ?? []
        add(endpoint, writers)
        add(readerEndpoint, readers.isEmpty ? writers : readers)
        return endpoints
    }

    /// The writer endpoint of a global cluster.
    static func globalEndpoint(_ id: String) -> String { "\(id).global-\(hash(id)).global.rds.amazonaws.com" }
}

extension WorldState {
    /// What DNS answers to the endpoints of DB clusters and global clusters.
    var auroraEndpoints: [DNSName: ClusterEndpoint] {
        var endpoints: [DNSName: ClusterEndpoint] = [:]
        for cluster in dbClusters.values { endpoints.merge(cluster.endpoints) { first, _ in first } }
        for group in globalClusters.values {
            guard let cluster = group.writer.flatMap({ dbClusters[$0] }), let writer = cluster.writer else { continue }
            endpoints[DNSName(group.endpoint)] = ClusterEndpoint(
                region: cluster.region, addresses: [cluster.address(of: writer)])
        }
        return endpoints
    }
}
