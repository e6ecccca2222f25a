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

    package init(
        confirmations: Int = 1, holdDown: Duration = .zero, promoteInStatus: [String] = ["available"],
        dryRun: Bool = false, paused: Bool = false
    ) {
        self.confirmations = confirmations
        self.holdDown = holdDown
        self.promoteInStatus = promoteInStatus
        self.dryRun = dryRun
        self.paused = paused
    }
}

/// What a check leaves to the next one.
package struct Memory: Sendable, Equatable {
    /// How many checks in a row, up to the last one, saw a promotion wanted.
    package var confirmations = 0
    /// When this process last had a promotion accepted.
    package var lastPromotion: ContinuousClock.Instant?

    package init(confirmations: Int = 0, lastPromotion: ContinuousClock.Instant? = nil) {
        self.confirmations = confirmations
        self.lastPromotion = lastPromotion
    }
}
