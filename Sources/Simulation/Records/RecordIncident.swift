/// What happens to clusters, to what tells of them, and to their records.
package enum RecordIncident: Sendable, Equatable {
    /// A replica of a region's replication group becomes the primary of its shard.
    case localFailover(region: String)
    case nodeAdded(region: String)
    case nodeRemoved(region: String)
    /// What becomes of the notifications of a region's cluster.
    case notices(region: String, NoticeFault, probability: Double)
    /// The processes of a region's function `endpoints` are killed.
    case crash(region: String)
    /// The machine under them stands still.
    case freeze(region: String)
    case byHand(region: String, Deed)

    package enum NoticeFault: Sendable, Equatable, CaseIterable {
        case lost, repeated, late
    }

    /// What somebody does to a region's records.
    package enum Deed: Sendable, Equatable, CaseIterable {
        /// Deletes one of them.
        case removesRecord
        /// Makes a record of his own under the next name.
        case takesNumber
    }

    var region: String {
        switch self {
        case .localFailover(let region), .nodeAdded(let region), .nodeRemoved(let region), .notices(let region, _, _),
            .crash(let region), .freeze(let region), .byHand(let region, _):
            region
        }
    }

    /// What coverage counts it as.
    var name: String {
        switch self {
        case .localFailover: "cluster: local failover"
        case .nodeAdded: "cluster: a node more"
        case .nodeRemoved: "cluster: a node less"
        case .notices(_, let fault, _): "notifications: \(fault)"
        case .crash: "endpoints: killed"
        case .freeze: "endpoints: frozen"
        case .byHand(_, let deed): "records: somebody \(deed)"
        }
    }
}
