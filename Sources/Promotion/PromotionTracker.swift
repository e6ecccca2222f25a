internal import Failover

/// Makes events of what a check does to the memory of the decision: each is told once, however many checks see it.
struct PromotionTracker: Sendable {
    /// `ALERT_AFTER_SECONDS`; nil for never.
    let alertAfter: Duration?

    private var isAlerted = false
    private var isFailureTold = false

    init(alertAfter: Duration?) {
        self.alertAfter = alertAfter
    }

    /// What a decision says of a promotion that was under way before it.
    ///
    /// - Parameter isSettled: whether the group is available.
    func ending(
        of before: Memory, by decision: Decision, _ after: Memory, isSettled: Bool, now: ContinuousClock.Instant
    ) -> PromotionEvent? {
        guard let pursuit = before.pursuit, after.pursuit == nil else { return nil }
        let elapsed = now - pursuit.acceptedAt
        switch decision {
        case .hold(.inPlace) where isSettled: return .finished(pursuit.promotion, duration: elapsed)
        case .hold(.standby(let active)): return .overtaken(pursuit.promotion, by: active, after: elapsed)
        // Tells of itself.
        case .detach: return nil
        default:
            return elapsed >= Policy.longestPromotion
                ? .gaveUp(pursuit.promotion, after: elapsed) : .cameToNothing(pursuit.promotion, after: elapsed)
        }
    }

    mutating func failure(_ reason: String) -> PromotionEvent? {
        guard !isFailureTold else { return nil }
        isFailureTold = true
        return .failed(reason: reason)
    }

    /// At the end of a check.
    ///
    /// - Parameter why: what it came to, in words.
    mutating func alert(_ memory: Memory, why: String, now: ContinuousClock.Instant) -> PromotionEvent? {
        guard let since = memory.wantedSince else {
            defer { (isAlerted, isFailureTold) = (false, false) }
            return isAlerted ? .noLongerWanted(why: why) : nil
        }
        guard let alertAfter, !isAlerted, now - since >= alertAfter else { return nil }
        isAlerted = true
        return .stuck(why: why, for: now - since)
    }
}
