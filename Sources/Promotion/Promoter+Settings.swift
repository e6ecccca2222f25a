package import Failover

/// What a promoter is made of, as its configuration says it.
extension Promoter {
    package struct Identity: Sendable {
        /// What people know the watch by.
        package var watch: String
        /// The name that is watched.
        package var dnsName: String
        /// The global group that is promoted.
        package var groupID: String
        package var kind: GlobalGroup.Kind
        package var ownRegion: String
        /// Whether another group of the same watch has its own promoter.
        package var isOneOfTwo: Bool

        /// - Parameter watch: nil for the DNS name.
        package init(
            watch: String? = nil, dnsName: String, groupID: String, kind: GlobalGroup.Kind = .datastore,
            ownRegion: String, isOneOfTwo: Bool = false
        ) {
            self.watch = watch ?? dnsName
            self.dnsName = dnsName
            self.groupID = groupID
            self.kind = kind
            self.ownRegion = ownRegion
            self.isOneOfTwo = isOneOfTwo
        }

        /// What tells it from all others: the watch, and where that is not enough the group.
        package var name: String { isOneOfTwo ? "\(watch) (\(groupID))" : watch }
    }

    package struct Timing: Sendable {
        package var now: @Sendable () -> ContinuousClock.Instant
        package var sleep: @Sendable (Duration) async throws -> Void
        /// How old cached members may get; nil for any age.
        package var cacheMaxAge: Duration?
        /// How long a promotion may be wanted before it is an event that it is; nil for ever.
        package var alertAfter: Duration?

        package init(
            now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
            sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
            cacheMaxAge: Duration? = nil, alertAfter: Duration? = nil
        ) {
            self.now = now
            self.sleep = sleep
            self.cacheMaxAge = cacheMaxAge
            self.alertAfter = alertAfter
        }
    }

    /// What a promotion can be made to depend on, other than DNS and the group; nil where the user wants none of it.
    package struct Guards: Sendable {
        package var pause: (any PauseSource)?
        package var lag: (any LagService)?
        package var detachments: (any DetachmentRecord)?
        /// Of the group that comes first, who follows it.
        package var leads: PromotionTurn?
        /// Of the other one, whom it follows.
        package var follows: PromotionTurn?

        package init(
            pause: (any PauseSource)? = nil, lag: (any LagService)? = nil, detachments: (any DetachmentRecord)? = nil,
            leads: PromotionTurn? = nil, follows: PromotionTurn? = nil
        ) {
            self.pause = pause
            self.lag = lag
            self.detachments = detachments
            self.leads = leads
            self.follows = follows
        }
    }

    /// The decision, and the invariants that watch over it. Others stand in for them where it is shown what comes of rows
    /// that are wrong, and that it is noticed.
    package struct Rules: Sendable {
        package typealias Decide =
            @Sendable (
                _ observation: Observation, _ memory: Memory, _ policy: Policy, _ now: ContinuousClock.Instant
            ) -> Step
        package typealias Violations =
            @Sendable (
                _ decision: Decision, _ observation: Observation, _ memory: Memory, _ policy: Policy,
                _ now: ContinuousClock.Instant
            ) -> [Invariant]

        package var decide: Decide
        package var violations: Violations

        package init(
            decide: @escaping Decide = Failover.decide,
            violations: @escaping Violations = {
                Failover.violations(of: $0, observation: $1, memory: $2, policy: $3, now: $4)
            }
        ) {
            self.decide = decide
            self.violations = violations
        }
    }
}
