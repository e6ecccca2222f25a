/// What must hold of every promotion, whatever the decision's rows say. Written apart from them, and
/// checked in release builds too: a decision that breaks one is not carried out.
package enum Invariant: String, Sendable, CaseIterable {
    case activeRegionIsKnownAndOwn
    case groupWasReadByThisCheck
    case memberIsTheLocalSecondary
    case groupMayBePromoted
    case confirmedOftenEnough
    case notHeldDown
    case notPausedAndNoDryRun
}

/// The invariants that a promotion would break; none for any other decision.
package func violations(
    of decision: Decision, observation: Observation, memory: Memory, policy: Policy, now: ContinuousClock.Instant
) -> [Invariant] {
    guard case .promote(let promotion) = decision else { return [] }
    return Invariant.allCases.filter { invariant in
        switch invariant {
        case .activeRegionIsKnownAndOwn:
            observation.active != .region(observation.ownRegion)
        case .groupWasReadByThisCheck:
            if case .fresh = observation.group { false } else { true }
        case .memberIsTheLocalSecondary:
            promotion.region != observation.ownRegion || promotion.groupID != observation.group.group?.id
                || observation.group.group?.members.filter { $0.region == observation.ownRegion }.map(\.id)
                    != [promotion.memberID]
                || observation.group.group?.members.first { $0.id == promotion.memberID }?.role != .secondary
        case .groupMayBePromoted:
            !policy.promoteInStatus.contains(observation.group.group?.status.lowercased() ?? "")
        case .confirmedOftenEnough:
            memory.confirmations < policy.confirmations
        case .notHeldDown:
            memory.lastPromotion.map { now - $0 < policy.holdDown } ?? false
        case .notPausedAndNoDryRun:
            policy.paused || policy.dryRun
        }
    }
}
