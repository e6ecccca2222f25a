/// All that one check knows at a moment. It never changes under a decision: what is learnt later
/// makes another one.
package struct Observation: Sendable, Equatable {
    /// The region that this process runs in.
    package var ownRegion: String
    package var active: ActiveRegion
    package var group: GroupKnowledge

    package init(ownRegion: String, active: ActiveRegion = .notAsked, group: GroupKnowledge = .unread) {
        self.ownRegion = ownRegion
        self.active = active
        self.group = group
    }
}

/// Which region DNS sends the traffic to.
package enum ActiveRegion: Sendable, Equatable {
    case notAsked
    case region(String)
    /// The answer fits records of several regions. They come sorted.
    case ambiguous([String])
    case unknown(Ignorance)

    /// Why the active region is not known. None of these is ever a reason to promote.
    package enum Ignorance: Sendable, Equatable {
        case nameNotResolved(NameFailure)
        /// DNS answered, with what no record of the name has for a target.
        case noRecordMatches(answer: [String])
        /// The record that answered gives no region: neither its target's name, nor its set identifier.
        case regionNotReadable(record: String, target: String)
        /// The zone has no record of this name.
        case noRecords
        /// What DNS answers depends on who asks, or on chance: there is no one active region.
        case routingByClient(policy: String)
    }

    package enum NameFailure: Sendable, Equatable {
        case notFound
        case noAddresses
        case temporary
        case timedOut
        case failed(String)
    }
}

/// What is known of the group, and how well.
package enum GroupKnowledge: Sendable, Equatable {
    case unread
    /// Read by an earlier check: good enough for leaving things as they are.
    case cached(GlobalGroup)
    /// Read by this check: what a promotion has to stand on.
    case fresh(GlobalGroup)

    package var group: GlobalGroup? {
        switch self {
        case .unread: nil
        case .cached(let group), .fresh(let group): group
        }
    }
}
