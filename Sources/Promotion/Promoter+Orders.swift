package import Failover

/// What an operator wants done now, whatever DNS says.
package enum Order: Sendable, Equatable {
    /// Promote the local member, and take the loss of what has not been replicated.
    case failover
    /// The planned way: only in a group where nothing is under way, and with a lag that is known and small.
    case switchover(maximumLag: Duration)

    package var name: String {
        switch self {
        case .failover: "failover"
        case .switchover: "switchover"
        }
    }
}

/// What came of an order that was not refused.
package struct OrderResult: Sendable {
    package enum Outcome: Sendable, Equatable {
        case promoted(Decision.Promotion)
        /// The local member was primary before anything was done.
        case wasInPlace
        /// `DRY_RUN`: all but the call.
        case wouldPromote(Decision.Promotion)
    }

    package var outcome: Outcome
    package var identity: Promoter.Identity
    package var group: GlobalGroup?
    package var events: [PromotionEvent]
    package var calls: [CallLog.Call]
    package var duration: Duration
}

/// An order that was refused, or was not carried out by its deadline.
package struct OrderFailure: Error, CustomStringConvertible {
    package var underlying: any Error
    package var identity: Promoter.Identity
    package var events: [PromotionEvent]
    package var calls: [CallLog.Call]
    package var duration: Duration

    package var description: String { "\(underlying)" }
}

extension Promoter {
    /// How often a promotion is looked at that an operator waits for.
    private static let pace = Duration.seconds(2)

    /// Promotes the local member after the same fresh read as any promotion, and follows it until the member is
    /// PRIMARY and the group available. An order passes over the pause, the confirmations and the hold-down, which are
    /// guards against automatic promotions.
    ///
    /// - Parameters:
    ///   - deadline: when to give up waiting; what AWS has accepted goes on then.
    ///   - tell: gets each event when it happens: whoever waits may be interrupted.
    /// - Throws: `OrderFailure`.
    package func carryOut(
        _ order: Order, deadline: ContinuousClock.Instant, tell: @Sendable ([PromotionEvent]) async -> Void = { _ in }
    ) async throws(OrderFailure) -> OrderResult {
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

    /// What an order comes to where the group that comes first is not in place after its own.
    package nonisolated func refusal(of order: Order, waitingFor first: String) -> OrderFailure {
        let error = PromotionError(
            code: .orderRefused,
            reason:
                "the \(order.name) was not begun, and nothing was changed: it waits for \(first), which comes first by"
                + " PROMOTE_ORDER and is not in place")
        return OrderFailure(underlying: error, identity: identity, events: [], calls: [], duration: .zero)
    }

    private func follow(
        _ order: Order, _ observation: inout Observation, _ events: inout [PromotionEvent],
        deadline: ContinuousClock.Instant, _ tell: @Sendable ([PromotionEvent]) async -> Void
    ) async throws -> OrderResult.Outcome {
        // One that is under way already is followed in the place of another; one of hours ago is not.
        if let pursuit = memory.pursuit, timing.now() - pursuit.acceptedAt >= Policy.longestPromotion {
            memory.pursuit = nil
        }
        var promoted = memory.pursuit?.promotion
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
                case .begun(let promotion, _): promoted = promotion
                case .cameToNothing, .gaveUp: promoted = nil
                default: break
                }
            }
            switch decision {
            case .promote: break
            case .wouldPromote(let promotion): return .wouldPromote(promotion)
            case .hold(.inPlace) where observation.group.group?.isSettled ?? false:
                return promoted.map { .promoted($0) } ?? .wasInPlace
            case .hold(let reason) where promoted == nil && isRefusal(reason, of: order):
                throw PromotionError(code: .orderRefused, reason: words(reason, refusing: order))
            case .hold, .detach, .misconfigured: break
            }
            guard timing.now() + Self.pace < deadline else {
                throw PromotionError(code: .orderNotFinished, reason: words(decision, promoted: promoted))
            }
            try await timing.sleep(Self.pace)
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
        }
    }

    /// A failover waits for a change that is under way; a switchover is not for such times.
    private func isRefusal(_ reason: Decision.Hold, of order: Order) -> Bool {
        switch reason {
        case .lagging, .lagUnknown, .unknownRole, .detached: true
        case .groupStatus, .memberStatus, .changeUnderWay: order != .failover
        default: false
        }
    }

    private func words(_ reason: Decision.Hold, refusing order: Order) -> String {
        "the \(order.name) was not begun, and nothing was changed: \(words(ordered: reason))"
    }

    private func words(_ decision: Decision, promoted: Decision.Promotion?) -> String {
        let last = if case .hold(let reason) = decision { words(ordered: reason) } else { "AWS has just accepted it" }
        return promoted == nil
            ? "the promotion could not be begun in the time that there was, and is not asked for again without another"
                + " order: \(last)"
            : "AWS accepted the promotion, and it was not over in the time that there was: \(last);"
                + " it goes on: see 'promoter status'"
    }

    /// Those of a check say that this region is active, which was not asked, and that it will be asked again.
    private func words(ordered reason: Decision.Hold) -> String {
        let member = "the member in \(identity.ownRegion)"
        return switch reason {
        case .inPlace: "\(member) is \(identity.kind.primary), and \(identity.groupID) not yet available"
        case .lagging(let lag, let maximum):
            "\(member) is \(lag.inWords) behind the primary, and \(maximum.inWords) are allowed"
        case .lagUnknown(let why): "how far \(member) is behind the primary is not known: \(why)"
        case .groupStatus(let status): "\(identity.groupID) is \(status), not available"
        case .memberStatus(let status): "\(member) is \(status), not \(identity.kind.associated)"
        case .unknownRole(let role): "\(member) has the role \(role), which this version does not know"
        case .refusedJustNow: "AWS refused it a moment ago"
        case .changeUnderWay:
            "AWS refused it, since \(identity.groupID) cannot be changed now; somebody else may be at it"
                + (refusalReason.map { " (AWS: \($0))" } ?? "")
        case .promotionUnderWay(let elapsed): "AWS accepted it \(elapsed.secondsInWords) ago, and is at it"
        default: reason.words(identity)
        }
    }
}
