import Failover
import Testing

@Suite("Invariants of a promotion")
struct InvariantTests {
    typealias Table = DecisionTableTests
    typealias Base = GuardRowTests

    static let observation = Table.seen(Table.own, .fresh(Table.group(.secondary)))
    static let memory = Memory(confirmations: 1)

    @Test("A promotion that all rows allow breaks none")
    func sound() {
        let broken = violations(
            of: .promote(Table.promotion), observation: Self.observation, memory: Self.memory, policy: Policy(),
            now: Table.now)
        #expect(broken.isEmpty)
    }

    struct Case: Sendable {
        var invariant: Invariant
        var observation = InvariantTests.observation
        var memory = InvariantTests.memory
        var policy = Policy()
        var promotion = Table.promotion
    }

    @Test(
        "Each one is seen when it is broken",
        arguments: [
            Case(
                invariant: .activeRegionIsKnownAndOwn, observation: Table.seen(.region("us-east-1"), observation.group)),
            Case(
                invariant: .activeRegionIsKnownAndOwn,
                observation: Table.seen(.ambiguous(["us-west-2"]), observation.group)),
            Case(
                invariant: .groupWasReadByThisCheck,
                observation: Table.seen(Table.own, .cached(Table.group(.secondary)))),
            Case(
                invariant: .memberIsTheLocalSecondary, observation: Table.seen(Table.own, .fresh(Table.group(.primary)))
            ),
            Case(
                invariant: .memberIsTheLocalSecondary,
                promotion: .init(groupID: "g", memberID: "far", region: "us-west-2")),
            Case(
                invariant: .memberIsTheLocalSecondary,
                promotion: .init(groupID: "g", memberID: "near", region: "us-east-1")),
            Case(
                invariant: .memberIsTheLocalSecondary,
                promotion: .init(groupID: "other", memberID: "near", region: "us-west-2")),
            Case(
                invariant: .groupMayBePromoted,
                observation: Table.seen(Table.own, .fresh(Table.group(.secondary, status: "modifying")))),
            Case(invariant: .confirmedOftenEnough, policy: Policy(confirmations: 2)),
            Case(
                invariant: .notHeldDown, memory: Memory(confirmations: 1, lastPromotion: Table.now - .seconds(1)),
                policy: Policy(holdDown: .seconds(2))),
            Case(invariant: .notPausedAndNoDryRun, policy: Policy(paused: true)),
            Case(invariant: .notPausedAndNoDryRun, policy: Policy(dryRun: true)),
            Case(invariant: .notPausedAndNoDryRun, observation: Base.seen(pause: .paused(Base.pause))),
            Case(invariant: .notPausedAndNoDryRun, observation: Base.seen(pause: .unknown("x"))),
            Case(
                invariant: .memberIsAssociated,
                observation: Base.seen(Table.own, .fresh(Table.group(.secondary, memberStatus: "associating")))),
            Case(invariant: .noOtherUnderWay, memory: Base.memory(confirmations: 1, pursued: 1)),
            Case(invariant: .noOtherUnderWay, memory: Base.memory(confirmations: 1, detached: 9999)),
            Case(invariant: .lagIsAllowed, policy: Base.lagPolicy),
            Case(
                invariant: .lagIsAllowed, observation: Base.seen(lag: .known(.milliseconds(5001))),
                policy: Base.lagPolicy),
            Case(invariant: .lagIsAllowed, observation: Base.seen(lag: .unknown("x")), policy: Base.lagPolicy),
        ])
    func broken(_ example: Case) {
        let broken = violations(
            of: .promote(example.promotion), observation: example.observation, memory: example.memory,
            policy: example.policy, now: Table.now)
        #expect(broken == [example.invariant])
    }

    static let obstructed = Base.memory(confirmations: 1, obstructed: 300)

    @Test(
        "A detachment that all rows allow breaks none, whatever holds a promotion",
        arguments: [
            (observation, obstructed, Base.detachPolicy),
            (Base.seen(Table.own, .fresh(Base.modifying)), obstructed, Base.detachPolicy),
            (observation, obstructed, Policy(holdDown: .seconds(9), detachAfter: .seconds(300))),
            (observation, obstructed, Policy(maximumLag: .zero, whenLagUnknown: .hold, detachAfter: .seconds(300))),
            (
                Base.seen(Table.own, .fresh(Base.modifying)), Base.memory(confirmations: 1, pursued: 300),
                Base.detachPolicy
            ),
        ])
    func soundDetachment(observation: Observation, memory: Memory, policy: Policy) {
        let broken = violations(
            of: .detach(Table.promotion), observation: observation, memory: memory, policy: policy, now: Table.now)
        #expect(broken.isEmpty)
    }

    @Test(
        "Each one of a detachment is seen when it is broken",
        arguments: [
            Case(invariant: .detachingIsAllowedAndDue, memory: obstructed),
            Case(
                invariant: .detachingIsAllowedAndDue, memory: Base.memory(confirmations: 1, obstructed: 299),
                policy: Base.detachPolicy),
            Case(invariant: .detachingIsAllowedAndDue, policy: Base.detachPolicy),
            Case(
                invariant: .detachingIsAllowedAndDue,
                memory: Base.memory(confirmations: 1, obstructed: 300, failed: 30),
                policy: Base.detachPolicy),
            Case(
                invariant: .detachingIsAllowedAndDue, observation: Base.seen(Table.own, .fresh(Base.modifying)),
                memory: Base.interrupted(Base.memory(confirmations: 1, pursued: 300)), policy: Base.detachPolicy),
            Case(
                invariant: .noOtherUnderWay, memory: Base.memory(confirmations: 1, obstructed: 300, detached: 9999),
                policy: Base.detachPolicy),
            Case(
                invariant: .activeRegionIsKnownAndOwn, observation: Table.seen(.region("us-east-1"), observation.group),
                memory: obstructed, policy: Base.detachPolicy),
            Case(
                invariant: .groupWasReadByThisCheck,
                observation: Table.seen(Table.own, .cached(Table.group(.secondary))), memory: obstructed,
                policy: Base.detachPolicy),
            Case(
                invariant: .memberIsTheLocalSecondary,
                observation: Table.seen(Table.own, .fresh(Table.group(.primary))), memory: obstructed,
                policy: Base.detachPolicy),
            Case(
                invariant: .memberIsAssociated,
                observation: Base.seen(Table.own, .fresh(Table.group(.secondary, memberStatus: "disassociating"))),
                memory: obstructed, policy: Base.detachPolicy),
            Case(
                invariant: .confirmedOftenEnough, memory: obstructed,
                policy: Policy(confirmations: 2, detachAfter: .seconds(300))),
            Case(
                invariant: .notPausedAndNoDryRun, memory: obstructed,
                policy: Policy(dryRun: true, detachAfter: .seconds(300))),
        ])
    func brokenDetachment(_ example: Case) {
        let broken = violations(
            of: .detach(example.promotion), observation: example.observation, memory: example.memory,
            policy: example.policy, now: Table.now)
        #expect(broken == [example.invariant])
    }

    @Test("What changes nothing breaks none")
    func harmless() {
        for decision in [Decision.hold(.inPlace), .wouldPromote(Table.promotion), Base.misconfigured] {
            let broken = violations(
                of: decision, observation: Table.seen(.notAsked), memory: Memory(), policy: Policy(paused: true),
                now: Table.now)
            #expect(broken.isEmpty)
        }
    }
}
