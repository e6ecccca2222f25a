/// A replication group by itself: read and written in its one region.
package struct StandaloneGroup: Sendable, Equatable, Encodable {
    package let id: String
    package let region: String

    package init(id: String, region: String) {
        self.id = id
        self.region = region
    }
}

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
        let finished = change { state -> (swapped: Bool, primary: String?)? in
            guard let swapped = state.datastores[id]?.finishFailover(number: number) else { return nil }
            return (swapped, state.datastores[id]?.primary?.region)
        }
        guard let finished else { return }
        events.publish(.failoverFinished(datastore: id, primary: finished.primary, swapped: finished.swapped))
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
        let left = change { state in
            let left = state.datastores[id]?.finishDisassociation(ofMember: member)
            if let left { state.standaloneGroups.append(StandaloneGroup(id: left.id, region: left.region)) }
            return left
        }
        guard let left else { return }
        events.publish(.disassociationFinished(datastore: id, member: left.id, region: left.region))
    }

    private static func notFound(_ id: String) -> AWSFailure {
        AWSFailure(404, "GlobalReplicationGroupNotFoundFault", "Global replication group \(id) not found.")
    }
}
