/// How long it takes what happens to Aurora's clusters, by the emulator's clock.
package struct AuroraTimes: Sendable, Equatable {
    /// Of a failover and of a switchover; the first twelfth of each they are `pending`.
    package var failover = Duration.seconds(60)
    package var switchover = Duration.seconds(60)
    /// Until a secondary has the data of a primary that a failover has made.
    package var resync = Duration.seconds(120)
    /// Until a detached cluster takes writes. The first quarter of it nothing of that shows in its status.
    package var promotion = Duration.seconds(20)
    /// Until the list of members tells that one was detached: in AWS it may be some seconds.
    package var listing = Duration.zero
    /// Until the cluster that a global cluster is made of is its primary.
    package var adoption = Duration.seconds(30)
    /// Until a cluster, or an instance, is created.
    package var creation = Duration.seconds(300)
    package var removal = Duration.seconds(60)

    package init() {}

    func duration(of operation: GlobalCluster.Operation.Kind) -> Duration {
        operation == .failover ? failover : switchover
    }
}

/// What takes its time with global clusters.
extension World {
    /// For an operation of RDS: what throws changes nothing.
    func operate<Result: Sendable>(_ body: (inout WorldState) throws(AWSFailure) -> Result) throws(AWSFailure) -> Result
    {
        let result = try change { state throws(AWSFailure) in
            var changed = state
            let result = try body(&changed)
            state = changed
            return result
        }
        updateAnswers()
        return result
    }

    func startOperation(_ kind: GlobalCluster.Operation.Kind, of id: String, to target: DBCluster.Key)
        throws(AWSFailure) -> GlobalCluster
    {
        let (operation, group) = try operate { state throws(AWSFailure) in
            (try state.startOperation(kind, of: id, to: target), try state.knownGlobalCluster(id))
        }
        tell(id, .operationStarted(operation))
        let duration = auroraTimes.duration(of: kind)
        clock.schedule(after: duration / 12) { [weak self] in
            self?.change { $0.proceed(with: operation.number, of: id) }
        }
        clock.schedule(after: duration) { [weak self] in self?.finishOperation(operation.number, of: id) }
        return group
    }

    private func finishOperation(_ number: Int, of id: String) {
        guard let (operation, end) = change({ $0.finishOperation(number, of: id) }) else { return }
        switch end {
        case .stalled: tell(id, .operationStalled(operation))
        case .cancelled:
            clock.schedule(after: auroraTimes.duration(of: operation.kind) / 12) { [weak self] in
                guard let self, change({ $0.finishCancelling(number, of: id) }) else { return }
                tell(id, .operationCameToNothing(operation))
            }
        case .swapped:
            updateAnswers()
            tell(id, .operationFinished(operation))
            if operation.kind == .failover { startResync(of: id) }
        }
    }

    /// Of all that have not the primary's data, and are in regions that can be reached.
    func startResync(of id: String) {
        let state = snapshot
        guard let group = state.globalClusters[id] else { return }
        for member in group.members where !member.isConnected && !state.regionsDown.contains(member.cluster.region) {
            clock.schedule(after: auroraTimes.resync) { [weak self] in
                self?.connect(member.cluster, in: id, number: group.operationNumber)
            }
        }
    }

    func connect(_ cluster: DBCluster.Key, in id: String, number: Int) {
        if change({ $0.finishResync(of: cluster, in: id, number: number) }) { tell(id, .connected(cluster)) }
    }

    /// - Returns: whether there is such a global cluster.
    func setFailoverBehavior(_ behavior: FailoverBehavior, ofGlobalCluster id: String) -> Bool {
        let isThere = change { state in
            state.globalClusters[id]?.failoverBehavior = behavior
            return state.globalClusters[id] != nil
        }
        resume(id)
        return isThere
    }

    /// What stood still goes on where it can: a region that is up again is found, and what missed the new primary is
    /// rebuilt from it.
    func resumeGlobalClusters() {
        for id in snapshot.globalClusters.keys.sorted() {
            resume(id)
            startResync(of: id)
        }
    }

    private func resume(_ id: String) {
        let state = snapshot
        guard let group = state.globalClusters[id], let operation = group.operation, operation.isStalled,
            group.failoverBehavior != .stall, !operation.waits(for: state.regionsDown)
        else { return }
        finishOperation(operation.number, of: id)
    }

    // MARK: Detaching

    /// - Returns: the global cluster as it is then.
    func detach(_ key: DBCluster.Key, from id: String) throws(AWSFailure) -> GlobalCluster {
        let before = snapshot.globalClusters[id]?.operation
        let listsAtOnce = auroraTimes.listing == .zero
        let (member, group) = try operate { state throws(AWSFailure) in
            let member = try state.detach(key, from: id)
            if listsAtOnce { state.finishLeaving(key, id) }
            return (member, try state.knownGlobalCluster(id))
        }
        if let before, group.operation == nil { tell(id, .operationCameToNothing(before)) }
        tell(id, .detached(key))
        if !listsAtOnce {
            clock.schedule(after: auroraTimes.listing) { [weak self] in
                self?.change { $0.finishLeaving(key, id) }
                self?.updateAnswers()
            }
        }
        // A primary takes writes already.
        guard !member.isWriter else { return group }
        clock.schedule(after: auroraTimes.promotion / 4) { [weak self] in
            self?.change { state in
                if state.dbClusters[key]?.status == .available { state.dbClusters[key]?.status = .promoting }
            }
        }
        clock.schedule(after: auroraTimes.promotion) { [weak self] in
            guard let self else { return }
            let isThere = change { state in
                guard state.dbClusters[key]?.status == .promoting else { return false }
                state.dbClusters[key]?.status = .available
                state.dbClusters[key]?.takesWrites = true
                return true
            }
            guard isThere else { return }
            updateAnswers()
            tell(nil, .promoted(key))
        }
        return group
    }

    func tell(_ globalCluster: String?, _ kind: AuroraEvent.Kind) {
        events.publish(.auroraChanged(AuroraEvent(globalCluster: globalCluster, kind: kind)))
    }
}
