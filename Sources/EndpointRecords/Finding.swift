/// What people should hear of, and what is left undone for it.
package enum Finding: Sendable, Equatable {
    /// A record under one of our names that is none of ours: not touched, and its number not given to anybody.
    case foreign(name: String, type: String, setIdentifier: String?)
    /// At one of our names is a record that is not of the kind that belongs there: not touched.
    case occupied(name: String, by: Occupant)
    /// What the cluster's replicas are cannot be told: their records are left as they are.
    case unsettled(ClusterView.Unsettled)
    /// No replica yet: it gets no record, and if it has one, that stays.
    case waiting(ClusterView.Waiting)
    /// A node that a record points at, and that AWS does not list while it changes the group: the record stays.
    case unlisted(node: String, status: String)
    case noReplicas(RecordSettings.WhenNoReplicas)
    /// A record that is not ours has the set identifier of this node, which therefore has none in the weighted set.
    case identifierTaken(node: String)
    /// The primary record is not ours to point anywhere.
    case notPrimary(PrimaryStanding)
    /// The group has no endpoint yet that the primary record could point at.
    case noPrimaryEndpoint
    /// Not all DNS servers of Route 53 answered with the change by the deadline.
    case stillPending(changeID: String)
    /// Whether all DNS servers answer with the change could not be asked.
    case syncUnknown(changeID: String, why: String)
}

/// What is at a name that is to have another kind of record.
package struct Occupant: Sendable, Equatable {
    /// As in `A`.
    package var type: String
    package var setIdentifier: String?
    package var kind: Kind

    package init(type: String, setIdentifier: String? = nil, kind: Kind) {
        self.type = type
        self.setIdentifier = setIdentifier
        self.kind = kind
    }

    package enum Kind: Sendable, Equatable {
        case simple, simpleCNAME, alias, weighted, otherRouting
        /// A simple CNAME that is more than a name to point at: several values, or a health check.
        case elaborate
    }
}
