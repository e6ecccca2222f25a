package import Failover
internal import Logging

/// The shell around the decision: gets what it needs to know, carries out what it decides, and
/// reports.
package actor Promoter {
    package struct Identity: Sendable {
        /// The name that is watched.
        package var dnsName: String
        /// The global group that is promoted.
        package var groupID: String
        package var ownRegion: String

        package init(dnsName: String, groupID: String, ownRegion: String) {
            self.dnsName = dnsName
            self.groupID = groupID
            self.ownRegion = ownRegion
        }
    }

    package struct Timing: Sendable {
        package var now: @Sendable () -> ContinuousClock.Instant
        package var sleep: @Sendable (Duration) async throws -> Void
        /// How old cached members may get; nil for any age.
        package var cacheMaxAge: Duration?

        package init(
            now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
            sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
            cacheMaxAge: Duration? = nil
        ) {
            self.now = now
            self.sleep = sleep
            self.cacheMaxAge = cacheMaxAge
        }
    }

    private let identity: Identity
    private let policy: Policy
    private let timing: Timing
    private let finder: ActiveRegionFinder
    private let service: any GlobalGroupService
    private let calls: CallLog

    private var memory = Memory()
    private var cached: (group: GlobalGroup, readAt: ContinuousClock.Instant)?
    private var lastLook: ContinuousClock.Instant?
    /// When a promotion was asked for whose answer was lost, as long as it is not known what came of it.
    private var lostAt: ContinuousClock.Instant?

    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// How often a promotion whose answer was lost is asked for within one check. Each time stands on
    /// a fresh read of its own.
    private static let maximumAttempts = 3
    private static let pauseAfterLostAnswer = Duration.milliseconds(300)
    /// Checks come once a minute, or more often; this is one that did not come. On a slower schedule each check
    /// reads the members.
    private static let longestGap = Duration.seconds(90)
    /// No schedule is as slow as this: confirmations that are further apart are not of the same event.
    private static let longestRow = Duration.seconds(3600)

    package init(
        identity: Identity, policy: Policy, timing: Timing = Timing(), finder: ActiveRegionFinder,
        service: any GlobalGroupService, calls: CallLog
    ) {
        self.identity = identity
        self.policy = policy
        self.timing = timing
        self.finder = finder
        self.service = service
        self.calls = calls
    }

    /// Fetches the record set and the group at the same time, so that the first check finds both.
    ///
    /// - Returns: what is wrong with the set-up as far as this shows it. It ends nothing, since the next check
    ///   asks again; but a region that stands by would otherwise find out only when it is needed.
    package func warmUp(deadline: ContinuousClock.Instant) async -> [any Error] {
        guard !policy.paused else { return [] }
        await takeTurn()
        defer { passTurn() }
        lastLook = timing.now()
        async let records: Void = finder.warmUp(deadline: deadline)
        async let group = readGroup(deadline: deadline)
        var problems: [any Error] = []
        do {
            if let why = misconfiguration(of: try await group, in: identity.ownRegion) {
                problems.append(PromotionError(code: .misconfigured, reason: why.words))
            }
        } catch { problems.append(error) }
        do { try await records } catch { problems.append(error) }
        _ = calls.take()
        return problems
    }

    /// One check: asks DNS which region is active, decides, and acts. Checks that overlap come one after
    /// the other: each of two at once would find its own fresh read good enough for the same promotion.
    ///
    /// - Parameter deadline: by when the check has to be over, whatever hangs.
    /// - Throws: `CheckFailure`. What was read of the group is forgotten then, so that the next check asks
    ///   anew. The record set is not: its service may be what is down, and DNS tells when it is out of date.
    package func check(deadline: ContinuousClock.Instant) async throws(CheckFailure) -> CheckResult {
        await takeTurn()
        defer { passTurn() }
        let start = timing.now()
        await noteGap(before: start)
        var observation = Observation(ownRegion: identity.ownRegion, group: knowledge(at: start))
        do {
            let decision = try await decideAndAct(&observation, deadline: deadline)
            // Of a group in which something is under way, "primary" may be the old primary's.
            if decision.forgetsGroup || observation.group.group?.isSettled == false { cached = nil }
            return CheckResult(
                decision: decision, observation: observation, identity: identity,
                answer: await finder.lastAnswer, calls: calls.take(), duration: timing.now() - start)
        } catch {
            // A check that could not even ask is not one that agrees.
            if observation.active == .notAsked { memory.confirmations = 0 }
            cached = nil
            throw CheckFailure(
                error, observation: observation, identity: identity, calls: calls.take(),
                duration: timing.now() - start)
        }
    }

    private func decideAndAct(
        _ observation: inout Observation, deadline: ContinuousClock.Instant
    ) async throws -> Decision {
        var attempts = 0
        while true {
            let now = timing.now()
            switch decide(observation, memory: memory, policy: policy, now: now) {
            case .need(.activeRegion):
                observation.active = try await finder.find(deadline: deadline)
            case .need(.group), .need(.freshGroup):
                observation.group = .fresh(try await readGroup(deadline: deadline))
            case .decided(.promote(let promotion), let after):
                try checkInvariants(.promote(promotion), observation, after, now)
                attempts += 1
                switch try await promote(promotion, isLastAttempt: attempts == Self.maximumAttempts, deadline: deadline)
                {
                case .accepted:
                    memory = Memory(confirmations: 0, lastPromotion: timing.now())
                    lostAt = nil
                    return .promote(promotion)
                case .changeUnderWay:
                    remember(after, with: .hold(.changeUnderWay))
                    return .hold(.changeUnderWay)
                case .answerLost:
                    observation.group = .unread
                }
            case .decided(let decision, let after):
                remember(after, with: decision)
                if case .misconfigured(let why) = decision {
                    throw PromotionError(code: .misconfigured, reason: why.words)
                }
                return decision
            }
        }
    }

    private enum Outcome {
        case accepted
        case changeUnderWay
        case answerLost
    }

    private func promote(
        _ promotion: Decision.Promotion, isLastAttempt: Bool, deadline: ContinuousClock.Instant
    ) async throws -> Outcome {
        do {
            try await service.promote(promotion, deadline: deadline)
            return .accepted
        } catch PromotionRefusal.changeUnderWay {
            return .changeUnderWay
        } catch PromotionRefusal.outcomeUnknown(let error) {
            lostAt = timing.now()
            // AWS may have accepted it. The group tells: one that is being changed, or whose roles have
            // changed, is not promoted again.
            guard !isLastAttempt, timing.now() + Self.pauseAfterLostAnswer < deadline else { throw error }
            // Cancelled: what was lost says more than that.
            do { try await timing.sleep(Self.pauseAfterLostAnswer) } catch is CancellationError { throw error }
            return .answerLost
        }
    }

    private func checkInvariants(
        _ decision: Decision, _ observation: Observation, _ memory: Memory, _ now: ContinuousClock.Instant
    ) throws {
        let broken = violations(of: decision, observation: observation, memory: memory, policy: policy, now: now)
        guard broken.isEmpty else {
            throw PromotionError(
                code: .invariantViolated,
                reason:
                    "a promotion was decided that must not be made (\(broken.map(\.rawValue).joined(separator: ", ")));"
                    + " this is a defect of promoter, and nothing was promoted")
        }
    }

    /// A group that is being changed, or whose primary is here by now: the promotion whose answer was lost has
    /// come about, and holds the next one down as any other.
    private func remember(_ after: Memory, with decision: Decision) {
        memory = after
        switch decision {
        case .hold(.groupStatus), .hold(.changeUnderWay), .hold(.inPlace):
            if let lostAt { memory.lastPromotion = lostAt }
            lostAt = nil
        default: break
        }
    }

    /// What happens while nobody looks is not seen: DNS may have moved away and back, and another region may
    /// have promoted its member. What was read before such a gap is no longer known, and checks that agreed
    /// long ago agree no longer.
    private func noteGap(before now: ContinuousClock.Instant) async {
        defer { lastLook = now }
        guard let lastLook, now - lastLook > Self.longestGap else { return }
        cached = nil
        await finder.distrust()
        if now - lastLook > Self.longestRow { memory.confirmations = 0 }
    }

    private func takeTurn() async {
        guard isBusy else {
            isBusy = true
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func passTurn() {
        if waiting.isEmpty { isBusy = false } else { waiting.removeFirst().resume() }
    }

    private func readGroup(deadline: ContinuousClock.Instant) async throws -> GlobalGroup {
        let group = try await service.group(deadline: deadline)
        cached = (group, timing.now())
        return group
    }

    private func knowledge(at now: ContinuousClock.Instant) -> GroupKnowledge {
        guard let cached else { return .unread }
        if let maximum = timing.cacheMaxAge, now - cached.readAt >= maximum { return .unread }
        return .cached(cached.group)
    }
}
