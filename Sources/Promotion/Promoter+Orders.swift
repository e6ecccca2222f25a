internal import Failover

extension Promoter {
    /// How often a promotion is looked at that an operator waits for.
    private static let pace = Duration.seconds(2)

    /// Promotes the local member, or detaches it, after the same fresh read as any promotion, and follows it until the
    /// member is PRIMARY and the group available, or until the group has no local member any more. An order passes over
    /// the pause, the confirmations and the hold-down, which are guards against automatic promotions.
    ///
    /// - Parameters:
    ///   - deadline: when to give up waiting; what AWS has accepted goes on then.
    ///   - tell: gets each event when it happens: whoever waits may be interrupted.
    /// - Throws: `OrderFailure`.
    package func carryOut(
        _ order: Order, deadline: ContinuousClock.Instant, tell: @Sendable ([PromotionEvent]) async -> Void = { _ in }
    ) async throws(OrderFailure) -> OrderResult {
        if let refusal = refusal(of: order) { throw refusal }
        let start = timing.now()
        var events: [PromotionEvent] = []
        var observation = Observation(ownRegion: identity.ownRegion)
        do {
            let outcome = try await follow(order, &observation, &events, deadline: deadline, tell)
            return OrderResult(
                outcome: outcome, identity: identity, group: observation.group.group, events: events,
                calls: calls.take(), duration: timing.now() - start)
        } catch {
            throw OrderFailure(
                underlying: error, identity: identity, events: events, calls: calls.take(),
                duration: timing.now() - start)
        }
    }

    private func follow(
        _ order: Order, _ observation: inout Observation, _ events: inout [PromotionEvent],
        deadline: ContinuousClock.Instant, _ tell: @Sendable ([PromotionEvent]) async -> Void
    ) async throws -> OrderResult.Outcome {
        // One that is under way already is followed in the place of another; one of hours ago is not.
        if let pursuit = memory.pursuit, timing.now() - pursuit.acceptedAt >= Policy.longestPromotion {
            memory.pursuit = nil
        }
        // A detachment is for a promotion that does not end.
        var begun = order == .detach ? nil : memory.pursuit?.promotion
        while true {
            let told = events.count
            observation = Observation(ownRegion: identity.ownRegion, active: .region(identity.ownRegion))
            let decision: Decision
            do {
                decision = try await act(on: order, &observation, &events, deadline: deadline)
            } catch {
                await tell(Array(events.dropFirst(told)))
                throw error
            }
            await tell(Array(events.dropFirst(told)))
            // Not only by the decision: one whose answer was lost was begun as well.
            for event in events.dropFirst(told) {
                switch event {
                case .begun(let promotion, _), .detached(let promotion, _): begun = promotion
                case .cameToNothing, .gaveUp: begun = nil
                default: break
                }
            }
            if let outcome = outcome(of: order, decision, observation, begun: begun) { return outcome }
            if case .hold(let reason) = decision, begun == nil, isRefusal(reason, of: order) {
                throw PromotionError(code: .orderRefused, reason: words(reason, refusing: order))
            }
            guard timing.now() + Self.pace < deadline else {
                throw PromotionError(code: .orderNotFinished, reason: words(order, decision, begun: begun))
            }
            try await timing.sleep(Self.pace)
        }
    }

    /// nil while there is none.
    private func outcome(
        of order: Order, _ decision: Decision, _ observation: Observation, begun: Decision.Promotion?
    ) -> OrderResult.Outcome? {
        let group = observation.group.group
        switch (order, decision) {
        case (.detach, .wouldPromote(let promotion)): return .wouldDetach(promotion)
        case (.detach, .hold(.detached(let memberID))):
            // It is known to be on its way out before AWS has taken it off the list.
            guard group?.members.contains(where: { $0.region == identity.ownRegion }) == false else { return nil }
            return begun.map { .detached($0) } ?? .wasDetached(memberID: memberID)
        case (.failover, .wouldPromote(let promotion)), (.switchover, .wouldPromote(let promotion)):
            return .wouldPromote(promotion)
        case (.failover, .hold(.inPlace)), (.switchover, .hold(.inPlace)):
            guard group?.isSettled ?? false else { return nil }
            return begun.map { .promoted($0) } ?? .wasInPlace
        default: return nil
        }
    }

    private func act(
        on order: Order, _ observation: inout Observation, _ events: inout [PromotionEvent],
        deadline: ContinuousClock.Instant
    ) async throws -> Decision {
        await takeTurn()
        // What the checks have told is no reason to be silent, nor what an order tells a reason for the checks.
        let checkTracker = tracker
        tracker = PromotionTracker(alertAfter: nil)
        defer {
            tracker = checkTracker
            // What is read for an order is no look at DNS, and out of date by the next check.
            memory.confirmations = 0
            cached = nil
            passTurn()
        }
        return try await decideAndAct(
            &observation, by: policy(for: order), isOrdered: true, &events, deadline: deadline)
    }

    private func policy(for order: Order) -> Policy {
        switch order {
        case .failover: return Policy(promoteInStatus: policy.promoteInStatus, dryRun: policy.dryRun)
        case .switchover(let maximumLag):
            let means: Decision.Means = identity.kind.hasSwitchover ? .switchover : .failover
            return Policy(dryRun: policy.dryRun, maximumLag: maximumLag, whenLagUnknown: .hold, means: means)
        case .detach: return Policy(dryRun: policy.dryRun, means: .detachment, detachesAtOnce: true)
        }
    }

    /// A failover waits for a change that is under way, and a detachment for AWS to have it; a switchover is not for
    /// such times.
    private func isRefusal(_ reason: Decision.Hold, of order: Order) -> Bool {
        switch (reason, order) {
        case (.lagging, _), (.lagUnknown, _), (.unknownRole, _): true
        case (.inPlace, .detach): true
        case (.detached, .failover), (.detached, .switchover): true
        case (.groupStatus, .switchover), (.memberStatus, .switchover), (.changeUnderWay, .switchover): true
        default: false
        }
    }
}
