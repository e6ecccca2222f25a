extension Judge {
    /// What the promises are to be held to: how the functions are set up, and what they had to suffer.
    package struct Terms: Sendable {
        package var confirmations = 1
        package var holdDown = Duration.zero
        /// nil where members are not read again while they stay as they are.
        package var cacheMaxAge: Duration?
        package var isDryRun = false
        package var detachAfter: Duration?
        package var maximumLag: Duration?
        /// Of two groups, the id of that which comes first.
        package var first: String?
        /// Whether DNS was to leave the primary's region, or somebody to change who is primary: else nothing is promoted.
        package var isTroubled = true
        /// How long ago what a request stands on may have been read; a check is given up after half a minute.
        package var longestCheck = Duration.seconds(35)
        /// For so long AWS tells of a group, or name servers of a record, what is no longer so.
        package var oldestRead = Duration.zero
        /// By when all functions know of a pause; nil where some may not.
        package var pauseNotice: Duration? = .seconds(95)
        /// Whether facts say who has read `PAUSE_PARAMETER`: who has not may not change anything.
        package var readsPause = false
        /// Whether an invocation of a region that was not answered at this time is no fault of the function's.
        package var excusesLateness: @Sendable (_ region: String, _ time: Duration) -> Bool = { _, _ in false }

        package init() {}

        /// Of what is true, and was not told yet.
        var slack: Duration { longestCheck + oldestRead }
    }
}
