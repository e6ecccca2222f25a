internal import Failover

/// Makes events of what a check does to the memory of the decision: each is told once, however many checks see it.
struct PromotionTracker: Sendable {
    /// `ALERT_AFTER_SECONDS`; nil for never.
    let alertAfter: Duration?

    private var isAlerted = false
    private var isFailureTold = false
    private var isDetachmentFailureTold = false

    init(alertAfter: Duration?) {
        self.alertAfter = alertAfter
    }

    /// What a decision says of a promotion that was under way before it.
    ///
    /// - Parameter group: as the decision has seen it.
    func ending(
        of before: Memory, by decision: Decision, _ after: Memory, _ group: GlobalGroup?,
        now: ContinuousClock.Instant
    ) -> PromotionEvent? {
        guard let pursuit = before.pursuit, after.pursuit == nil else { return nil }
        let elapsed = now - pursuit.acceptedAt
        let isSettled = group?.isSettled ?? false
        switch decision {
        case .hold(.inPlace) where isSettled: return .finished(pursuit.promotion, duration: elapsed)
        case .hold(.standby(let active)): return .overtaken(pursuit.promotion, by: active, after: elapsed)
        // Tells of itself, or was told by whoever did it.
        case .detach, .hold(.detached): return nil
        case .misconfigured: return .gaveUp(pursuit.promotion, after: elapsed)
        default:
            return isSettled
                ? .cameToNothing(pursuit.promotion, after: elapsed) : .gaveUp(pursuit.promotion, after: elapsed)
        }
    }

    mutating func failure(of request: Promoter.Request, _ reason: String) -> PromotionEvent? {
        switch request {
        case .promote:
            guard !isFailureTold else { return nil }
            isFailureTold = true
            return .failed(reason: reason)
        case .detach:
            guard !isDetachmentFailureTold else { return nil }
            isDetachmentFailureTold = true
            return .detachmentFailed(reason: reason)
        }
    }

    /// At the end of a check.
    ///
    /// - Parameters:
    ///   - why: what it came to, in words.
    ///   - events: of the check, which may have told already how the promotion ended.
    mutating func alert(
        _ memory: Memory, why: String, after events: [PromotionEvent], now: ContinuousClock.Instant
    ) -> PromotionEvent? {
        guard let since = memory.wantedSince else {
            defer { (isAlerted, isFailureTold, isDetachmentFailureTold) = (false, false, false) }
            let isTold = events.contains { event in
                switch event {
                case .finished, .detached: true
                default: false
                }
            }
            return isAlerted && !isTold ? .noLongerWanted(why: why) : nil
        }
        guard let alertAfter, !isAlerted, now - since >= alertAfter else { return nil }
        isAlerted = true
        return .stuck(why: why, for: now - since)
    }
}
