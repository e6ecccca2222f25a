import Failover
import Testing

/// The rows that stand between a promotion that is wanted and one that is safe, and their order: each case has the
/// neighbours' reasons to hold, or to act, as well.
@Suite("The rows of the guards")
struct GuardRowTests {
    typealias Table = DecisionTableTests
    typealias Case = DecisionTableTests.Case

    static let now = DecisionTableTests.now
    static let own = DecisionTableTests.own
    static let promotion = DecisionTableTests.promotion
    static let pause = PauseKnowledge.Pause(by: "ann", reason: "a drill", since: "2026-11-21T12:00:00Z")
    static let secondary = DecisionTableTests.group(.secondary)

    static func ago(_ seconds: Int) -> ContinuousClock.Instant { now - .seconds(seconds) }

    /// - Parameters: ages in seconds.
    static func memory(
        confirmations: Int = 0, wanted: Int? = nil, promoted: Int? = nil, pursued: Int? = nil, obstructed: Int? = nil,
        refused: Int? = nil, detached: Int? = nil, failed: Int? = nil
    ) -> Memory {
        var memory = Memory(confirmations: confirmations, lastPromotion: promoted.map(ago))
        memory.wantedSince = wanted.map(ago)
        memory.pursuit = pursued.map { .init(promotion: promotion, acceptedAt: ago($0)) }
        memory.obstructedSince = obstructed.map(ago)
        // Where nothing else is said, the last attempt was a second ago.
        memory.lastFailedAttempt = (failed ?? obstructed.map { _ in 1 }).map(ago)
        memory.lastRefusal = refused.map(ago)
        memory.detachment = detached.map { .init(memberID: "near", at: ago($0)) }
        return memory
    }

    /// With what was watched no longer seen all the time.
    static func interrupted(_ memory: Memory) -> Memory {
        var memory = memory
        memory.pursuit?.isUnbroken = false
        return memory
    }

    static func seen(
        _ active: ActiveRegion = own, _ group: GroupKnowledge = .fresh(secondary), pause: PauseKnowledge = .none,
        lag: LagKnowledge = .notAsked, onRecord: Bool = false
    ) -> Observation {
        Observation(
            ownRegion: "us-west-2", pause: pause, active: active, group: group, lag: lag,
            detachmentOnRecord: onRecord ? "m" : nil)
    }

    static let withoutLocal = GlobalGroup(id: "g", status: "available", members: [secondary.members[0]])
    static let modifying = DecisionTableTests.group(.secondary, status: "modifying")
    static let lagPolicy = Policy(maximumLag: .seconds(5), whenLagUnknown: .hold)
    static let detachPolicy = Policy(detachAfter: .seconds(300))
    static let misconfigured = Decision.misconfigured(
        .noLocalMember(groupID: "g", region: "us-west-2", memberRegions: ["us-east-1"]))

    static let pauses = [
        Case(
            row: "paused by an operator: not even DNS is asked", observation: seen(.notAsked, pause: .paused(pause)),
            memory: memory(confirmations: 2, wanted: 9, obstructed: 8),
            expected: .decided(.hold(.pausedByOperator(pause)), memory())),
        Case(
            row: "paused by PAUSED comes before the operator's pause", observation: seen(pause: .paused(pause)),
            policy: Policy(paused: true), expected: .decided(.hold(.paused), memory())),
        Case(
            row: "a pause does not end what is under way", observation: seen(pause: .paused(pause)),
            memory: memory(promoted: 20, pursued: 20),
            expected: .decided(.hold(.pausedByOperator(pause)), interrupted(memory(promoted: 20, pursued: 20)))),
        Case(
            row: "an unknown pause does not keep DNS from being asked",
            observation: seen(.notAsked, pause: .unknown("x")), expected: .need(.activeRegion)),
        Case(
            row: "an unknown pause does not keep a region from standing by",
            observation: seen(.region("us-east-1"), pause: .unknown("x")),
            expected: .decided(.hold(.standby(activeRegion: "us-east-1")), memory())),
        Case(
            row: "confirmations come before an unknown pause", observation: seen(pause: .unknown("x")),
            policy: Policy(confirmations: 2),
            expected: .decided(.hold(.confirming(seen: 1, needed: 2)), memory(confirmations: 1, wanted: 0))),
        Case(
            row: "the hold-down comes before an unknown pause", observation: seen(pause: .unknown("x")),
            memory: memory(promoted: 100), policy: Policy(holdDown: .seconds(101)),
            expected: .decided(
                .hold(.holdingDown(remaining: .seconds(1))), memory(confirmations: 1, wanted: 0, promoted: 100))),
        Case(
            row: "an unknown pause comes before the fresh read",
            observation: seen(own, .cached(secondary), pause: .unknown("x")),
            expected: .decided(.hold(.pauseUnknown("x")), memory(confirmations: 1, wanted: 0))),
        Case(
            row: "an unknown pause holds what would be promoted", observation: seen(pause: .unknown("x")),
            memory: memory(wanted: 7),
            expected: .decided(.hold(.pauseUnknown("x")), memory(confirmations: 1, wanted: 7))),
    ]

    static let endings = [
        Case(
            row: "an unknown region ends the row of confirmations, and nothing else",
            observation: seen(.unknown(.noRecords)),
            memory: memory(confirmations: 2, wanted: 50, promoted: 40, pursued: 40, obstructed: 40, refused: 3),
            expected: .decided(
                .hold(.unknown(.noRecords)), memory(wanted: 50, promoted: 40, pursued: 40, obstructed: 40, refused: 3))),
        Case(
            row: "several regions end what counts for a detachment, too", observation: seen(.ambiguous(["a", "b"])),
            memory: memory(confirmations: 2, wanted: 50, promoted: 40, pursued: 40, obstructed: 40, refused: 3),
            expected: .decided(
                .hold(.ambiguous(["a", "b"])), interrupted(memory(wanted: 50, promoted: 40, pursued: 40, refused: 3)))),
        Case(
            row: "another region ends all but the hold-down and what AWS may still be at",
            observation: seen(.region("us-east-1")),
            memory: memory(confirmations: 2, wanted: 50, promoted: 40, pursued: 40, obstructed: 40, refused: 3),
            expected: .decided(
                .hold(.standby(activeRegion: "us-east-1")),
                {
                    var left = memory(promoted: 40)
                    left.overtakenPromotion = Table.now - .seconds(40)
                    return left
                }())),
        Case(
            row: "so does being in place", observation: seen(own, .fresh(Table.group(.primary))),
            memory: memory(confirmations: 2, wanted: 50, promoted: 40, pursued: 40, obstructed: 40, refused: 3),
            expected: .decided(.hold(.inPlace), memory(promoted: 40))),
    ]

    static let pursuits = [
        Case(
            row: "accepted, and the group is still as before: AWS may be late to say so", observation: seen(),
            memory: memory(promoted: 59, pursued: 59),
            expected: .decided(
                .hold(.promotionUnderWay(elapsed: .seconds(59))),
                memory(confirmations: 1, wanted: 0, promoted: 59, pursued: 59))),
        Case(
            row: "accepted, and it came to nothing: the normal rows again", observation: seen(),
            memory: memory(confirmations: 1, wanted: 70, promoted: 60, pursued: 60), policy: Policy(confirmations: 2),
            expected: .decided(.promote(promotion), memory(confirmations: 2, wanted: 70, promoted: 60))),
        Case(
            row: "what came to nothing by the cache is read anew", observation: seen(own, .cached(secondary)),
            memory: memory(promoted: 60, pursued: 60), expected: .need(.freshGroup)),
        Case(
            row: "whatever holds it then: only a fresh read ends what is under way",
            observation: seen(own, .cached(secondary)), memory: memory(promoted: 60, pursued: 60),
            policy: Policy(holdDown: .seconds(90)), expected: .need(.freshGroup)),
        Case(
            row: "what came to nothing is held down", observation: seen(), memory: memory(promoted: 60, pursued: 60),
            policy: Policy(holdDown: .seconds(90)),
            expected: .decided(
                .hold(.holdingDown(remaining: .seconds(30))), memory(confirmations: 1, wanted: 0, promoted: 60))),
        Case(
            row: "accepted, and under way: confirmations go on", observation: seen(own, .fresh(modifying)),
            memory: memory(confirmations: 1, wanted: 899, promoted: 899, pursued: 899),
            policy: Policy(confirmations: 3),
            expected: .decided(
                .hold(.promotionUnderWay(elapsed: .seconds(899))),
                memory(confirmations: 2, wanted: 899, promoted: 899, pursued: 899))),
        Case(
            row: "accepted, and not over after 15 minutes: given up", observation: seen(own, .fresh(modifying)),
            memory: memory(promoted: 900, pursued: 900),
            expected: .decided(
                .hold(.groupStatus("modifying")), memory(confirmations: 1, wanted: 0, promoted: 900))),
        Case(
            row: "PRIMARY in a group that is not settled: still under way",
            observation: seen(own, .fresh(Table.group(.primary, status: "modifying"))),
            memory: memory(confirmations: 1, wanted: 30, promoted: 20, pursued: 20),
            expected: .decided(
                .hold(.promotionUnderWay(elapsed: .seconds(20))), memory(wanted: 30, promoted: 20, pursued: 20))),
        Case(
            row: "PRIMARY in a group that does not settle: no longer waited for",
            observation: seen(own, .fresh(Table.group(.primary, status: "modifying"))),
            memory: memory(promoted: 900, pursued: 900), expected: .decided(.hold(.inPlace), memory(promoted: 900))),
        Case(
            row: "a promotion under way comes before confirmations", observation: seen(own, .fresh(modifying)),
            memory: memory(pursued: 10), policy: Policy(confirmations: 5),
            expected: .decided(
                .hold(.promotionUnderWay(elapsed: .seconds(10))), memory(confirmations: 1, wanted: 0, pursued: 10))),
    ]

    static let refusals = [
        Case(
            row: "refused just now", observation: seen(own, .fresh(modifying)), memory: memory(refused: 4),
            expected: .decided(.hold(.refusedJustNow), memory(confirmations: 1, wanted: 0, refused: 4))),
        Case(
            row: "refused a while ago", observation: seen(), memory: memory(refused: 5),
            expected: .decided(.promote(promotion), memory(confirmations: 1, wanted: 0, refused: 5))),
        Case(
            row: "the hold-down comes before a refusal", observation: seen(), memory: memory(promoted: 1, refused: 1),
            policy: Policy(holdDown: .seconds(2)),
            expected: .decided(
                .hold(.holdingDown(remaining: .seconds(1))),
                memory(confirmations: 1, wanted: 0, promoted: 1, refused: 1))),
        Case(
            row: "a refusal comes before an unknown pause", observation: seen(pause: .unknown("x")),
            memory: memory(refused: 1),
            expected: .decided(.hold(.refusedJustNow), memory(confirmations: 1, wanted: 0, refused: 1))),
    ]

    @Test("Each row", arguments: pauses + endings + pursuits + refusals)
    func row(_ example: Case) {
        let step = decide(example.observation, memory: example.memory, policy: example.policy, now: Self.now)
        #expect(step.withoutSight == example.expected)
    }
}

extension Step {
    /// Without the time of the last sight of a promotion that is wanted, which `SightTests` is about.
    var withoutSight: Step {
        guard case .decided(let decision, var memory) = self else { return self }
        memory.lastWanted = nil
        return .decided(decision, memory)
    }
}
