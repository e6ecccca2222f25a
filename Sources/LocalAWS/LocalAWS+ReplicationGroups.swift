/// Replication groups for whoever plays with them: without the API's conditions, but for what cannot be.
extension LocalAWS {
    package func replicationGroup(_ id: String, region: String) -> ReplicationGroup? {
        world.snapshot.replicationGroups[ReplicationGroup.Key(region: region, id: id)]
    }

    /// It is there at once, in place of one of the same id and region.
    package func put(_ group: ReplicationGroup) {
        world.change { $0.replicationGroups[group.key] = group }
        world.updateAnswers()
    }

    /// What is not asked of the API: the topic, the options.
    package func update(_ key: ReplicationGroup.Key, _ change: (inout ReplicationGroup) -> Void) throws(AWSFailure) {
        try world.change(key) { group throws(AWSFailure) in change(&group) }
    }

    /// The primary of a shard is lost: a replica takes its place, and it comes back as one.
    /// - Parameters:
    ///   - shard: nil: the only one.
    ///   - target: a replica; nil: the first that is available.
    package func failOver(_ key: ReplicationGroup.Key, shard: String? = nil, to target: String? = nil)
        throws(AWSFailure)
    {
        let failover = try world.change(key) { group throws(AWSFailure) in
            try group.startFailover(ofShard: shard, to: target)
        }
        world.follow(failover, of: key, because: .loss)
    }

    /// - Parameter shard: nil: the only one.
    /// - Returns: their ids.
    @discardableResult
    package func addReplicas(_ count: Int = 1, to key: ReplicationGroup.Key, shard: String? = nil)
        throws(AWSFailure) -> [String]
    {
        let added = try world.change(key) { group throws(AWSFailure) in
            let shard = try group.shard(shard)
            return try group.startAdding(upTo: [shard.id: shard.replicas.count + count])
        }
        world.followAdding(added, to: key)
        return added
    }

    package func remove(replicas: [String], from key: ReplicationGroup.Key) throws(AWSFailure) {
        try world.change(key) { group throws(AWSFailure) in try group.startRemoving(replicas) }
        world.followRemoving(replicas, from: key)
    }

    /// A new node comes with the id of the old one. Of a primary that is a failover, after which the old one comes back.
    /// - Parameter isListed: false: until it is back no answer has the node.
    package func replace(node: String, of key: ReplicationGroup.Key, isListed: Bool = true) throws(AWSFailure) {
        let failover = try world.change(key) { group throws(AWSFailure) -> ReplicationGroup.Failover? in
            if let shard = group.shard(of: node), shard.primary?.id == node {
                return try group.startFailover(ofShard: shard.id)
            }
            try group.startReplacing(node, isListed: isListed)
            return nil
        }
        if let failover {
            world.follow(failover, of: key, because: .loss)
        } else {
            world.followReplacement(of: node, in: key)
        }
    }
}
