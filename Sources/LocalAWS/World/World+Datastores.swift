import Foundation

/// What takes its time with global datastores.
extension World {
    func startFailover(of id: String, toRegion region: String, member: String, lasting duration: Duration)
        throws(AWSFailure) -> GlobalDatastore
    {
        let (old, started) = try change { state throws(AWSFailure) in
            guard var datastore = state.datastores[id] else { throw Self.notFound(id) }
            let old = datastore.primary?.region
            try datastore.startFailover(toRegion: region, member: member)
            state.datastores[id] = datastore
            return (old, datastore)
        }
        events.publish(.failoverStarted(datastore: id, from: old, to: region))
        clock.schedule(after: duration) { [weak self] in
            self?.finishFailover(of: id, number: started.failoverNumber)
        }
        return started
    }

    private func finishFailover(of id: String, number: Int) {
        let finished = change { state -> (swapped: Bool, primary: GlobalDatastore.Member?)? in
            guard let swapped = state.datastores[id]?.finishFailover(number: number) else { return nil }
            return (swapped, state.datastores[id]?.primary)
        }
        guard let finished else { return }
        events.publish(.failoverFinished(datastore: id, primary: finished.primary?.region, swapped: finished.swapped))
        guard finished.swapped, let primary = finished.primary else { return }
        tell(ReplicationGroup.Key(region: primary.region, id: primary.id), [.promotedAsPrimary])
    }

    /// - Returns: whether there is such a datastore.
    func setFailoverBehavior(_ behavior: FailoverBehavior, of id: String) -> Bool {
        let (isThere, stalled) = change { state in
            (state.datastores[id] != nil, state.datastores[id]?.setFailoverBehavior(behavior))
        }
        if let stalled { finishFailover(of: id, number: stalled) }
        return isThere
    }

    func startDisassociation(of id: String, region: String, member: String, lasting duration: Duration)
        throws(AWSFailure) -> GlobalDatastore
    {
        let started = try change { state throws(AWSFailure) in
            guard var datastore = state.datastores[id] else { throw Self.notFound(id) }
            try datastore.startDisassociation(ofMember: member, region: region)
            state.datastores[id] = datastore
            return datastore
        }
        events.publish(.disassociationStarted(datastore: id, member: member, region: region))
        clock.schedule(after: duration) { [weak self] in self?.finishDisassociation(of: id, member: member) }
        return started
    }

    private func finishDisassociation(of id: String, member: String) {
        let left = change { $0.datastores[id]?.finishDisassociation(ofMember: member) }
        guard let left else { return }
        events.publish(.disassociationFinished(datastore: id, member: left.id, region: left.region))
    }

    private static func notFound(_ id: String) -> AWSFailure {
        AWSFailure(404, "GlobalReplicationGroupNotFoundFault", "Global replication group \(id) not found.")
    }
}

// MARK: What they were

extension WorldState {
    /// For how long it is kept what they were, in seconds.
    private static let memory: TimeInterval = 120

    mutating func noteDatastores(at now: Date) {
        guard pastDatastores.last?.datastores != datastores else { return }
        // One that was replaced longer ago than anybody asks for.
        while pastDatastores.count > 1, now.timeIntervalSince(pastDatastores[1].since) > Self.memory {
            pastDatastores.removeFirst()
        }
        pastDatastores.append((now, datastores))
    }
}

extension World {
    func datastores(age: Duration) -> [String: GlobalDatastore] {
        let world = snapshot
        guard age > .zero else { return world.datastores }
        let time = clock.now.addingTimeInterval(-age.seconds)
        return (world.pastDatastores.last { $0.since <= time } ?? world.pastDatastores.first)?.datastores ?? [:]
    }
}

extension LocalAWS {
    /// Somebody promotes the member of a region in the console.
    package func failOver(datastore id: String, toRegion region: String) throws(AWSFailure) {
        let member = datastore(id)?.members.first { $0.region == region }?.id ?? ""
        _ = try world.startFailover(of: id, toRegion: region, member: member, lasting: configuration.failoverDuration)
    }
}
