import Failover
import Testing

@Suite("Invariants of a promotion")
struct InvariantTests {
    typealias Table = DecisionTableTests

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
        ])
    func broken(_ example: Case) {
        let broken = violations(
            of: .promote(example.promotion), observation: example.observation, memory: example.memory,
            policy: example.policy, now: Table.now)
        #expect(broken == [example.invariant])
    }

    /// Every combination of what can be seen: the rows and the invariants were written apart, and agree.
    @Test("No observation whatever makes the table break one")
    func exhaustive() {
        let actives: [ActiveRegion] = [
            .notAsked, Table.own, .region("us-east-1"), .ambiguous(["us-east-1", "us-west-2"]), .unknown(.noRecords),
        ]
        var groups: [GlobalGroup] = []
        for role in [GlobalGroup.Role.primary, .secondary, .other("x")] {
            for status in ["available", "modifying"] {
                for memberStatus in ["associated", "associating"] {
                    groups.append(Table.group(role, status: status, memberStatus: memberStatus))
                }
            }
        }
        let knowledge = [GroupKnowledge.unread] + groups.flatMap { [GroupKnowledge.cached($0), .fresh($0)] }
        var promotions = 0
        for active in actives {
            for known in knowledge {
                for seen in 0...2 {
                    for age in [nil, 1, 400] as [Int?] {
                        for bits in 0..<4 {
                            let observation = Table.seen(active, known)
                            let memory = Memory(
                                confirmations: seen, lastPromotion: age.map { Table.now - .seconds($0) })
                            let policy = Policy(
                                confirmations: 2, holdDown: .seconds(300), dryRun: bits & 1 != 0, paused: bits & 2 != 0)
                            let step = decide(observation, memory: memory, policy: policy, now: Table.now)
                            guard case .decided(let decision, let after) = step else { continue }
                            if case .promote = decision { promotions += 1 }
                            let broken = violations(
                                of: decision, observation: observation, memory: after, policy: policy, now: Table.now)
                            #expect(broken.isEmpty)
                        }
                    }
                }
            }
        }
        // Own region, fresh, secondary, available, associated; one or two confirmations before; not held down.
        #expect(promotions == 4)
    }
}
