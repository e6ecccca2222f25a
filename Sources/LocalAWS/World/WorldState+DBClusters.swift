/// Clusters and instances of Aurora.
extension WorldState {
    func dbClusters(in region: String) -> [DBCluster] {
        dbClusters.values.filter { $0.region == region }.sorted { $0.id < $1.id }
    }

    func cluster(ofInstance id: String, in region: String) -> DBCluster? {
        dbClusters(in: region).first { $0.instances.contains { $0.id == id } }
    }

    /// Of its own: what its global cluster is in the middle of counts too.
    func available(_ key: DBCluster.Key) throws(AWSFailure) -> DBCluster {
        let cluster = try knownCluster(key)
        let status = isAboutToBePromoted(cluster) ? "promoting" : status(of: cluster)
        guard status == "available" else {
            throw DBCluster.invalidState("DB cluster \(key.id) is \(status); it must be available.")
        }
        return cluster
    }

    /// It was detached a moment ago, and its status does not show it yet.
    private func isAboutToBePromoted(_ cluster: DBCluster) -> Bool {
        !cluster.takesWrites && globalCluster(of: cluster.key) == nil
    }

    /// As the primary of an empty global cluster, or as a secondary.
    mutating func join(_ cluster: inout DBCluster, to id: String) throws(AWSFailure) {
        var group = try knownGlobalCluster(id)
        guard !group.isDeleting, group.operation == nil else {
            throw GlobalCluster.invalidState("Global cluster \(id) must be available.")
        }
        guard group.source == nil else {
            throw DBCluster.invalidState(
                "The source cluster of \(id) is in a state which is not valid for physical replication.")
        }
        guard cluster.engine == group.engine else {
            throw RDSService.invalidCombination("Global cluster \(id) has the engine \(group.engine.rawValue).")
        }
        guard !group.members.contains(where: { $0.cluster.region == cluster.region }) else {
            throw GlobalCluster.invalidState("Global cluster \(id) has a member in \(cluster.region) already.")
        }
        if let writer = group.writer {
            guard let primary = dbClusters[writer], primary.status == .available else {
                throw DBCluster.invalidState("The primary of global cluster \(id) must be available.")
            }
            cluster.takesWrites = false
            cluster.databaseName = primary.databaseName
        }
        group.members.append(
            GlobalCluster.Member(cluster: cluster.key, isWriter: group.writer == nil, isConnected: group.writer == nil))
        globalClusters[id] = group
    }

    mutating func startDeleting(_ key: DBCluster.Key) throws(AWSFailure) {
        let cluster = try knownCluster(key)
        if let group = globalCluster(of: key) {
            guard group.writer != key || group.members.count == 1 else {
                throw GlobalCluster.invalidState(
                    "Unable to delete \(key.id): it is the primary of global cluster \(group.id), which has others.")
            }
            throw DBCluster.invalidState(
                "\(key.id) is a part of global cluster \(group.id); remove it from there first.")
        }
        guard !cluster.isProtected else {
            throw RDSService.invalidCombination("DB cluster \(key.id) is protected against deletion.")
        }
        guard cluster.instances.allSatisfy({ $0.status == .deleting }) else {
            throw DBCluster.invalidState("DB cluster \(key.id) still has DB instances in non-deleting state.")
        }
        _ = try available(key)
        dbClusters[key]?.status = .deleting
    }
}
