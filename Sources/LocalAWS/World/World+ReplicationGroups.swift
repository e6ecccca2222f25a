import Foundation

/// How long it takes what happens inside a replication group, by the emulator's clock.
package struct ClusterTimes: Sendable, Equatable {
    /// Until a replica is primary. Half of it there is no primary.
    package var failover = Duration.seconds(30)
    /// Until a group, or a replica, is created.
    package var creation = Duration.seconds(300)
    package var removal = Duration.seconds(60)
    package var replacement = Duration.seconds(120)

    package init() {}
}

/// What takes its time with replication groups, and what is told of it.
extension World {
    /// Why a shard fails over.
    enum FailoverCause {
        /// TestFailover.
        case test
        /// The primary is lost.
        case loss
        /// ModifyReplicationGroup names another primary.
        case request
    }

    /// - Throws: what `body` throws, and `ReplicationGroupNotFoundFault`.
    func change<Result: Sendable>(
        _ key: ReplicationGroup.Key, _ body: (inout ReplicationGroup) throws(AWSFailure) -> Result
    ) throws(AWSFailure) -> Result {
        let result = try change { state throws(AWSFailure) in
            guard var group = state.replicationGroups[key] else { throw Self.noGroup(key.id) }
            let result = try body(&group)
            state.replicationGroups[key] = group
            return result
        }
        updateAnswers()
        return result
    }

    /// DNS follows the nodes. That the hosts file cannot be written is nothing that an operation could answer; the next
    /// change of a record tells it.
    func updateAnswers() { try? update { _ in } }

    /// For an operation of the API: nothing else may be under way, in the group's datastore neither.
    func operate<Result: Sendable>(
        _ key: ReplicationGroup.Key, _ body: (inout ReplicationGroup) throws(AWSFailure) -> Result
    ) throws(AWSFailure) -> Result {
        let result = try change { state throws(AWSFailure) in
            guard var group = state.replicationGroups[key] else { throw Self.noGroup(key.id) }
            let status = state.status(of: group)
            guard status == "available" else {
                throw ReplicationGroup.invalidState("Replication group \(key.id) is \(status); it must be available.")
            }
            let result = try body(&group)
            state.replicationGroups[key] = group
            return result
        }
        updateAnswers()
        return result
    }

    func create(_ group: ReplicationGroup) throws(AWSFailure) {
        try change { state throws(AWSFailure) in
            guard state.replicationGroups[group.key] == nil else {
                throw AWSFailure(
                    400, "ReplicationGroupAlreadyExists", "Replication group \(group.id) already exists.")
            }
            state.replicationGroups[group.key] = group
        }
        clock.schedule(after: clusterTimes.creation) { [weak self] in
            self?.finish(group.key, [.created]) { group in
                group.isCreating = false
                group.finishAdding(group.nodes.map(\.id))
                return true
            }
        }
    }

    /// What follows from `ReplicationGroup.startFailover`.
    func follow(_ failover: ReplicationGroup.Failover, of key: ReplicationGroup.Key, because cause: FailoverCause) {
        if cause == .test { tell(key, [.testFailoverCalled(shard: failover.shard)]) }
        events.publish(.nodeFailoverStarted(group: key, failover: failover))
        clock.schedule(after: clusterTimes.failover / 2) { [weak self] in
            self?.finish(key, []) { group in
                group.losePrimary(failover)
                return true
            }
        }
        let isLost = cause != .request
        var kinds: [ClusterEvent.Kind] = [
            .failoverComplete(primary: failover.to, ofGroup: false),
            .failoverComplete(primary: failover.to, ofGroup: true),
        ]
        if isLost { kinds.append(.replacementStarted(failover.from)) }
        clock.schedule(after: clusterTimes.failover) { [weak self, kinds] in
            guard let self else { return }
            let isOver = finish(key, kinds) { $0.finishFailover(failover, isLost: isLost) }
            if isOver, isLost { finishReplacement(of: failover.from, in: key) }
        }
    }

    /// What follows from `ReplicationGroup.startReplacing`.
    func followReplacement(of node: String, in key: ReplicationGroup.Key) {
        tell(key, [.replacementStarted(node)])
        finishReplacement(of: node, in: key)
    }

    private func finishReplacement(of node: String, in key: ReplicationGroup.Key) {
        clock.schedule(after: clusterTimes.replacement) { [weak self] in
            self?.finish(key, [.replacementComplete(node)]) { $0.finishReplacement(of: node) }
        }
    }

    /// What follows from `ReplicationGroup.startAdding`.
    func followAdding(_ nodes: [String], to key: ReplicationGroup.Key) {
        tell(key, nodes.map { .replicaStarted($0) })
        clock.schedule(after: clusterTimes.creation) { [weak self] in
            let kinds = nodes.flatMap { [ClusterEvent.Kind.replicaProvisioned($0), .replicaFinished($0)] }
            self?.finish(key, kinds) { group in
                group.finishAdding(nodes)
                return true
            }
        }
    }

    /// What follows from `ReplicationGroup.startRemoving`.
    func followRemoving(_ nodes: [String], from key: ReplicationGroup.Key) {
        clock.schedule(after: clusterTimes.removal) { [weak self] in
            self?.finish(key, nodes.map { .nodeDeleted($0) }) { group in
                group.finishRemoving(nodes)
                return true
            }
        }
    }

    /// - Parameter body: says whether there was anything to finish.
    @discardableResult
    private func finish(
        _ key: ReplicationGroup.Key, _ kinds: [ClusterEvent.Kind], _ body: (inout ReplicationGroup) -> Bool
    ) -> Bool {
        let finished = change { state in
            guard var group = state.replicationGroups[key], body(&group) else { return false }
            state.replicationGroups[key] = group
            return true
        }
        if finished {
            updateAnswers()
            tell(key, kinds)
        }
        return finished
    }

    /// Tells those who watch the emulator, and the topic of the group.
    func tell(_ key: ReplicationGroup.Key, _ kinds: [ClusterEvent.Kind]) {
        for kind in kinds {
            let event = ClusterEvent(group: key, kind: kind)
            events.publish(.clusterChanged(event))
            guard let group = snapshot.replicationGroups[key], let topic = group.topicARN, group.topicIsActive else {
                continue
            }
            publish(
                PublishedMessage(
                    id: UUID().uuidString.lowercased(), topicARN: topic, time: clock.now,
                    subject: ClusterEvent.subject, message: event.message, attributes: [:]))
        }
    }

    static func noGroup(_ id: String) -> AWSFailure {
        AWSFailure(404, "ReplicationGroupNotFoundFault", "ReplicationGroup \(id) not found.")
    }
}

extension WorldState {
    /// A member of a datastore is a replication group of its region: one that nobody described has one replica.
    mutating func provideReplicationGroups() {
        for datastore in datastores.values {
            for member in datastore.members {
                let group = ReplicationGroup(id: member.id, region: member.region)
                if replicationGroups[group.key] == nil { replicationGroups[group.key] = group }
            }
        }
    }

    package func datastore(of group: ReplicationGroup.Key) -> (id: String, status: String, role: String)? {
        datastores.values.lazy.compactMap { datastore in
            datastore.members.first { $0.id == group.id && $0.region == group.region }
                .map { (datastore.id, datastore.status, $0.role) }
        }.first
    }

    /// As DescribeReplicationGroups tells it: a failover of the datastore shows in its members.
    package func status(of group: ReplicationGroup) -> String {
        group.status == "available" && datastore(of: group.key)?.status == "modifying" ? "modifying" : group.status
    }

    package func replicationGroups(in region: String) -> [ReplicationGroup] {
        replicationGroups.values.filter { $0.region == region }.sorted { $0.id < $1.id }
    }
}
