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
