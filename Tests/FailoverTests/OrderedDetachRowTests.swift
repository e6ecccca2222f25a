import Failover
import Testing

/// The rows of a detachment that an operator has ordered, whose policy says so.
@Suite("The rows of an ordered detachment")
struct OrderedDetachRowTests {
    typealias Table = DecisionTableTests
    typealias Base = GuardRowTests

    static let policy = Policy(means: .detachment, detachesAtOnce: true)
    static let promotion = Decision.Promotion(
        groupID: "g", memberID: "near", region: "us-west-2", means: .detachment)

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var group: GroupKnowledge
        var memory = Memory()
        var policy = OrderedDetachRowTests.policy
        /// nil for a need of a fresh read.
        var expected: Decision?
    }

    static func fresh(
        _ local: GlobalGroup.Role? = .secondary, _ status: String = "available", member: String = "connected"
    )
        -> GroupKnowledge
    {
        .fresh(AuroraRowTests.cluster(local, status: status, memberStatus: member))
    }

    static let rows = [
        Row(testDescription: "a secondary", group: fresh(), expected: .detach(promotion)),
        Row(
            testDescription: "whatever the group is in", group: fresh(.secondary, "failing-over"),
            expected: .detach(promotion)),
        Row(testDescription: "by the cache", group: .cached(AuroraRowTests.cluster()), expected: nil),
        Row(
            testDescription: "a promotion that is under way, and may never end",
            group: fresh(.secondary, "failing-over"),
            memory: Base.memory(wanted: 30, pursued: 30), expected: .detach(promotion)),
        Row(
            testDescription: "a promotion of a moment ago", group: fresh(), memory: Base.memory(promoted: 1),
            expected: .detach(promotion)),
        Row(
            testDescription: "a dry run", group: fresh(.secondary, "failing-over"),
            policy: Policy(dryRun: true, means: .detachment, detachesAtOnce: true), expected: .wouldPromote(promotion)),
        Row(
            testDescription: "one that does not take part", group: fresh(member: "pending-resync"),
            expected: .hold(.memberStatus("pending-resync"))),
        Row(
            testDescription: "refused just now", group: fresh(), memory: Base.memory(refused: 4),
            expected: .hold(.refusedJustNow)),
        Row(
            testDescription: "refused a while ago", group: fresh(), memory: Base.memory(refused: 5),
            expected: .detach(promotion)),
        Row(testDescription: "the writer", group: fresh(.primary), expected: .hold(.inPlace)),
        Row(testDescription: "of an unknown role", group: fresh(.other("x")), expected: .hold(.unknownRole("x"))),
        Row(
            testDescription: "already on its way out", group: fresh(), memory: Base.memory(detached: 10),
            expected: .hold(.detached(memberID: "near"))),
    ]

    @Test(
        "Neither the group's status nor what is under way keeps a secondary in it; a fresh read does", arguments: rows)
    func decision(_ row: Row) {
        let observation = Table.seen(Table.own, row.group)
        guard
            case .decided(let decision, let after) = decide(
                observation, memory: row.memory, policy: row.policy, now: Table.now)
        else {
            #expect(row.expected == nil)
            return
        }
        #expect(decision == row.expected)
        #expect(
            violations(of: decision, observation: observation, memory: after, policy: row.policy, now: Table.now) == [])
    }

    @Test("Its leave is for that detachment alone, and for nothing that would harm more")
    func invariants() {
        let busy = Table.seen(Table.own, Self.fresh(.secondary, "failing-over"))
        func broken(
            _ decision: Decision, _ observation: Observation, _ policy: Policy = Self.policy,
            _ memory: Memory = Memory(confirmations: 1)
        ) -> [Invariant] {
            violations(of: decision, observation: observation, memory: memory, policy: policy, now: Table.now)
        }
        #expect(broken(.detach(Self.promotion), busy) == [])
        let pursued = Base.memory(confirmations: 1, pursued: 30)
        #expect(broken(.detach(Self.promotion), busy, Self.policy, pursued) == [])
        #expect(broken(.detach(Self.promotion), busy, Policy(means: .detachment)) == [.groupMayBePromoted])
        #expect(
            broken(.promote(Table.promotion), busy, Policy(detachesAtOnce: true), pursued)
                == [.groupMayBePromoted, .noOtherUnderWay])
        #expect(
            broken(.promote(Self.promotion), busy, Self.policy, pursued)
                == [.groupMayBePromoted, .noOtherUnderWay, .meansAreThoseOfPolicy])
        #expect(
            broken(.detach(Self.promotion), Table.seen(Table.own, Self.fresh(.primary)))
                == [.memberIsTheLocalSecondary])
        #expect(
            broken(.detach(Self.promotion), Table.seen(Table.own, Self.fresh(member: "pending-resync")))
                == [.memberIsAssociated])
        #expect(
            broken(.detach(Self.promotion), Table.seen(Table.own, .cached(AuroraRowTests.cluster())))
                == [.groupWasReadByThisCheck])
        let dry = Policy(dryRun: true, means: .detachment, detachesAtOnce: true)
        #expect(broken(.detach(Self.promotion), busy, dry) == [.notPausedAndNoDryRun])
    }
}
