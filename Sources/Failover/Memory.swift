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
    /// When AWS first refused the promotion that is wanted, or accepted one that has not come about since.
    package var obstructedSince: ContinuousClock.Instant?
    package var lastRefusal: ContinuousClock.Instant?
    /// The local member that this process has detached from its group.
    package var detachment: Detachment?

    package struct Pursuit: Sendable, Equatable {
        package var promotion: Decision.Promotion
        package var acceptedAt: ContinuousClock.Instant

        package init(promotion: Decision.Promotion, acceptedAt: ContinuousClock.Instant) {
            self.promotion = promotion
            self.acceptedAt = acceptedAt
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
    package mutating func promotionAccepted(_ promotion: Decision.Promotion, at now: ContinuousClock.Instant) {
        confirmations = 0
        lastPromotion = now
        pursuit = Pursuit(promotion: promotion, acceptedAt: now)
        obstructedSince = obstructedSince ?? now
        lastRefusal = nil
    }

    package mutating func promotionRefused(at now: ContinuousClock.Instant) {
        promotionObstructed(at: now)
        lastRefusal = now
    }

    /// It was asked for, and there was no answer, nor anything to be seen of it in the group.
    package mutating func promotionObstructed(at now: ContinuousClock.Instant) {
        obstructedSince = obstructedSince ?? now
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
        lastRefusal = nil
    }
}
