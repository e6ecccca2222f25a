/// All that one check knows at a moment. It never changes under a decision: what is learnt later
/// makes another one.
package struct Observation: Sendable, Equatable {
    /// The region that this process runs in.
    package var ownRegion: String
    package var pause: PauseKnowledge
    package var active: ActiveRegion
    package var group: GroupKnowledge
    package var lag: LagKnowledge
    /// The local member that is on record as detached from the group, by this process or another; nil for none.
    package var detachmentOnRecord: String?
    package var predecessor: Predecessor

    package init(
        ownRegion: String, pause: PauseKnowledge = .none, active: ActiveRegion = .notAsked,
        group: GroupKnowledge = .unread, lag: LagKnowledge = .notAsked, detachmentOnRecord: String? = nil,
        predecessor: Predecessor = .none
    ) {
        self.ownRegion = ownRegion
        self.pause = pause
        self.active = active
        self.group = group
        self.lag = lag
        self.detachmentOnRecord = detachmentOnRecord
        self.predecessor = predecessor
    }

    package var isDetachmentOnRecord: Bool { detachmentOnRecord != nil }
}

/// The group that is to be promoted before this one, where two follow the same name.
package enum Predecessor: Sendable, Equatable {
    case none
    /// Its local member is primary, or has left it, and nothing is under way in it.
    case inPlace
    /// It is not, or not known to be.
    case awaited(groupID: String)
}

/// Whether an operator has paused promotions, as far as is known.
package enum PauseKnowledge: Sendable, Equatable {
    /// He has not, or there is nothing by which he could.
    case none
    case paused(Pause)
    /// It was never to be read, and says why.
    case unknown(String)

    package struct Pause: Sendable, Equatable {
        package var by: String?
        package var reason: String?
        /// RFC 3339, as it was written down.
        package var since: String?

        package init(by: String? = nil, reason: String? = nil, since: String? = nil) {
            self.by = by
            self.reason = reason
            self.since = since
        }
    }
}

/// How far the local member is behind the primary.
package enum LagKnowledge: Sendable, Equatable {
    case notAsked
    case known(Duration)
    /// With the reason.
    case unknown(String)
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
