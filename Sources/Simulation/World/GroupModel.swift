/// A global group as AWS keeps it: an ElastiCache Global Datastore or an Aurora global cluster.
package struct GroupModel: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable { case datastore, cluster }

    package struct Member: Sendable, Equatable {
        package var id: String
        package var region: String
        /// `associated`, or `connected`, and what else AWS calls it.
        package var isAssociated = true

        package init(id: String, region: String, isAssociated: Bool = true) {
            self.id = id
            self.region = region
            self.isAssociated = isAssociated
        }
    }

    /// What AWS is in the middle of.
    package struct Operation: Sendable, Equatable {
        package var number: Int
        /// The member that becomes primary; nil for a change of something else.
        package var target: String?
        package var endsAt: Duration
        /// Otherwise it comes to nothing.
        package var succeeds: Bool

        package init(number: Int, target: String?, endsAt: Duration, succeeds: Bool) {
            self.number = number
            self.target = target
            self.endsAt = endsAt
            self.succeeds = succeeds
        }
    }

    package let kind: Kind
    package let id: String
    package var members: [Member]
    /// The id of the member; nil while nobody is.
    package var primary: String?
    package var operation: Operation?
    /// Of operations so far.
    package var operations = 0
    /// Of detached members: each is a primary by itself.
    package var detached: [Member] = []

    /// - Parameter primary: the id of the member.
    package init(kind: Kind, id: String, members: [Member], primary: String?) {
        self.kind = kind
        self.id = id
        self.members = members
        self.primary = primary
    }

    package var primaryRegion: String? { members.first { $0.id == primary }?.region }

    package func member(in region: String) -> Member? { members.first { $0.region == region } }

    package var status: String {
        guard let operation else { return "available" }
        return kind == .cluster && operation.target != nil ? "failing-over" : "modifying"
    }

    /// Whether the region takes writes, and goes on to.
    package func isInPlace(in region: String) -> Bool {
        operation == nil && primaryRegion == region || detached.contains { $0.region == region }
    }

    // MARK: As AWS writes it

    func xml() -> String { kind == .datastore ? datastoreXML() : clusterXML() }

    private func datastoreXML() -> String {
        var text = "<GlobalReplicationGroupId>\(id)</GlobalReplicationGroupId><Status>\(status)</Status><Members>"
        for member in members {
            text +=
                "<GlobalReplicationGroupMember><ReplicationGroupId>\(member.id)</ReplicationGroupId>"
                + "<ReplicationGroupRegion>\(member.region)</ReplicationGroupRegion>"
                + "<Role>\(member.id == primary ? "PRIMARY" : "SECONDARY")</Role>"
                + "<AutomaticFailover>enabled</AutomaticFailover>"
                + "<Status>\(member.isAssociated ? "associated" : "associating")</Status></GlobalReplicationGroupMember>"
        }
        return text + "</Members>"
    }

    private func clusterXML() -> String {
        var text =
            "<GlobalClusterIdentifier>\(id)</GlobalClusterIdentifier>"
            + "<Status>\(operation.map { $0.target == nil } ?? false ? status : "available")</Status><GlobalClusterMembers>"
        for member in members {
            let isWriter = member.id == primary
            let synchronization = member.isAssociated ? "connected" : "pending-resync"
            text +=
                "<GlobalClusterMember><DBClusterArn>\(member.id)</DBClusterArn><IsWriter>\(isWriter)</IsWriter>"
                + (isWriter ? "" : "<SynchronizationStatus>\(synchronization)</SynchronizationStatus>")
                + "</GlobalClusterMember>"
        }
        text += "</GlobalClusterMembers>"
        if operation?.target != nil { text += "<FailoverState><Status>failing-over</Status></FailoverState>" }
        return text
    }
}
