/// What the user wants of the decision.
package struct Policy: Sendable, Equatable {
    /// How many checks in a row have to see a promotion wanted before it is made; at least 1.
    package var confirmations: Int
    /// The least time between two promotions by this process; zero is none.
    package var holdDown: Duration
    /// The statuses of the group in which a promotion is tried, in lower case.
    package var promoteInStatus: [String]
    package var dryRun: Bool
    package var paused: Bool
    /// How far the local member may lag behind the primary and still be promoted; nil for any lag.
    package var maximumLag: Duration?
    package var whenLagUnknown: WhenLagUnknown
    /// How long a promotion may be refused, or accepted and not come about, before the local member is detached
    /// from its group; nil for never.
    package var detachAfter: Duration?
    package var means: Decision.Means
    /// An operator has ordered the detachment: neither what is under way in the group nor its status keeps the member
    /// in it. Goes with these means only.
    package var detachesAtOnce: Bool

    package enum WhenLagUnknown: String, Sendable, CaseIterable {
        case promote
        case hold
    }

    /// For so long after it accepted a promotion AWS may still describe the group as it was before. That is no
    /// reason to promote again.
    package static let settlingTime = Duration.seconds(60)
    /// A promotion takes one to two minutes; after this one it is no longer waited for.
    package static let longestPromotion = Duration.seconds(15 * 60)
    /// Checks that see a promotion wanted are no row where there is more time between two of them.
    package static let longestSilence = Duration.seconds(90)
    /// For so long a promotion that was asked for in vain counts as refused now.
    package static let refusalValidity = Duration.seconds(30)
    /// What AWS has just refused it is not asked for again at once, however often is checked.
    package static let pauseAfterRefusal = Duration.seconds(5)

    package init(
        confirmations: Int = 1, holdDown: Duration = .zero, promoteInStatus: [String] = ["available"],
        dryRun: Bool = false, paused: Bool = false, maximumLag: Duration? = nil,
        whenLagUnknown: WhenLagUnknown = .promote, detachAfter: Duration? = nil, means: Decision.Means = .failover,
        detachesAtOnce: Bool = false
    ) {
        self.confirmations = confirmations
        self.holdDown = holdDown
        self.promoteInStatus = promoteInStatus
        self.dryRun = dryRun
        self.paused = paused
        self.maximumLag = maximumLag
        self.whenLagUnknown = whenLagUnknown
        self.detachAfter = detachAfter
        self.means = means
        self.detachesAtOnce = detachesAtOnce
    }
}
