import Failover
import Testing

@Suite("The rows of the lag and of detaching")
struct LagAndDetachRowTests {
    typealias Base = GuardRowTests
    typealias Table = DecisionTableTests
    typealias Case = DecisionTableTests.Case

    static let promotion = DecisionTableTests.promotion
    static let own = DecisionTableTests.own

    static func lag(_ knowledge: LagKnowledge, unknown: Policy.WhenLagUnknown = .hold, _ decision: Decision) -> Case {
        Case(
            row: "lag \(knowledge), \(unknown)", observation: Base.seen(lag: knowledge),
            policy: Policy(maximumLag: .seconds(5), whenLagUnknown: unknown),
            expected: .decided(decision, Base.memory(confirmations: 1, wanted: 0)))
    }

    static let lags = [
        lag(.known(.zero), .promote(promotion)),
        lag(.known(.seconds(5)), .promote(promotion)),
        lag(.known(.milliseconds(5001)), .hold(.lagging(.milliseconds(5001), maximum: .seconds(5)))),
        lag(.known(.milliseconds(5001)), unknown: .promote, .hold(.lagging(.milliseconds(5001), maximum: .seconds(5)))),
        lag(.unknown("x"), .hold(.lagUnknown("x"))),
        lag(.unknown("x"), unknown: .promote, .promote(promotion)),
        Case(
            row: "a lag is asked for where it counts", observation: Base.seen(), policy: Base.lagPolicy,
            expected: .need(.lag)),
        Case(
            row: "any lag will do where the user says nothing", observation: Base.seen(lag: .known(.seconds(999))),
            expected: .decided(.promote(promotion), Base.memory(confirmations: 1, wanted: 0))),
        Case(
            row: "the fresh read comes before the lag", observation: Base.seen(own, .cached(Base.secondary)),
            policy: Base.lagPolicy, expected: .need(.freshGroup)),
        Case(
            row: "the group's status comes before the lag",
            observation: Base.seen(own, .fresh(Base.modifying), lag: .known(.seconds(9))), policy: Base.lagPolicy,
            expected: .decided(.hold(.groupStatus("modifying")), Base.memory(confirmations: 1, wanted: 0))),
        Case(
            row: "the member's status comes before the lag",
            observation: Base.seen(own, .fresh(Table.group(.secondary, memberStatus: "associating"))),
            policy: Base.lagPolicy,
            expected: .decided(.hold(.memberStatus("associating")), Base.memory(confirmations: 1, wanted: 0))),
        Case(
            row: "a dry run holds for the lag, too", observation: Base.seen(lag: .known(.seconds(6))),
            policy: Policy(dryRun: true, maximumLag: .seconds(5)),
            expected: .decided(
                .hold(.lagging(.seconds(6), maximum: .seconds(5))), Base.memory(confirmations: 1, wanted: 0))),
    ]

    /// Obstructed for as long as it takes.
    static func obstructed(
        _ row: String, _ observation: Observation = Base.seen(), seconds: Int = 300, confirmations: Int = 0,
        pursued: Int? = nil, refused: Int? = nil, failed: Int? = nil, policy: Policy = Base.detachPolicy,
        expecting expected: Step
    ) -> Case {
        Case(
            row: row, observation: observation,
            memory: Base.memory(
                confirmations: confirmations, wanted: 400, pursued: pursued, obstructed: seconds, refused: refused,
                failed: failed),
            policy: policy, expected: expected)
    }

    static func after(
        _ decision: Decision, seconds: Int = 300, confirmations: Int = 1, pursued: Int? = nil, refused: Int? = nil,
        failed: Int? = nil
    ) -> Step {
        .decided(
            decision,
            Base.memory(
                confirmations: confirmations, wanted: 400, pursued: pursued, obstructed: seconds, refused: refused,
                failed: failed))
    }

    /// Obstructed for long, and no attempt since the last detachment was refused.
    static func stopped(confirmations: Int = 0, wanted: Int, refused: Int) -> Memory {
        var memory = Base.memory(confirmations: confirmations, wanted: wanted, obstructed: 300, refused: refused)
        memory.lastFailedAttempt = nil
        return memory
    }

    static let detachments = [
        obstructed("due", expecting: after(.detach(promotion))),
        obstructed("not due yet", seconds: 299, expecting: after(.promote(promotion), seconds: 299)),
        obstructed("not wanted by the user", policy: Policy(), expecting: after(.promote(promotion))),
        obstructed(
            "a dry run detaches nothing", policy: Policy(dryRun: true, detachAfter: .seconds(300)),
            expecting: after(.wouldPromote(promotion))),
        obstructed(
            "unconfirmed", policy: Policy(confirmations: 2, detachAfter: .seconds(300)),
            expecting: after(.hold(.confirming(seen: 1, needed: 2)))),
        obstructed(
            "confirmed", confirmations: 1, policy: Policy(confirmations: 2, detachAfter: .seconds(300)),
            expecting: after(.detach(promotion), confirmations: 2)),
        obstructed("by the cache", Base.seen(own, .cached(Base.secondary)), expecting: .need(.freshGroup)),
        obstructed(
            "an unknown pause comes before the fresh read",
            Base.seen(own, .cached(Base.secondary), pause: .unknown("x")), expecting: after(.hold(.pauseUnknown("x")))),
        obstructed(
            "whatever the group's status is", Base.seen(own, .fresh(Base.modifying)),
            expecting: after(.detach(promotion))),
        obstructed(
            "a promotion under way is not waited for any longer", Base.seen(own, .fresh(Base.modifying)), pursued: 300,
            expecting: after(.detach(promotion), pursued: 300)),
        obstructed(
            "a member that does not take part is not detached",
            Base.seen(own, .fresh(Table.group(.secondary, memberStatus: "disassociating"))),
            expecting: after(.hold(.memberStatus("disassociating")))),
        obstructed(
            "refused just now", refused: 0, failed: 0, expecting: after(.detach(promotion), refused: 0, failed: 0)),
        obstructed("refused 29 s ago", failed: 29, expecting: after(.detach(promotion), failed: 29)),
        obstructed(
            "refused so long ago that it may succeed by now", failed: 30,
            expecting: after(.promote(promotion), failed: 30)),
        Case(
            row: "a detachment was refused: the promotion comes first again", observation: Base.seen(),
            memory: stopped(wanted: 400, refused: 5), policy: Base.detachPolicy,
            expected: .decided(.promote(promotion), stopped(confirmations: 1, wanted: 400, refused: 5))),
        Case(
            row: "a detachment was refused just now", observation: Base.seen(),
            memory: stopped(wanted: 400, refused: 4), policy: Base.detachPolicy,
            expected: .decided(.hold(.refusedJustNow), stopped(confirmations: 1, wanted: 400, refused: 4))),
        Case(
            row: "accepted, at it for long, and not watched all the time",
            observation: Base.seen(own, .fresh(Base.modifying)),
            memory: Base.interrupted(Base.memory(wanted: 400, pursued: 300)), policy: Base.detachPolicy,
            expected: .decided(
                .hold(.promotionUnderWay(elapsed: .seconds(300))),
                Base.interrupted(Base.memory(confirmations: 1, wanted: 400, pursued: 300)))),
        Case(
            row: "accepted, and it came to nothing: it is asked for again", observation: Base.seen(),
            memory: Base.memory(wanted: 400, pursued: 300), policy: Base.detachPolicy,
            expected: .decided(.promote(promotion), Base.memory(confirmations: 1, wanted: 400))),
        Case(
            row: "the detachment of a promotion under way was refused just now",
            observation: Base.seen(own, .fresh(Base.modifying)),
            memory: Base.memory(wanted: 400, pursued: 300, refused: 4), policy: Base.detachPolicy,
            expected: .decided(
                .hold(.promotionUnderWay(elapsed: .seconds(300))),
                Base.memory(confirmations: 1, wanted: 400, pursued: 300, refused: 4))),
        obstructed(
            "the lag does not count", Base.seen(lag: .known(.seconds(99))),
            policy: Policy(maximumLag: .seconds(5), detachAfter: .seconds(300)), expecting: after(.detach(promotion))),
        Case(
            row: "nothing was refused", observation: Base.seen(), memory: Base.memory(wanted: 9999),
            policy: Base.detachPolicy,
            expected: .decided(.promote(promotion), Base.memory(confirmations: 1, wanted: 9999))),
    ]

    static let detached = [
        Case(
            row: "the member is gone, and was detached", observation: Base.seen(own, .fresh(Base.withoutLocal)),
            memory: Base.memory(confirmations: 1, wanted: 9, detached: 100),
            expected: .decided(.hold(.detached(memberID: "near")), Base.memory(detached: 100))),
        Case(
            row: "that lasts", observation: Base.seen(own, .cached(Base.withoutLocal)),
            memory: Base.memory(detached: 99_999),
            expected: .decided(.hold(.detached(memberID: "near")), Base.memory(detached: 99_999))),
        Case(
            row: "the member is gone, and was detached by an earlier process",
            observation: Base.seen(own, .fresh(Base.withoutLocal), onRecord: true),
            expected: .decided(.hold(.detached(memberID: "m")), Base.memory())),
        Case(
            row: "the member is gone, and nobody knows why", observation: Base.seen(own, .fresh(Base.withoutLocal)),
            expected: .decided(Base.misconfigured, Base.memory())),
        Case(
            row: "the member is still described", observation: Base.seen(), memory: Base.memory(detached: 899),
            expected: .decided(.hold(.detached(memberID: "near")), Base.memory(detached: 899))),
        Case(
            row: "the member is still leaving",
            observation: Base.seen(own, .fresh(Table.group(.secondary, memberStatus: "disassociating"))),
            memory: Base.memory(detached: 900),
            expected: .decided(.hold(.detached(memberID: "near")), Base.memory(detached: 900))),
        Case(
            row: "the datastore was rebuilt, and the member is secondary", observation: Base.seen(),
            memory: Base.memory(detached: 900),
            expected: .decided(.promote(promotion), Base.memory(confirmations: 1, wanted: 0))),
        Case(
            row: "the datastore was rebuilt, and the member is primary",
            observation: Base.seen(own, .fresh(Table.group(.primary))), memory: Base.memory(detached: 900),
            expected: .decided(.hold(.inPlace), Base.memory())),
        Case(
            row: "a record does not count while the member is there", observation: Base.seen(onRecord: true),
            expected: .decided(.promote(promotion), Base.memory(confirmations: 1, wanted: 0))),
    ]

    @Test("Each row", arguments: lags + detachments + detached)
    func row(_ example: Case) {
        let step = decide(
            example.observation, memory: example.memory, policy: example.policy, now: DecisionTableTests.now)
        #expect(step.withoutSight == example.expected)
    }
}
