/// What happens to shards and nodes, in steps: each `start…` has its `finish…`, and time passes in between.
extension ReplicationGroup {
    // MARK: Failover inside a shard

    /// Roles stay as they are until `losePrimary`.
    /// - Parameters:
    ///   - shard: nil: the only one.
    ///   - target: nil: the first replica that is available.
    package mutating func startFailover(ofShard shard: String?, to target: String? = nil) throws(AWSFailure) -> Failover
    {
        let index = try index(ofShard: shard)
        let found = shards[index]
        guard found.failover == nil, let primary = found.primary else {
            throw Self.invalidState("A failover of node group \(found.id) of \(id) is under way.")
        }
        let candidates = found.replicas.filter { $0.status == .available && target ?? $0.id == $0.id }
        guard let replica = candidates.first else {
            throw Self.invalidState(
                target.map { "Node \($0) is no available replica of node group \(found.id) of \(id)." }
                    ?? "Node group \(found.id) of \(id) has no available replica to fail over to."
            )
        }
        failoverNumber += 1
        let failover = Failover(number: failoverNumber, shard: found.id, from: primary.id, to: replica.id)
        shards[index].failover = failover
        return failover
    }

    /// For a moment nobody is primary.
    mutating func losePrimary(_ failover: Failover) {
        guard let index = shards.firstIndex(where: { $0.failover == failover }) else { return }
        setRole(.replica, of: failover.from, inShard: index)
    }

    /// - Parameter isLost: the old primary has to be replaced: see `finishReplacement`.
    /// - Returns: whether that failover was under way.
    mutating func finishFailover(_ failover: Failover, isLost: Bool) -> Bool {
        guard let index = shards.firstIndex(where: { $0.failover == failover }) else { return false }
        shards[index].failover = nil
        setRole(.replica, of: failover.from, inShard: index)
        setRole(.primary, of: failover.to, inShard: index)
        if isLost { setStatus(.modifying, of: failover.from) }
        return true
    }

    // MARK: Number of replicas

    /// - Parameter counts: the replicas that a shard is to have, by its id.
    /// - Returns: the ids of those that are being made: they have no endpoint until `finishAdding`.
    mutating func startAdding(upTo counts: [String: Int]) throws(AWSFailure) -> [String] {
        let plan = try plan(counts) { $0 >= $1 }
        var added: [String] = []
        for (index, count) in plan {
            for _ in shards[index].replicas.count..<count {
                let node = newNode(in: shards[index])
                shards[index].nodes.append(node)
                added.append(node.id)
            }
            shards[index].nodes.sort { $0.id < $1.id }
        }
        guard nodes.count <= Self.mostNodes else {
            throw AWSFailure(
                400, "NodeQuotaForClusterExceeded", "\(id) would have more than \(Self.mostNodes) nodes."
            )
        }
        return added
    }

    mutating func finishAdding(_ ids: [String]) {
        for id in ids { setStatus(.available, of: id) }
    }

    /// - Returns: the ids of those that go: the ones with the highest numbers. They are replicas until
    ///   `finishRemoving`.
    mutating func startRemoving(downTo counts: [String: Int]) throws(AWSFailure) -> [String] {
        let plan = try plan(counts) { $0 <= $1 }
        let going = plan.flatMap { index, count in
            shards[index].replicas.map(\.id).suffix(shards[index].replicas.count - count)
        }
        try startRemoving(going)
        return going
    }

    mutating func startRemoving(_ ids: [String]) throws(AWSFailure) {
        let least = options.multiAZ && !options.clusterMode ? 1 : 0
        for id in ids {
            guard let shard = shard(of: id), let node = shard.nodes.first(where: { $0.id == id }) else {
                throw AWSFailure(404, "CacheClusterNotFound", "\(id) is no node of \(self.id).")
            }
            guard node.role == .replica, node.status == .available, shard.failover == nil else {
                throw AWSFailure(
                    400, "InvalidParameterValue", "\(id) is no available replica, and cannot be removed."
                )
            }
        }
        for shard in shards {
            let left = shard.replicas.filter { $0.status != .deleting && !ids.contains($0.id) }
            guard left.count >= least || left.count == shard.replicas.count else {
                throw AWSFailure(
                    400, "InvalidParameterValue",
                    "Replication group \(id) must keep at least \(least) replica while Multi-AZ is enabled."
                )
            }
        }
        for id in ids { setStatus(.deleting, of: id) }
    }

    mutating func finishRemoving(_ ids: [String]) {
        for index in shards.indices { shards[index].nodes.removeAll { ids.contains($0.id) } }
    }

    // MARK: Replacement of a node

    /// The node keeps its id and its endpoint.
    /// - Parameter isListed: false: until it is back the answers do not have it.
    mutating func startReplacing(_ node: String, isListed: Bool) throws(AWSFailure) {
        guard let found = nodes.first(where: { $0.id == node }) else {
            throw AWSFailure(404, "CacheClusterNotFound", "\(node) is no node of \(id).")
        }
        guard found.status == .available, found.role == .replica else {
            throw AWSFailure(400, "InvalidCacheClusterState", "\(node) is no available replica.")
        }
        setStatus(.modifying, of: node)
        update(node) { $0.isListed = isListed }
    }

    /// - Returns: whether it was under way.
    mutating func finishReplacement(of node: String) -> Bool {
        guard nodes.contains(where: { $0.id == node && $0.status == .modifying }) else { return false }
        setStatus(.available, of: node)
        update(node) { $0.isListed = true }
        return true
    }

    // MARK: -

    /// - Parameter id: nil: the only one.
    func shard(_ id: String?) throws(AWSFailure) -> Shard { shards[try index(ofShard: id)] }

    private func index(ofShard shard: String?) throws(AWSFailure) -> Int {
        guard let shard else {
            guard shards.count == 1 else {
                throw AWSFailure(
                    400, "InvalidParameterValue", "\(id) has \(shards.count) node groups: say which one.")
            }
            return 0
        }
        guard let index = shards.firstIndex(where: { $0.id == shard }) else {
            throw AWSFailure(404, "NodeGroupNotFoundFault", "Replication group \(id) has no node group \(shard).")
        }
        return index
    }

    /// - Parameter isRight: of the number that is wanted, and the one that there is.
    private func plan(_ counts: [String: Int], _ isRight: (Int, Int) -> Bool) throws(AWSFailure) -> [(Int, Int)] {
        var plan: [(Int, Int)] = []
        for (shard, count) in counts.sorted(by: { $0.key < $1.key }) {
            let index = try index(ofShard: shard)
            guard (0...Self.mostReplicas).contains(count), isRight(count, shards[index].replicas.count) else {
                throw AWSFailure(
                    400, "InvalidParameterValue",
                    "Node group \(shard) of \(id) has \(shards[index].replicas.count) replicas and cannot come to "
                        + "\(count) this way; a node group has at most \(Self.mostReplicas)."
                )
            }
            plan.append((index, count))
        }
        guard plan.contains(where: { shards[$0].replicas.count != $1 }) else {
            throw AWSFailure(400, "NoOperationFault", "\(id) has that number of replicas already.")
        }
        return plan
    }

    private mutating func setRole(_ role: Role, of node: String, inShard index: Int) {
        for position in shards[index].nodes.indices where shards[index].nodes[position].id == node {
            shards[index].nodes[position].role = role
        }
    }

    private mutating func setStatus(_ status: Node.Status, of node: String) { update(node) { $0.status = status } }

    private mutating func update(_ id: String, _ change: (inout Node) -> Void) {
        for shard in shards.indices {
            for position in shards[shard].nodes.indices where shards[shard].nodes[position].id == id {
                change(&shards[shard].nodes[position])
            }
        }
    }

    static func invalidState(_ message: String) -> AWSFailure {
        AWSFailure(400, "InvalidReplicationGroupState", message)
    }
}
