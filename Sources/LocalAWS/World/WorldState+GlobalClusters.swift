/// What global clusters do, in steps: time passes in between. All of it checks before it changes anything.
extension WorldState {
    /// The one that has the cluster among its members.
    package func globalCluster(of cluster: DBCluster.Key) -> GlobalCluster? {
        globalClusters.values.first { $0.member(cluster) != nil }
    }

    func knownGlobalCluster(_ id: String) throws(AWSFailure) -> GlobalCluster {
        guard let group = globalClusters[id] else { throw GlobalCluster.notFound(id) }
        return group
    }

    func knownCluster(_ key: DBCluster.Key) throws(AWSFailure) -> DBCluster {
        guard let cluster = dbClusters[key] else { throw DBCluster.notFound(key.id) }
        return cluster
    }

    /// As DescribeDBClusters tells it: what a global cluster does shows in the two clusters that it is done to.
    package func status(of cluster: DBCluster) -> String {
        guard cluster.status == .available, let operation = globalCluster(of: cluster.key)?.operation,
            operation.phase == .underWay, [operation.from, operation.to].contains(cluster.key)
        else { return cluster.status.rawValue }
        return operation.status
    }

    // MARK: Switchover and failover

    /// Roles stay as they are until `finishOperation`.
    mutating func startOperation(_ kind: GlobalCluster.Operation.Kind, of id: String, to target: DBCluster.Key)
        throws(AWSFailure) -> GlobalCluster.Operation
    {
        var group = try knownGlobalCluster(id)
        guard let member = group.member(target), !member.isLeaving, let cluster = dbClusters[target] else {
            throw DBCluster.notFound(target.arn)
        }
        guard group.operation == nil, !group.isDeleting else {
            let what = group.operation.map { "\($0.kind.rawValue) is \($0.status)" } ?? "it is being deleted"
            throw GlobalCluster.invalidState("Global cluster \(id) must be available: \(what).")
        }
        guard let from = group.writer, let writer = dbClusters[from] else {
            throw GlobalCluster.invalidState("Global cluster \(id) has no primary cluster.")
        }
        guard !member.isWriter else {
            throw DBCluster.invalidState("\(target.arn) is the primary cluster of global cluster \(id) already.")
        }
        guard member.isConnected, cluster.status == .available else {
            let what = member.isConnected ? cluster.status.rawValue : "pending-resync"
            throw DBCluster.invalidState("\(target.arn) is \(what); it must be available and connected.")
        }
        guard kind == .failover || group.members.allSatisfy(\.isConnected) else {
            throw DBCluster.invalidState("All clusters of global cluster \(id) must be connected for a switchover.")
        }
        guard !cluster.readers.isEmpty else {
            throw DBCluster.invalidState("\(target.arn) has no DB instance that could become the writer.")
        }
        // Detaching is the way out then, says the user guide.
        guard cluster.engineVersion == writer.engineVersion else {
            throw DBCluster.invalidState(
                "\(target.arn) has engine version \(cluster.engineVersion), the primary \(writer.engineVersion).")
        }
        guard group.failoverBehavior != .refuse else {
            throw DBCluster.invalidState("Global cluster \(id) cannot be failed over to \(target.arn) at this time.")
        }
        group.operationNumber += 1
        let operation = GlobalCluster.Operation(number: group.operationNumber, kind: kind, from: from, to: target)
        group.operation = operation
        globalClusters[id] = group
        return operation
    }

    /// The request has been verified.
    mutating func proceed(with number: Int, of id: String) {
        guard globalClusters[id]?.operation?.number == number else { return }
        globalClusters[id]?.operation?.phase = .underWay
    }

    enum OperationEnd: Equatable {
        case swapped
        /// To be cancelled: see `finishCancelling`.
        case cancelled
        case stalled
    }

    /// - Returns: nil if that operation is not under way any more.
    mutating func finishOperation(_ number: Int, of id: String) -> (GlobalCluster.Operation, OperationEnd)? {
        guard var group = globalClusters[id], let operation = group.operation, operation.number == number,
            operation.phase != .cancelling
        else { return nil }
        defer { globalClusters[id] = group }
        if group.failoverBehavior == .stall || operation.waits(for: regionsDown) {
            group.operation?.phase = .underWay
            group.operation?.isStalled = true
            return (operation, .stalled)
        }
        // One that was accepted before they were to be refused comes to nothing, too.
        guard group.failoverBehavior == .succeed else {
            group.operation?.phase = .cancelling
            return (operation, .cancelled)
        }
        group.operation = nil
        for index in group.members.indices {
            let cluster = group.members[index].cluster
            group.members[index].isWriter = cluster == operation.to
            dbClusters[cluster]?.takesWrites = cluster == operation.to
            // "After Aurora promotes the new primary cluster, it automatically rebuilds all additional secondary Region
            // clusters."
            if operation.kind == .failover, cluster != operation.to { group.members[index].isConnected = false }
        }
        return (operation, .swapped)
    }

    /// - Returns: whether it was still there.
    mutating func finishCancelling(_ number: Int, of id: String) -> Bool {
        guard let operation = globalClusters[id]?.operation, operation.number == number, operation.phase == .cancelling
        else { return false }
        globalClusters[id]?.operation = nil
        return true
    }

    /// The secondary has the data of the primary again. While its region is down it has not.
    /// - Parameter number: of the last operation when the rebuilding began.
    /// - Returns: whether it was waiting for that.
    mutating func finishResync(of cluster: DBCluster.Key, in id: String, number: Int) -> Bool {
        guard let group = globalClusters[id], group.operationNumber == number, let member = group.member(cluster),
            !member.isConnected, !regionsDown.contains(cluster.region), dbClusters[cluster]?.status == .available
        else { return false }
        globalClusters[id]?.update(cluster) { $0.isConnected = true }
        return true
    }

    // MARK: Detaching

    /// What it was in the middle of ends; the global endpoint stays where it is.
    /// - Returns: the member as it was.
    mutating func detach(_ key: DBCluster.Key, from id: String) throws(AWSFailure) -> GlobalCluster.Member {
        var group = try knownGlobalCluster(id)
        guard let member = group.member(key), !member.isLeaving else { throw DBCluster.notFound(key.arn) }
        let cluster = try knownCluster(key)
        guard cluster.status == .available else {
            throw DBCluster.invalidState("\(key.arn) is \(cluster.status.rawValue); it must be available.")
        }
        guard !member.isWriter || group.members.count == 1 else {
            throw GlobalCluster.invalidState(
                "\(key.arn) is the primary of global cluster \(id), which has other members.")
        }
        if let operation = group.operation, [operation.from, operation.to].contains(key) { group.operation = nil }
        group.update(key) { $0.isLeaving = true }
        globalClusters[id] = group
        return member
    }

    mutating func finishLeaving(_ key: DBCluster.Key, _ id: String) {
        globalClusters[id]?.members.removeAll { $0.cluster == key && $0.isLeaving }
    }
}
