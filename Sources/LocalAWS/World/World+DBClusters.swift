/// What makes and removes clusters and instances of Aurora, and takes its time.
extension World {
    // MARK: Global clusters

    /// Without members, or of a cluster that is its primary in a while.
    func create(_ group: GlobalCluster) throws(AWSFailure) {
        try operate { state throws(AWSFailure) in
            guard state.globalClusters[group.id] == nil else { throw GlobalCluster.exists(group.id) }
            if let source = group.source {
                let cluster = try state.knownCluster(source)
                guard state.globalCluster(of: source) == nil else {
                    throw DBCluster.invalidState("\(source.arn) is a member of a global cluster already.")
                }
                guard cluster.status == .available, cluster.takesWrites else {
                    throw DBCluster.invalidState("\(source.arn) must be available, and take writes.")
                }
                state.dbClusters[source]?.status = .promoting
            }
            state.globalClusters[group.id] = group
        }
        tell(group.id, .globalClusterCreated)
        guard let source = group.source else { return }
        clock.schedule(after: auroraTimes.adoption) { [weak self] in
            let isThere = self?.change { state in
                guard state.globalClusters[group.id]?.source == source else { return false }
                state.globalClusters[group.id]?.source = nil
                state.globalClusters[group.id]?.members.append(GlobalCluster.Member(cluster: source, isWriter: true))
                state.dbClusters[source]?.status = .available
                return true
            }
            guard isThere == true else { return }
            self?.updateAnswers()
            self?.tell(group.id, .joined(source))
        }
    }

    /// - Returns: the global cluster as it is meanwhile.
    func deleteGlobalCluster(_ id: String) throws(AWSFailure) -> GlobalCluster {
        let group = try operate { state throws(AWSFailure) in
            let group = try state.knownGlobalCluster(id)
            guard group.members.isEmpty, group.source == nil, !group.isDeleting else {
                throw GlobalCluster.invalidState("Global Cluster \(group.arn) is not empty, or goes already.")
            }
            guard !group.isProtected else { throw RDSService.invalidCombination("Global cluster \(id) is protected.") }
            state.globalClusters[id]?.isDeleting = true
            return try state.knownGlobalCluster(id)
        }
        clock.schedule(after: auroraTimes.removal) { [weak self] in
            guard self?.change({ $0.globalClusters.removeValue(forKey: id) }) != nil else { return }
            self?.tell(id, .globalClusterDeleted)
        }
        return group
    }

    /// At once, and with it the endpoint.
    /// - Parameters:
    ///   - name: nil for the one that it has.
    ///   - isProtected: nil for what it is.
    func modifyGlobalCluster(_ id: String, name: String?, isProtected: Bool?) throws(AWSFailure) -> GlobalCluster {
        let group = try operate { state throws(AWSFailure) in
            var group = try state.knownGlobalCluster(id)
            guard !group.isDeleting, group.operation == nil, group.source == nil else {
                throw GlobalCluster.invalidState("Global cluster \(id) must be available.")
            }
            if let isProtected { group.isProtected = isProtected }
            if let name, name != id {
                guard state.globalClusters[name] == nil else { throw GlobalCluster.exists(name) }
                group.rename(to: name)
                state.globalClusters[id] = nil
            }
            state.globalClusters[group.id] = group
            return group
        }
        guard group.id != id else { return group }
        tell(group.id, .globalClusterRenamed(from: id))
        // That of the old name finds nobody any more.
        startResync(of: group.id)
        return group
    }

    // MARK: Clusters

    /// - Parameter id: of the global cluster that it joins: as a secondary, or as the primary of an empty one.
    func create(_ cluster: DBCluster, in id: String?) throws(AWSFailure) {
        try operate { state throws(AWSFailure) in
            guard state.dbClusters[cluster.key] == nil else { throw Self.clusterExists(cluster.id) }
            var cluster = cluster
            cluster.status = .creating
            if let id { try state.join(&cluster, to: id) }
            state.dbClusters[cluster.key] = cluster
        }
        if let id { tell(id, .joined(cluster.key)) }
        clock.schedule(after: auroraTimes.creation) { [weak self] in
            guard let self else { return }
            let isThere = change { state in
                guard state.dbClusters[cluster.key]?.status == .creating else { return false }
                state.dbClusters[cluster.key]?.status = .available
                return true
            }
            guard isThere else { return }
            updateAnswers()
            tell(nil, .clusterCreated(cluster.key))
            if let id, let group = snapshot.globalClusters[id] {
                connect(cluster.key, in: id, number: group.operationNumber)
            }
        }
    }

    /// - Parameter snapshot: the id of the final one; nil for none.
    /// - Returns: the cluster as it is meanwhile.
    func deleteCluster(_ key: DBCluster.Key, snapshot: String?) throws(AWSFailure) -> DBCluster {
        let cluster = try operate { state throws(AWSFailure) in
            try state.startDeleting(key)
            if let snapshot { try state.putSnapshot(snapshot, of: key) }
            return try state.knownCluster(key)
        }
        clock.schedule(after: auroraTimes.removal) { [weak self] in
            guard self?.change({ $0.dbClusters.removeValue(forKey: key) }) != nil else { return }
            self?.updateAnswers()
            self?.tell(nil, .clusterDeleted(key))
        }
        return cluster
    }

    /// At once, and with it the endpoints.
    func rename(_ key: DBCluster.Key, to id: String) throws(AWSFailure) -> DBCluster {
        let renamed = try operate { state throws(AWSFailure) in
            var cluster = try state.available(key)
            guard state.globalCluster(of: key) == nil else {
                throw DBCluster.invalidState("\(key.arn) is a member of a global cluster, and keeps its name here.")
            }
            cluster.rename(to: id)
            guard state.dbClusters[cluster.key] == nil else { throw Self.clusterExists(id) }
            state.dbClusters[key] = nil
            state.dbClusters[cluster.key] = cluster
            return cluster
        }
        tell(nil, .clusterRenamed(renamed.key, from: key.id))
        return renamed
    }

    private static func clusterExists(_ id: String) -> AWSFailure {
        AWSFailure(400, "DBClusterAlreadyExistsFault", "DB cluster \(id) already exists.")
    }

    // MARK: Instances

    func create(_ instance: DBCluster.Instance, in key: DBCluster.Key) throws(AWSFailure) {
        try operate { state throws(AWSFailure) in
            guard state.cluster(ofInstance: instance.id, in: key.region) == nil else {
                throw AWSFailure(400, "DBInstanceAlreadyExists", "DB instance \(instance.id) already exists.")
            }
            _ = try state.available(key)
            state.dbClusters[key]?.instances.append(instance)
        }
        clock.schedule(after: auroraTimes.creation) { [weak self] in
            self?.change { $0.dbClusters[key]?.setStatus(.available, ofInstance: instance.id) }
            self?.updateAnswers()
            self?.tell(nil, .instanceCreated(instance.id, of: key))
        }
    }

    /// - Returns: its cluster as it is meanwhile.
    func deleteInstance(_ id: String, in region: String) throws(AWSFailure) -> DBCluster {
        let cluster = try operate { state throws(AWSFailure) in
            guard var cluster = state.cluster(ofInstance: id, in: region) else { throw Self.noInstance(id) }
            guard cluster.instances.contains(where: { $0.id == id && $0.status == .available }) else {
                throw AWSFailure(400, "InvalidDBInstanceState", "DB instance \(id) must be available.")
            }
            cluster.setStatus(.deleting, ofInstance: id)
            state.dbClusters[cluster.key] = cluster
            return cluster
        }
        clock.schedule(after: auroraTimes.removal) { [weak self] in
            self?.change { $0.dbClusters[cluster.key]?.instances.removeAll { $0.id == id } }
            self?.updateAnswers()
            self?.tell(nil, .instanceDeleted(id, of: cluster.key))
        }
        return cluster
    }

    static func noInstance(_ id: String) -> AWSFailure {
        AWSFailure(404, "DBInstanceNotFound", "DBInstance \(id) not found.")
    }
}
