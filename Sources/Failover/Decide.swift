/// What the decision cannot do without before it goes on.
package enum Need: Sendable, Equatable {
    case activeRegion
    /// The group, from a cache or not.
    case group
    /// The group, read by this check.
    case freshGroup
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
    // A check that does not see a promotion wanted ends the row of those that did.
    var unwanted = memory
    unwanted.confirmations = 0
    func hold(_ reason: Decision.Hold, _ memory: Memory) -> Step { .decided(.hold(reason), memory) }

    guard !policy.paused else { return hold(.paused, unwanted) }

    switch observation.active {
    case .notAsked: return .need(.activeRegion)
    case .unknown(let why): return hold(.unknown(why), unwanted)
    case .ambiguous(let regions): return hold(.ambiguous(regions), unwanted)
    case .region(let active) where active != observation.ownRegion:
        return hold(.standby(activeRegion: active), unwanted)
    case .region: break
    }

    guard let group = observation.group.group else { return .need(.group) }
    let local: GlobalGroup.Member
    switch localMember(of: group, in: observation.ownRegion) {
    case .success(let member): local = member
    case .failure(let misconfiguration): return .decided(.misconfigured(misconfiguration), unwanted)
    }

    switch local.role {
    case .primary: return hold(.inPlace, unwanted)
    case .other(let word): return hold(.unknownRole(word), unwanted)
    case .secondary: break
    }

    var wanted = memory
    wanted.confirmations = min(memory.confirmations, policy.confirmations) + 1
    if wanted.confirmations < policy.confirmations {
        return hold(.confirming(seen: wanted.confirmations, needed: policy.confirmations), wanted)
    }
    if let last = memory.lastPromotion, now - last < policy.holdDown {
        return hold(.holdingDown(remaining: policy.holdDown - (now - last)), wanted)
    }

    // From here on only what this check has read itself counts. A fresh read that shows the local
    // member to be primary by now, or gone, has ended above.
    guard case .fresh = observation.group else { return .need(.freshGroup) }
    guard policy.promoteInStatus.contains(group.status.lowercased()) else {
        return hold(.groupStatus(group.status), wanted)
    }
    guard local.status.lowercased() == "associated" else { return hold(.memberStatus(local.status), wanted) }

    let promotion = Decision.Promotion(groupID: group.id, memberID: local.id, region: local.region)
    return .decided(policy.dryRun ? .wouldPromote(promotion) : .promote(promotion), wanted)
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
