internal import AWSClient
internal import Failover

/// What the decision needs to know.
extension Promoter {
    /// How old the group may get while the local member is detached from it, which lasts until people have rebuilt it.
    private static let detachedAge = Duration.seconds(60)
    /// A guard that does not say what it knows by then is one that does not know.
    private static let longestGuard = Duration.seconds(1)

    func readGroup(deadline: ContinuousClock.Instant) async throws -> GlobalGroup {
        let group: GlobalGroup
        do {
            group = try await service.group(deadline: deadline)
        } catch let error as AWSError where error.code == .notFound {
            // AWS does not show a group to a region that has no member of it: so is that of a member that was detached.
            let isOwn = memory.detachment != nil || lost?.request == .detach
            let isDetached = isOwn ? true : await readDetachmentRecord(deadline: deadline)
            guard isDetached else { throw error }
            group = GlobalGroup(id: identity.groupID, status: "not shown in \(identity.ownRegion)", members: [])
        }
        cached = (group, timing.now())
        return group
    }

    /// The lag is asked for at the same time where it will be needed: neither shall wait for the other.
    func readGroupAndLag(
        _ observation: inout Observation, _ policy: Policy, deadline: ContinuousClock.Instant
    ) async throws {
        guard policy.maximumLag != nil, let known = observation.group.group else {
            observation.group = .fresh(try await readGroup(deadline: deadline))
            return
        }
        async let lag = lag(known, deadline: deadline)
        observation.group = .fresh(try await readGroup(deadline: deadline))
        observation.lag = await lag
    }

    func lag(_ group: GlobalGroup?, deadline: ContinuousClock.Instant) async -> LagKnowledge {
        guard let group, let member = group.members.first(where: { $0.region == identity.ownRegion }) else {
            return .unknown("the group has no member in \(identity.ownRegion)")
        }
        guard let service = guards.lag else { return .unknown("nothing is set up to read it") }
        return await service.lag(
            ofMember: member.id, group: group.id, deadline: min(deadline, timing.now() + Self.longestGuard))
    }

    /// - Returns: whether there is one, and the decision may be another by it.
    func learnOfDetachment(
        _ observation: inout Observation, deadline: ContinuousClock.Instant
    ) async -> Bool {
        guard !observation.isDetachmentOnRecord, await readDetachmentRecord(deadline: deadline) else { return false }
        observation.detachmentOnRecord = detachmentOnRecord
        return true
    }

    func readDetachmentRecord(deadline: ContinuousClock.Instant) async -> Bool {
        guard detachmentOnRecord == nil, let record = guards.detachments else { return detachmentOnRecord != nil }
        detachmentOnRecord = await record.detachedMember(
            group: identity.groupID, region: identity.ownRegion,
            deadline: min(deadline, timing.now() + Self.longestGuard))
        return detachmentOnRecord != nil
    }

    /// Of two groups of a watch, the checks of one go on while one of the other waits for AWS. What DNS told them meanwhile
    /// counts for both: a promotion of neither stands on answers from before that.
    ///
    /// - Parameter isOrdered: by an operator, who has not asked DNS.
    /// - Returns: whether the active region has to be found anew.
    func isOutOfDate(_ observation: inout Observation, isOrdered: Bool) async -> Bool {
        guard !isOrdered, await finder.otherHeardOtherwise() else { return false }
        forgetWhatWasConfirmed(&observation)
        observation.active = .notAsked
        return true
    }

    /// Another region may have been active since, and promoted its member.
    func forgetWhatWasConfirmed(_ observation: inout Observation) {
        memory.confirmations = 0
        cached = nil
        observation.group = .unread
    }

    /// Of two groups, the first lets the second know where it is.
    func tellTurn(_ decision: Decision, _ observation: Observation) {
        // What is detached is so by what this process has done itself, or has on record.
        let isCached = if case (.hold(.inPlace), .cached) = (decision, observation.group) { true } else { false }
        let now = timing.now()
        guards.leads?.note(decision, observation.group.group, asOf: isCached ? cached?.readAt ?? now : now)
        if case .hold(.waitsFor) = decision { guards.follows?.ask() }
    }

    func knowledge(at now: ContinuousClock.Instant) -> GroupKnowledge {
        guard let cached else { return .unread }
        let age = now - cached.readAt
        if let maximum = timing.cacheMaxAge, age >= maximum { return .unread }
        if memory.detachment != nil || detachmentOnRecord != nil, age >= Self.detachedAge { return .unread }
        return .cached(cached.group)
    }
}
