/// An Aurora global database, and its part of what happens to it. What happens to its clusters: see `WorldState`.
package struct GlobalCluster: Sendable, Equatable, Identifiable {
    package struct Member: Sendable, Equatable {
        package let cluster: DBCluster.Key
        package var isWriter: Bool
        /// false: `pending-resync`.
        package var isConnected = true
        /// It was removed, but the list of members does not tell it yet.
        package var isLeaving = false
    }

    /// A switchover or a failover.
    package struct Operation: Sendable, Equatable {
        package enum Kind: String, Sendable { case switchover, failover }
        package enum Phase: Sendable { case pending, underWay, cancelling }

        /// Counts them, so that the end of one cannot be taken for the end of a later one.
        package let number: Int
        package let kind: Kind
        package let from: DBCluster.Key
        package let to: DBCluster.Key
        package internal(set) var phase = Phase.pending
        /// It would have ended by now, but for its behavior or for a region that is down.
        package internal(set) var isStalled = false

        /// As FailoverState has it.
        package var status: String {
            switch phase {
            case .pending: "pending"
            case .underWay: kind == .failover ? "failing-over" : "switching-over"
            case .cancelling: "cancelling"
            }
        }

        /// A switchover waits for both of its regions, a failover for the one that it leads to.
        func waits(for regionsDown: Set<String>) -> Bool {
            regionsDown.contains(to.region) || kind == .switchover && regionsDown.contains(from.region)
        }
    }

    package private(set) var id: String
    package let engine: DBCluster.Engine
    package var engineVersion: String
    package var databaseName: String?
    package var isProtected = false
    package var isDeleting = false
    package internal(set) var members: [Member] = []
    package internal(set) var operation: Operation?
    package internal(set) var operationNumber = 0
    package internal(set) var failoverBehavior = FailoverBehavior.succeed
    /// How far the secondaries are behind, in milliseconds, as CloudWatch tells it; nil: it tells nothing.
    package var lag: Double? = 120
    /// The cluster that it was made of, until that is a member.
    package internal(set) var source: DBCluster.Key?

    package init(id: String, engine: DBCluster.Engine = .postgresql, engineVersion: String? = nil) {
        self.id = id
        self.engine = engine
        self.engineVersion = engineVersion ?? engine.version
    }

    package var arn: String { "arn:aws:rds::\(CredentialStore.account):global-cluster:\(id)" }
    /// Of the writer in whichever region: it moves with switchovers and failovers, not with what is detached.
    package var endpoint: String { DBCluster.globalEndpoint(id) }
    package var writer: DBCluster.Key? { members.first(where: \.isWriter)?.cluster }

    package func member(_ cluster: DBCluster.Key) -> Member? { members.first { $0.cluster == cluster } }

    /// While the request is verified AWS tells the global cluster `available`.
    package var status: String {
        if isDeleting { return "deleting" }
        guard let operation, operation.phase == .underWay else { return "available" }
        return operation.status
    }

    /// Its ARN and its endpoint are others then.
    mutating func rename(to id: String) { self.id = id }

    mutating func update(_ cluster: DBCluster.Key, _ change: (inout Member) -> Void) {
        for index in members.indices where members[index].cluster == cluster { change(&members[index]) }
    }

    static func invalidState(_ message: String) -> AWSFailure {
        AWSFailure(400, "InvalidGlobalClusterStateFault", message)
    }

    static func exists(_ id: String) -> AWSFailure {
        AWSFailure(400, "GlobalClusterAlreadyExistsFault", "Global cluster \(id) already exists.")
    }

    static func notFound(_ id: String) -> AWSFailure {
        AWSFailure(404, "GlobalClusterNotFoundFault", "Global cluster \(id) not found.")
    }
}
