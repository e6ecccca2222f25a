/// What must hold of every promotion, and of every detachment, whatever the decision's rows say. Written apart from
/// them, and checked in release builds too: a decision that breaks one is not carried out.
package enum Invariant: String, Sendable, CaseIterable {
    case activeRegionIsKnownAndOwn
    case groupWasReadByThisCheck
    case memberIsTheLocalSecondary
    case memberIsAssociated
    case confirmedOftenEnough
    case notPausedAndNoDryRun
    case groupMayBePromoted
    case notHeldDown
    case noOtherUnderWay
    case lagIsAllowed
    case detachingIsAllowedAndDue
    case meansAreThoseOfPolicy
    case isItsTurn
}

/// The invariants that a decision would break; none for one that changes nothing.
package func violations(
    of decision: Decision, observation: Observation, memory: Memory, policy: Policy, now: ContinuousClock.Instant
) -> [Invariant] {
    let change: Decision.Promotion
    let detaches: Bool
    switch decision {
    case .promote(let promotion): (change, detaches) = (promotion, false)
    // One that stands for a promotion has to be all that a promotion has to be.
    case .detach(let promotion): (change, detaches) = (promotion, promotion.means != .detachment)
    case .hold, .wouldPromote, .misconfigured: return []
    }
    // That the group is busy may be the reason for the order.
    let isOrderedOff = policy.detachesAtOnce && decision == .detach(change)
    let group = observation.group.group
    let locals = group?.members.filter { $0.region == observation.ownRegion } ?? []
    return Invariant.allCases.filter { invariant in
        switch invariant {
        case .activeRegionIsKnownAndOwn:
            observation.active != .region(observation.ownRegion)
        case .groupWasReadByThisCheck:
            if case .fresh = observation.group { false } else { true }
        case .memberIsTheLocalSecondary:
            change.region != observation.ownRegion || change.groupID != group?.id
                || locals.map(\.id) != [change.memberID] || locals.first?.role != .secondary
        case .memberIsAssociated:
            !["associated", "connected"].contains(locals.first?.status.lowercased())
        case .confirmedOftenEnough:
            memory.confirmations < policy.confirmations
        case .notPausedAndNoDryRun:
            policy.paused || policy.dryRun || observation.pause != .none
        case .groupMayBePromoted:
            !detaches && !isOrderedOff && !policy.promoteInStatus.contains(group?.status.lowercased() ?? "")
        case .notHeldDown:
            !detaches && (memory.lastPromotion.map { now - $0 < policy.holdDown } ?? false)
        case .noOtherUnderWay:
            memory.detachment != nil || !detaches && !isOrderedOff && memory.pursuit != nil
        case .lagIsAllowed:
            !detaches && !isAllowed(observation.lag, policy)
        case .detachingIsAllowedAndDue:
            detaches && !isDue(memory, group, policy, now)
        case .meansAreThoseOfPolicy:
            change.means != policy.means || decision == .promote(change) && change.means == .detachment
        case .isItsTurn:
            if case .awaited = observation.predecessor { true } else { false }
        }
    }
}

private func isAllowed(_ lag: LagKnowledge, _ policy: Policy) -> Bool {
    guard let maximum = policy.maximumLag else { return true }
    switch lag {
    case .known(let lag): return lag <= maximum
    case .unknown: return policy.whenLagUnknown == .promote
    case .notAsked: return false
    }
}

private func isDue(
    _ memory: Memory, _ group: GlobalGroup?, _ policy: Policy, _ now: ContinuousClock.Instant
) -> Bool {
    guard let after = policy.detachAfter else { return false }
    let stalls = memory.pursuit.map {
        $0.isUnbroken && now - $0.acceptedAt >= after && group?.status.lowercased() != "available"
    }
    let isRefusedNow = memory.lastFailedAttempt.map { now - $0 < .seconds(30) } ?? false
    let isRefusedForLong = memory.obstructedSince.map { now - $0 >= after } ?? false
    return stalls ?? (isRefusedForLong && isRefusedNow)
}
