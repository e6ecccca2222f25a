/// What a check comes to. Reasons are cases with their numbers; they become words at the edge only.
package enum Decision: Sendable, Equatable {
    case hold(Hold)
    case promote(Promotion)
    /// A dry run: all but the call.
    case wouldPromote(Promotion)
    /// Take the local member out of its group, which makes it a primary of its own: since that is what the policy has in
    /// the place of a promotion, or else since the promotion was refused, or did not come about, for long.
    case detach(Promotion)
    case misconfigured(Misconfiguration)

    /// The member of the own region, to be made primary.
    package struct Promotion: Sendable, Hashable {
        package var groupID: String
        package var memberID: String
        package var region: String
        package var means: Means

        package init(groupID: String, memberID: String, region: String, means: Means = .failover) {
            self.groupID = groupID
            self.memberID = memberID
            self.region = region
            self.means = means
        }
    }

    /// How a member is made primary.
    package enum Means: Sendable, Hashable, CaseIterable {
        /// Whatever state the primary is in; what has not been replicated is lost.
        case failover
        /// Without losing anything, while all is well.
        case switchover
        /// By leaving the group.
        case detachment
    }

    package enum Hold: Sendable, Equatable {
        case paused
        case pausedByOperator(PauseKnowledge.Pause)
        /// Whether an operator has paused promotions could not be read, and never was.
        case pauseUnknown(String)
        case unknown(ActiveRegion.Ignorance)
        case ambiguous([String])
        case standby(activeRegion: String)
        case inPlace
        case confirming(seen: Int, needed: Int)
        case holdingDown(remaining: Duration)
        case groupStatus(String)
        case memberStatus(String)
        /// The local member has a role that this version does not know.
        case unknownRole(String)
        /// AWS refused the promotion because the group is being changed: somebody is already at it.
        case changeUnderWay
        /// AWS has refused the promotion a moment ago.
        case refusedJustNow
        /// A promotion by this process was accepted so long ago.
        case promotionUnderWay(elapsed: Duration)
        case lagging(Duration, maximum: Duration)
        case lagUnknown(String)
        /// Another group that follows the same name comes first, and is not in place yet.
        case waitsFor(groupID: String)
        /// The local member was taken out of the group by this function, and is a primary of its own; nil where which
        /// one it was is not known any more.
        case detached(memberID: String?)
    }

    package enum Misconfiguration: Error, Equatable {
        case noLocalMember(groupID: String, region: String, memberRegions: [String])
        case severalLocalMembers(groupID: String, region: String, memberIDs: [String])
    }
}

extension Decision {
    /// Whether what was read of the group must not be the cache of the next check.
    package var forgetsGroup: Bool {
        switch self {
        // While something is under way, what was read of it is out of date by the next check.
        case .promote, .detach, .misconfigured, .hold(.holdingDown), .hold(.groupStatus), .hold(.memberStatus),
            .hold(.unknownRole), .hold(.changeUnderWay), .hold(.refusedJustNow), .hold(.lagging), .hold(.lagUnknown),
            .hold(.promotionUnderWay), .hold(.detached):
            true
        // Becoming active has to read the members anew, and so has being found active after a time in which
        // DNS was silent or nobody looked: others may have promoted meanwhile.
        case .hold(.standby), .hold(.unknown), .hold(.ambiguous), .hold(.paused), .hold(.pausedByOperator),
            .hold(.pauseUnknown):
            true
        case .hold(.inPlace), .hold(.confirming), .hold(.waitsFor), .wouldPromote: false
        }
    }

    /// Whether the own region is active and its member secondary.
    package var wantsPromotion: Bool {
        switch self {
        case .promote, .wouldPromote, .detach: true
        case .misconfigured: false
        case .hold(let hold):
            switch hold {
            case .confirming, .holdingDown, .groupStatus, .memberStatus, .changeUnderWay, .refusedJustNow,
                .promotionUnderWay, .lagging, .lagUnknown, .pauseUnknown, .waitsFor:
                true
            case .paused, .pausedByOperator, .unknown, .ambiguous, .standby, .inPlace, .unknownRole, .detached: false
            }
        }
    }
}
