/// What a check leaves to the next one.
package struct Memory: Sendable, Equatable {
    /// How many checks in a row, up to the last one, saw a promotion wanted.
    package var confirmations = 0
    /// Since when a promotion is wanted and has not come about.
    package var wantedSince: ContinuousClock.Instant?
    /// When this process last had a promotion accepted.
    package var lastPromotion: ContinuousClock.Instant?
    /// A promotion that was accepted, until it has come about or is given up.
    package var pursuit: Pursuit?
    /// When the last promotion was accepted that another region took the traffic from: AWS may still be at it, and
    /// describe the group as it was before, when the traffic comes back.
    package var overtakenPromotion: ContinuousClock.Instant?
    /// When AWS first refused the promotion that is wanted, or gave no answer to it, as long as it is watched without
    /// a break.
    package var obstructedSince: ContinuousClock.Instant?
    /// When a promotion was last asked for in vain. A detachment stands on that, and on no older one.
    package var lastFailedAttempt: ContinuousClock.Instant?
    /// When a check last saw a promotion wanted.
    package var lastWanted: ContinuousClock.Instant?
    /// Of a promotion, or of a detachment.
    package var lastRefusal: ContinuousClock.Instant?
    /// The local member that this process has detached from its group.
    package var detachment: Detachment?

    package struct Pursuit: Sendable, Equatable {
        package var promotion: Decision.Promotion
        package var acceptedAt: ContinuousClock.Instant
        /// Whether it was seen to be wanted all the time since.
        package var isUnbroken: Bool

        package init(promotion: Decision.Promotion, acceptedAt: ContinuousClock.Instant, isUnbroken: Bool = true) {
            self.promotion = promotion
            self.acceptedAt = acceptedAt
            self.isUnbroken = isUnbroken
        }
    }

    package struct Detachment: Sendable, Equatable {
        package var memberID: String
        package var at: ContinuousClock.Instant

        package init(memberID: String, at: ContinuousClock.Instant) {
            self.memberID = memberID
            self.at = at
        }
    }

    package init(confirmations: Int = 0, lastPromotion: ContinuousClock.Instant? = nil) {
        self.confirmations = confirmations
        self.lastPromotion = lastPromotion
    }
}

// What came of a decision, as the caller learns it.
extension Memory {
    /// - Parameters:
    ///   - acceptedAt: when it was sent, where its answer was lost and the group has shown it later.
    package mutating func promotionAccepted(
        _ promotion: Decision.Promotion, at acceptedAt: ContinuousClock.Instant, now: ContinuousClock.Instant
    ) {
        confirmations = 0
        lastPromotion = acceptedAt
        pursuit = Pursuit(
            promotion: promotion, acceptedAt: acceptedAt, isUnbroken: now - acceptedAt <= Policy.longestSilence)
        obstructedSince = nil
        lastFailedAttempt = nil
        lastRefusal = nil
    }

    package mutating func promotionRefused(at now: ContinuousClock.Instant) {
        promotionObstructed(at: now)
        lastRefusal = now
    }

    /// It was asked for, and there was no answer, nor anything to be seen of it in the group.
    package mutating func promotionObstructed(at now: ContinuousClock.Instant) {
        obstructedSince = obstructedSince ?? now
        lastFailedAttempt = now
    }

    /// The promotion has to be refused once more before it is tried again: by then it may succeed.
    package mutating func detachmentRefused(at now: ContinuousClock.Instant) {
        lastFailedAttempt = nil
        lastRefusal = now
    }

    /// Nobody has seen a promotion wanted for a while: what was refused before is no refusal that lasts.
    mutating func noteSight(at now: ContinuousClock.Instant) {
        if let lastWanted, now - lastWanted > Policy.longestSilence {
            obstructedSince = nil
            lastFailedAttempt = nil
            pursuit?.isUnbroken = false
        }
        lastWanted = now
    }

    mutating func trafficHasLeft() {
        let acceptedAt = pursuit?.acceptedAt ?? overtakenPromotion
        forgetPromotion()
        overtakenPromotion = acceptedAt
    }

    package mutating func memberDetached(_ promotion: Decision.Promotion, at now: ContinuousClock.Instant) {
        forgetPromotion()
        detachment = Detachment(memberID: promotion.memberID, at: now)
    }

    /// No promotion is wanted, and none under way.
    mutating func forgetPromotion() {
        confirmations = 0
        wantedSince = nil
        pursuit = nil
        overtakenPromotion = nil
        obstructedSince = nil
        lastFailedAttempt = nil
        lastWanted = nil
        lastRefusal = nil
    }
}
