package import Failover
internal import Logging

/// The shell around the decision: gets what it needs to know, carries out what it decides, and
/// reports.
package actor Promoter {
    package nonisolated let identity: Identity
    package nonisolated let policy: Policy
    let timing: Timing
    let finder: any RegionFinder
    let service: any GlobalGroupService
    let guards: Guards
    private let rules: Rules
    let calls: CallLog

    var memory = Memory()
    var tracker: PromotionTracker
    var cached: (group: GlobalGroup, readAt: ContinuousClock.Instant)?
    /// A request whose answer was lost, as long as it is not known what came of it.
    var lost: SentRequest?
    /// Why AWS last said that the group is being changed, in its words.
    var refusalReason: String?
    var detachmentOnRecord: String?
    private var lastLook: ContinuousClock.Instant?
    /// When the last check began.
    package private(set) var lastCheck: ContinuousClock.Instant?

    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Checks come once a minute, or more often; this is one that did not come. On a slower schedule each check
    /// reads the members.
    private static let longestGap = Duration.seconds(90)
    /// No schedule is as slow as this: confirmations that are further apart are not of the same event.
    private static let longestRow = Duration.seconds(3600)

    package init(
        identity: Identity, policy: Policy, timing: Timing = Timing(), finder: any RegionFinder,
        service: any GlobalGroupService, guards: Guards = Guards(), rules: Rules = Rules(), calls: CallLog
    ) {
        self.identity = identity
        self.policy = policy
        self.timing = timing
        self.finder = finder
        self.service = service
        self.guards = guards
        self.rules = rules
        self.calls = calls
        tracker = PromotionTracker(alertAfter: timing.alertAfter)
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
                if case .noLocalMember = why, await readDetachmentRecord(deadline: deadline) {
                } else {
                    problems.append(PromotionError(code: .misconfigured, reason: why.words(identity.kind)))
                }
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
        lastCheck = start
        await noteGap(before: start)
        if guards.leads?.takeQuestion() ?? false { cached = nil }
        var observation = Observation(
            ownRegion: identity.ownRegion, pause: await guards.pause?.knowledge ?? .none,
            group: knowledge(at: start), detachmentOnRecord: detachmentOnRecord,
            predecessor: guards.follows?.predecessor(at: start) ?? .none)
        var events: [PromotionEvent] = []
        do {
            let decision = try await decideAndAct(&observation, by: policy, &events, deadline: deadline)
            tellTurn(decision, observation)
            forgetWhatMayHaveChanged(decision, observation)
            var result = CheckResult(
                decision: decision, observation: observation, identity: identity,
                answer: await finder.lastAnswer, calls: calls.take(), duration: timing.now() - start,
                events: [], refusal: refusalReason)
            if let alert = tracker.alert(memory, why: result.sentence, after: events, now: timing.now()) {
                events.append(alert)
            }
            result.events = events
            return result
        } catch {
            guards.leads?.note(nil, nil, asOf: start)
            noteFailure(observation)
            if let alert = tracker.alert(memory, why: "\(error)", after: events, now: timing.now()) {
                events.append(alert)
            }
            throw CheckFailure(
                error, observation: observation, identity: identity, calls: calls.take(),
                duration: timing.now() - start, events: events)
        }
    }

    /// - Parameters:
    ///   - policy: that of the user; an operator's order has its own.
    ///   - isOrdered: by an operator; else by DNS.
    func decideAndAct(
        _ observation: inout Observation, by policy: Policy, isOrdered: Bool = false,
        _ events: inout [PromotionEvent], deadline: ContinuousClock.Instant
    ) async throws -> Decision {
        var attempts = 0
        // What a refused promotion has come to, unless a detachment follows from it.
        var refusal: Result<Decision, any Error>?
        while true {
            let now = timing.now()
            switch rules.decide(observation, memory, policy, now) {
            case .need(.activeRegion):
                observation.active = try await finder.find(deadline: deadline)
                if await finder.otherHeardOtherwise() { forgetWhatWasConfirmed(&observation) }
            case .need(.group), .need(.freshGroup):
                try await readGroupAndLag(&observation, policy, deadline: deadline)
            case .need(.lag):
                observation.lag = await lag(observation.group.group, deadline: deadline)
            case .decided(let decision, _) where isOwnDetachment(decision):
                settleLostRequest(by: decision, observation.group.group, &events)
            case .decided(.misconfigured(.noLocalMember), _)
            where await learnOfDetachment(&observation, deadline: deadline):
                break
            case .decided(.promote, _) where await isOutOfDate(&observation, isOrdered: isOrdered),
                .decided(.detach, _) where await isOutOfDate(&observation, isOrdered: isOrdered):
                break
            case .decided(let decision, let after):
                try checkInvariants(decision, observation, after, policy, now)
                if let event = tracker.ending(
                    of: memory, by: decision, after, observation.group.group, now: now)
                {
                    events.append(event)
                }
                memory = after
                switch decision {
                case .promote(let promotion), .detach(let promotion):
                    attempts += 1
                    let request: Request = if case .promote = decision { .promote } else { .detach }
                    do {
                        let end = try await send(
                            request, promotion, attempt: attempts, wantedSince: isOrdered ? nil : memory.wantedSince,
                            &events, deadline: deadline)
                        if let end {
                            guard end == .hold(.changeUnderWay), isDetachmentDue(request, policy) else { return end }
                            refusal = .success(end)
                        }
                    } catch  where isDetachmentDue(request, policy) { refusal = .failure(error) }
                    // The group tells what came of a lost answer; and a detachment stands on a read of its own.
                    observation.group = .unread
                case .misconfigured(let why):
                    throw PromotionError(
                        code: .misconfigured, reason: why.words(identity.kind, isOrdered: isOrdered))
                case .hold, .wouldPromote:
                    settleLostRequest(by: decision, observation.group.group, &events)
                    if let refusal, decision == .hold(.refusedJustNow) { return try refusal.get() }
                    return decision
                }
            }
        }
    }

    private func checkInvariants(
        _ decision: Decision, _ observation: Observation, _ memory: Memory, _ policy: Policy,
        _ now: ContinuousClock.Instant
    ) throws {
        let broken = rules.violations(decision, observation, memory, policy, now)
        guard broken.isEmpty else {
            throw PromotionError(
                code: .invariantViolated,
                reason:
                    "a promotion was decided that must not be made (\(broken.map(\.rawValue).joined(separator: ", ")));"
                    + " this is a defect of promoter, and nothing was promoted")
        }
    }

    private func forgetWhatMayHaveChanged(_ decision: Decision, _ observation: Observation) {
        // Who has rebuilt the datastore has brought the member back.
        if let group = observation.group.group, misconfiguration(of: group, in: identity.ownRegion) == nil {
            detachmentOnRecord = nil
        }
        // Of a group in which something is under way, "primary" may be the old primary's. What is detached is looked at
        // again only so often: see `knowledge(at:)`.
        if case .hold(.detached) = decision { return }
        if decision.forgetsGroup || observation.group.group?.isSettled == false { cached = nil }
    }

    private func noteFailure(_ observation: Observation) {
        // A check that could not even ask is not one that agrees.
        if observation.active == .notAsked { memory.confirmations = 0 }
        // What could not be read may well be a promotion that is wanted.
        if observation.active == .region(identity.ownRegion) { memory.wantedSince = memory.wantedSince ?? timing.now() }
        cached = nil
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

    func takeTurn() async {
        guard isBusy else {
            isBusy = true
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func passTurn() {
        if waiting.isEmpty { isBusy = false } else { waiting.removeFirst().resume() }
    }
}
