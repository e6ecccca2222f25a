import Failover
import Testing

/// One case, or more, for each row of the decision table, in the order of the table.
@Suite("The decision table")
struct DecisionTableTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var row: String
        var observation: Observation
        var memory = Memory()
        var policy = Policy()
        var expected: Step

        var testDescription: String { row }
    }

    static let now = ContinuousClock.now

    static func group(
        _ local: GlobalGroup.Role, status: String = "available", memberStatus: String = "associated"
    ) -> GlobalGroup {
        GlobalGroup(
            id: "g", status: status,
            members: [
                .init(
                    id: "far", region: "us-east-1", role: local == .primary ? .secondary : .primary,
                    status: "associated"),
                .init(id: "near", region: "us-west-2", role: local, status: memberStatus),
            ])
    }

    static func seen(_ active: ActiveRegion, _ knowledge: GroupKnowledge = .unread) -> Observation {
        Observation(ownRegion: "us-west-2", active: active, group: knowledge)
    }

    static func decided(_ decision: Decision, confirmations: Int = 0, lastPromotion: ContinuousClock.Instant? = nil)
        -> Step
    {
        // What is confirmed at all is wanted, since this check where none before has seen it.
        var memory = Memory(confirmations: confirmations, lastPromotion: lastPromotion)
        if confirmations > 0 { memory.wantedSince = now }
        return .decided(decision, memory)
    }

    static let own = ActiveRegion.region("us-west-2")
    static let promotion = Decision.Promotion(groupID: "g", memberID: "near", region: "us-west-2")

    static let cases: [Case] = [
        // Paused comes before everything, so that not even DNS is asked.
        Case(
            row: "paused, nothing known", observation: seen(.notAsked), policy: Policy(paused: true),
            expected: decided(.hold(.paused))),
        Case(
            row: "paused, promotion wanted", observation: seen(own, .fresh(group(.secondary))),
            memory: Memory(confirmations: 2), policy: Policy(paused: true), expected: decided(.hold(.paused))),

        Case(row: "nothing known yet", observation: seen(.notAsked), expected: .need(.activeRegion)),
        Case(
            row: "name not found", observation: seen(.unknown(.nameNotResolved(.notFound)), .fresh(group(.secondary))),
            expected: decided(.hold(.unknown(.nameNotResolved(.notFound))))),
        Case(
            row: "name timed out", observation: seen(.unknown(.nameNotResolved(.timedOut)), .fresh(group(.secondary))),
            memory: Memory(confirmations: 1), expected: decided(.hold(.unknown(.nameNotResolved(.timedOut))))),
        Case(
            row: "no record matches",
            observation: seen(.unknown(.noRecordMatches(answer: ["10.9.9.9"])), .fresh(group(.secondary))),
            expected: decided(.hold(.unknown(.noRecordMatches(answer: ["10.9.9.9"]))))),
        Case(
            row: "ambiguous, own region among them",
            observation: seen(.ambiguous(["us-east-1", "us-west-2"]), .fresh(group(.secondary))),
            memory: Memory(confirmations: 1), expected: decided(.hold(.ambiguous(["us-east-1", "us-west-2"])))),
        Case(
            row: "another region is active", observation: seen(.region("us-east-1"), .fresh(group(.secondary))),
            memory: Memory(confirmations: 1), expected: decided(.hold(.standby(activeRegion: "us-east-1")))),
        Case(
            row: "another region is active, members unknown", observation: seen(.region("us-east-1")),
            expected: decided(.hold(.standby(activeRegion: "us-east-1")))),

        Case(row: "active, members unknown", observation: seen(own), expected: .need(.group)),
        Case(
            row: "local member is primary, from the cache", observation: seen(own, .cached(group(.primary))),
            memory: Memory(confirmations: 1), expected: decided(.hold(.inPlace))),
        Case(
            row: "local member is primary in a group that is being changed",
            observation: seen(own, .cached(group(.primary, status: "modifying"))), expected: decided(.hold(.inPlace))),
        Case(
            row: "local member is primary by the fresh read", observation: seen(own, .fresh(group(.primary))),
            memory: Memory(confirmations: 3), policy: Policy(confirmations: 3), expected: decided(.hold(.inPlace))),
        Case(
            row: "no local member",
            observation: seen(
                own, .cached(GlobalGroup(id: "g", status: "available", members: [group(.primary).members[0]]))),
            expected: decided(
                .misconfigured(.noLocalMember(groupID: "g", region: "us-west-2", memberRegions: ["us-east-1"])))),
        Case(
            row: "two local members",
            observation: seen(
                own,
                .fresh(
                    GlobalGroup(
                        id: "g", status: "available",
                        members: group(.secondary).members + [
                            .init(id: "twin", region: "us-west-2", role: .secondary, status: "associated")
                        ]))),
            expected: decided(
                .misconfigured(.severalLocalMembers(groupID: "g", region: "us-west-2", memberIDs: ["near", "twin"])))),
        Case(
            row: "a role that nobody knows", observation: seen(own, .fresh(group(.other("OBSERVER")))),
            expected: decided(.hold(.unknownRole("OBSERVER")))),

        Case(
            row: "first of three confirmations", observation: seen(own, .cached(group(.secondary))),
            policy: Policy(confirmations: 3),
            expected: decided(.hold(.confirming(seen: 1, needed: 3)), confirmations: 1)),
        Case(
            row: "second of three confirmations", observation: seen(own, .fresh(group(.secondary))),
            memory: Memory(confirmations: 1), policy: Policy(confirmations: 3),
            expected: decided(.hold(.confirming(seen: 2, needed: 3)), confirmations: 2)),
        Case(
            row: "third of three confirmations", observation: seen(own, .fresh(group(.secondary))),
            memory: Memory(confirmations: 2), policy: Policy(confirmations: 3),
            expected: decided(.promote(promotion), confirmations: 3)),

        Case(
            row: "holding down", observation: seen(own, .fresh(group(.secondary))),
            memory: Memory(lastPromotion: now - .seconds(100)), policy: Policy(holdDown: .seconds(300)),
            expected: decided(
                .hold(.holdingDown(remaining: .seconds(200))), confirmations: 1, lastPromotion: now - .seconds(100))),
        Case(
            row: "held down until just now", observation: seen(own, .fresh(group(.secondary))),
            memory: Memory(lastPromotion: now - .seconds(300)), policy: Policy(holdDown: .seconds(300)),
            expected: decided(.promote(promotion), confirmations: 1, lastPromotion: now - .seconds(300))),

        Case(
            row: "promotion wanted by what the cache says", observation: seen(own, .cached(group(.secondary))),
            expected: .need(.freshGroup)),
        Case(
            row: "group is modifying", observation: seen(own, .fresh(group(.secondary, status: "modifying"))),
            expected: decided(.hold(.groupStatus("modifying")), confirmations: 1)),
        Case(
            row: "group has a status that nobody knows",
            observation: seen(own, .fresh(group(.secondary, status: "Frozen"))),
            expected: decided(.hold(.groupStatus("Frozen")), confirmations: 1)),
        Case(
            row: "group has a status that the user allows",
            observation: seen(own, .fresh(group(.secondary, status: "Primary-Only"))),
            policy: Policy(promoteInStatus: ["available", "primary-only"]),
            expected: decided(.promote(promotion), confirmations: 1)),
        Case(
            row: "local member is still associating",
            observation: seen(own, .fresh(group(.secondary, memberStatus: "associating"))),
            expected: decided(.hold(.memberStatus("associating")), confirmations: 1)),
        Case(
            row: "dry run", observation: seen(own, .fresh(group(.secondary))), policy: Policy(dryRun: true),
            expected: decided(.wouldPromote(promotion), confirmations: 1)),
        Case(
            row: "promote",
            observation: seen(own, .fresh(group(.secondary, status: "Available", memberStatus: "Associated"))),
            expected: decided(.promote(promotion), confirmations: 1)),
    ]

    @Test("Each row", arguments: cases)
    func row(_ example: Case) {
        let step = decide(example.observation, memory: example.memory, policy: example.policy, now: Self.now)
        #expect(step.withoutSight == example.expected)
    }

    @Test("With three regions, the member of the own one is promoted")
    func threeRegions() {
        var group = Self.group(.secondary)
        group.members.insert(.init(id: "third", region: "eu-west-1", role: .secondary, status: "associated"), at: 0)
        let step = decide(Self.seen(Self.own, .fresh(group)), memory: Memory(), policy: Policy(), now: Self.now)
        #expect(step.withoutSight == Self.decided(.promote(Self.promotion), confirmations: 1))
    }

    @Test("Counting confirmations never overflows, however long a promotion is held back")
    func longHold() {
        var memory = Memory()
        for _ in 0..<10_000 {
            let observation = Self.seen(Self.own, .fresh(Self.group(.secondary, status: "modifying")))
            guard
                case .decided(_, let next) = decide(
                    observation, memory: memory, policy: Policy(confirmations: 3), now: Self.now)
            else { return }
            memory = next
        }
        #expect(memory.confirmations == 4)
    }

    @Test(
        "What was read of the group outlives a decision only where nothing is under way and DNS was heard",
        arguments: [
            (.hold(.paused), true), (.hold(.unknown(.noRecords)), true), (.hold(.ambiguous([])), true),
            (.hold(.standby(activeRegion: "x")), true), (.hold(.inPlace), false),
            (.hold(.confirming(seen: 1, needed: 2)), false), (.hold(.holdingDown(remaining: .seconds(1))), true),
            (.hold(.groupStatus("modifying")), true), (.hold(.memberStatus("associating")), true),
            (.hold(.unknownRole("x")), true), (.hold(.changeUnderWay), true), (.wouldPromote(promotion), false),
            (.promote(promotion), true),
            (.misconfigured(.noLocalMember(groupID: "", region: "", memberRegions: [])), true),
        ] as [(Decision, Bool)])
    func forgetting(decision: Decision, expected: Bool) {
        #expect(decision.forgetsGroup == expected)
    }
}
