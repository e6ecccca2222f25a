/// What the decision cannot do without before it goes on.
package enum Need: Sendable, Equatable {
    case activeRegion
    /// The group, from a cache or not.
    case group
    /// The group, read by this check.
    case freshGroup
    /// How far the local member lags behind.
    case lag
}

package enum Step: Sendable, Equatable {
    case need(Need)
    case decided(Decision, Memory)
}

/// The decision, row by row: the first that applies ends it.
///
/// Pure. Where knowledge is missing it says which, so that nothing is asked for in vain; the caller
/// gets it and asks again with the same memory. Memory changes only with a decision, that is once a
/// check.
package func decide(
    _ observation: Observation, memory: Memory, policy: Policy, now: ContinuousClock.Instant
) -> Step {
    // A check that does not see a promotion wanted ends the row of those that did; one that cannot see it does not
    // end what is under way.
    var unseen = memory
    unseen.confirmations = 0
    var unwanted = memory
    unwanted.forgetPromotion()
    func hold(_ reason: Decision.Hold, _ memory: Memory) -> Step { .decided(.hold(reason), memory) }

    // What was refused before an operator stepped in, or while DNS gave several regions, counts no longer.
    var interrupted = unseen
    interrupted.obstructedSince = nil
    interrupted.lastFailedAttempt = nil
    interrupted.pursuit?.isUnbroken = false
    var paused = interrupted
    paused.wantedSince = nil

    guard !policy.paused else { return hold(.paused, paused) }
    if case .paused(let pause) = observation.pause { return hold(.pausedByOperator(pause), paused) }

    switch observation.active {
    case .notAsked: return .need(.activeRegion)
    case .unknown(let why): return hold(.unknown(why), unseen)
    case .ambiguous(let regions): return hold(.ambiguous(regions), interrupted)
    case .region(let active) where active != observation.ownRegion:
        var left = memory
        left.trafficHasLeft()
        return hold(.standby(activeRegion: active), left)
    case .region: break
    }

    guard let group = observation.group.group else { return .need(.group) }
    let local: GlobalGroup.Member
    switch localMember(of: group, in: observation.ownRegion) {
    case .success(let member): local = member
    case .failure(.noLocalMember) where observation.isDetachmentOnRecord || memory.detachment != nil:
        return hold(.detached(memberID: memory.detachment?.memberID ?? observation.detachmentOnRecord), unwanted)
    case .failure(let misconfiguration): return .decided(.misconfigured(misconfiguration), unwanted)
    }
    // Who rebuilds the datastore brings the member back, and ends that.
    if let detachment = memory.detachment {
        guard now - detachment.at >= Policy.longestPromotion, local.isAssociated else {
            return hold(.detached(memberID: detachment.memberID), unwanted)
        }
        unwanted.detachment = nil
    }

    switch local.role {
    case .primary:
        guard let pursuit = memory.pursuit, !group.isSettled, now - pursuit.acceptedAt < Policy.longestPromotion else {
            return hold(.inPlace, unwanted)
        }
        return hold(.promotionUnderWay(elapsed: now - pursuit.acceptedAt), unseen)
    case .other(let word): return hold(.unknownRole(word), unseen)
    case .secondary: break
    }

    var wanted = memory
    wanted.detachment = nil
    wanted.confirmations = min(memory.confirmations, policy.confirmations) + 1
    wanted.wantedSince = memory.wantedSince ?? now
    wanted.noteSight(at: now)
    return decideWanted(
        observation, group, local, wanted: wanted, unconfirmed: wanted.confirmations < policy.confirmations, policy, now
    )
}

/// The rows for an active region whose member is secondary.
private func decideWanted(
    _ observation: Observation, _ group: GlobalGroup, _ local: GlobalGroup.Member, wanted: Memory, unconfirmed: Bool,
    _ policy: Policy, _ now: ContinuousClock.Instant
) -> Step {
    var wanted = wanted
    func hold(_ reason: Decision.Hold) -> Step { .decided(.hold(reason), wanted) }
    let promotion = Decision.Promotion(
        groupID: group.id, memberID: local.id, region: local.region, means: policy.means)
    let isFresh = if case .fresh = observation.group { true } else { false }

    let isItsTurn = if case .awaited = observation.predecessor { false } else { true }
    let isRefusedJustNow = wanted.lastRefusal.map { now - $0 < Policy.pauseAfterRefusal } ?? false

    if policy.detachesAtOnce {
        if isRefusedJustNow { return hold(.refusedJustNow) }
        guard isFresh else { return .need(.freshGroup) }
        guard local.isAssociated else { return hold(.memberStatus(local.status)) }
        return .decided(policy.dryRun ? .wouldPromote(promotion) : .detach(promotion), wanted)
    }

    let mayDetach =
        isObstructedForLong(wanted, group, isRefusedJustNow: isRefusedJustNow, policy, now) && !unconfirmed
        && !policy.dryRun && isItsTurn
    if mayDetach {
        if case .unknown(let why) = observation.pause { return hold(.pauseUnknown(why)) }
        guard isFresh else { return .need(.freshGroup) }
        if local.isAssociated { return .decided(.detach(promotion), wanted) }
    }

    if let pursuit = wanted.pursuit {
        let elapsed = now - pursuit.acceptedAt
        let hasComeToNothing = group.isSettled && elapsed >= Policy.settlingTime
        guard hasComeToNothing || elapsed >= Policy.longestPromotion else {
            return hold(.promotionUnderWay(elapsed: elapsed))
        }
        guard isFresh else { return .need(.freshGroup) }
        wanted.pursuit = nil
    }
    if let acceptedAt = wanted.overtakenPromotion {
        guard now - acceptedAt >= Policy.settlingTime else {
            return hold(.promotionUnderWay(elapsed: now - acceptedAt))
        }
        wanted.overtakenPromotion = nil
    }

    guard !unconfirmed else {
        return hold(.confirming(seen: wanted.confirmations, needed: policy.confirmations))
    }
    if case .awaited(let first) = observation.predecessor { return hold(.waitsFor(groupID: first)) }
    if let last = wanted.lastPromotion, now - last < policy.holdDown {
        return hold(.holdingDown(remaining: policy.holdDown - (now - last)))
    }
    if isRefusedJustNow { return hold(.refusedJustNow) }
    if case .unknown(let why) = observation.pause { return hold(.pauseUnknown(why)) }

    // From here on only what this check has read itself counts. A fresh read that shows the local
    // member to be primary by now, or gone, has ended above.
    guard isFresh else { return .need(.freshGroup) }
    guard policy.promoteInStatus.contains(group.status.lowercased()) else { return hold(.groupStatus(group.status)) }
    guard local.isAssociated else { return hold(.memberStatus(local.status)) }
    if let maximum = policy.maximumLag {
        switch observation.lag {
        case .notAsked: return .need(.lag)
        case .known(let lag) where lag > maximum: return hold(.lagging(lag, maximum: maximum))
        case .unknown(let why) where policy.whenLagUnknown == .hold: return hold(.lagUnknown(why))
        case .known, .unknown: break
        }
    }
    let change: Decision = policy.means == .detachment ? .detach(promotion) : .promote(promotion)
    return .decided(policy.dryRun ? .wouldPromote(promotion) : change, wanted)
}

/// Whether AWS has refused the promotion for so long, and a moment ago once more; or has accepted it for so long, and is
/// still at it.
private func isObstructedForLong(
    _ memory: Memory, _ group: GlobalGroup, isRefusedJustNow: Bool, _ policy: Policy, _ now: ContinuousClock.Instant
) -> Bool {
    guard let detachAfter = policy.detachAfter else { return false }
    if let pursuit = memory.pursuit {
        return pursuit.isUnbroken && now - pursuit.acceptedAt >= detachAfter && !group.isSettled && !isRefusedJustNow
    }
    guard let since = memory.obstructedSince, let last = memory.lastFailedAttempt else { return false }
    return now - since >= detachAfter && now - last < Policy.refusalValidity
}

/// What keeps a region from ever being promoted, whichever region is active; nil where nothing does. The
/// decision meets it only when the region becomes active, which is late to hear of it.
package func misconfiguration(of group: GlobalGroup, in region: String) -> Decision.Misconfiguration? {
    if case .failure(let misconfiguration) = localMember(of: group, in: region) { misconfiguration } else { nil }
}

private func localMember(of group: GlobalGroup, in region: String) -> Result<
    GlobalGroup.Member, Decision.Misconfiguration
> {
    let members = group.members.filter { $0.region == region }
    guard let member = members.first else {
        let regions = group.members.map(\.region)
        return .failure(.noLocalMember(groupID: group.id, region: region, memberRegions: regions))
    }
    guard members.count == 1 else {
        let ids = members.map(\.id)
        return .failure(.severalLocalMembers(groupID: group.id, region: region, memberIDs: ids))
    }
    return .success(member)
}
