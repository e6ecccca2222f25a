import Failover
import Testing

/// A global cluster of Aurora in the decision: its words, and the means that only it has.
@Suite("The rows for a global cluster")
struct AuroraRowTests {
    typealias Table = DecisionTableTests
    typealias Base = GuardRowTests
    typealias Case = DecisionTableTests.Case

    static let confirmed = Memory(confirmations: 1)
    static let holding: [Case] =
        ["pending", "failing-over", "switching-over", "cancelling", "upgrading"].map { status in
            Case(
                row: status, observation: Table.seen(Table.own, .fresh(cluster(status: status))), memory: confirmed,
                expected: Table.decided(.hold(.groupStatus(status)), confirmations: 2))
        }

    /// The local cluster, and as many others.
    static func cluster(
        _ local: GlobalGroup.Role? = .secondary, status: String = "available", memberStatus: String = "connected",
        others: [GlobalGroup.Role] = [.primary]
    ) -> GlobalGroup {
        var members = others.enumerated().map { index, role in
            GlobalGroup.Member(id: "far-\(index)", region: "eu-west-\(index)", role: role, status: "connected")
        }
        if let local { members.append(.init(id: "near", region: "us-west-2", role: local, status: memberStatus)) }
        return GlobalGroup(id: "g", status: status, members: members)
    }

    private static func step(
        _ group: GlobalGroup, _ policy: Policy = Policy(), _ change: (inout Observation) -> Void = { _ in }
    )
        -> Decision?
    {
        var observation = Table.seen(Table.own, .fresh(group))
        change(&observation)
        // As after a check that has seen the same.
        let step = decide(observation, memory: confirmed, policy: policy, now: Table.now)
        guard case .decided(let decision, let after) = step else { return nil }
        let broken = violations(
            of: decision, observation: observation, memory: after, policy: policy, now: Table.now)
        #expect(broken.isEmpty)
        return decision
    }

    @Test("Each status of a failover, and any that this version does not know, is waited for", arguments: holding)
    func statuses(_ row: Case) {
        guard
            case .decided(let decision, _) = decide(
                row.observation, memory: row.memory, policy: row.policy, now: Table.now),
            case .decided(let expected, _) = row.expected
        else {
            Issue.record("undecided")
            return
        }
        #expect(decision == expected)
    }

    @Test("Members of all kinds, missing ones and writers too few or too many, come to what they do for a datastore")
    func members() {
        #expect(Self.step(Self.cluster()) == .promote(Table.promotion))
        #expect(Self.step(Self.cluster(memberStatus: "Connected")) == .promote(Table.promotion))
        #expect(Self.step(Self.cluster(memberStatus: "pending-resync")) == .hold(.memberStatus("pending-resync")))
        #expect(Self.step(Self.cluster(others: [])) == .promote(Table.promotion))
        #expect(Self.step(Self.cluster(others: [.primary, .primary])) == .promote(Table.promotion))
        #expect(Self.step(Self.cluster(.primary)) == .hold(.inPlace))
        #expect(Self.step(Self.cluster(.primary, others: [.secondary])) == .hold(.inPlace))
        #expect(
            Self.step(Self.cluster(nil))
                == .misconfigured(.noLocalMember(groupID: "g", region: "us-west-2", memberRegions: ["eu-west-0"])))
    }

    static func promotion(_ means: Decision.Means) -> Decision.Promotion {
        .init(groupID: "g", memberID: "near", region: "us-west-2", means: means)
    }

    @Test("The means of the policy are those of the promotion, and a dry run is one by any means")
    func means() {
        for means in Decision.Means.allCases {
            let expected: Decision =
                means == .detachment ? .detach(Self.promotion(means)) : .promote(Self.promotion(means))
            #expect(Self.step(Self.cluster(), Policy(means: means)) == expected)
            #expect(
                Self.step(Self.cluster(), Policy(dryRun: true, means: means)) == .wouldPromote(Self.promotion(means)))
        }
    }

    @Test("A detachment that stands for a promotion waits for all that a promotion waits for")
    func chosenDetachment() {
        let policy = Policy(maximumLag: .seconds(5), whenLagUnknown: .hold, means: .detachment)
        #expect(Self.step(Self.cluster(status: "failing-over"), policy) == .hold(.groupStatus("failing-over")))
        #expect(
            Self.step(Self.cluster(), policy) { $0.lag = .known(.seconds(6)) }
                == .hold(.lagging(.seconds(6), maximum: .seconds(5))))
        #expect(
            Self.step(Self.cluster(), policy) { $0.lag = .known(.seconds(5)) } == .detach(Self.promotion(.detachment)))
        #expect(
            Self.step(Self.cluster(), policy) { $0.pause = .unknown("x") } == .hold(.pauseUnknown("x")))
    }

    static let waiting = Predecessor.awaited(groupID: "first")

    @Test("The second group waits until the first is in place, and confirms meanwhile")
    func turn() {
        let confirming = Policy(confirmations: 3)
        #expect(
            Self.step(Self.cluster(), confirming) { $0.predecessor = Self.waiting }
                == .hold(.confirming(seen: 2, needed: 3)))
        for means in Decision.Means.allCases {
            #expect(
                Self.step(Self.cluster(), Policy(means: means)) { $0.predecessor = Self.waiting }
                    == .hold(.waitsFor(groupID: "first")))
        }
        #expect(Self.step(Self.cluster()) { $0.predecessor = .inPlace } == .promote(Table.promotion))
        // Whatever is under way in the other one.
        #expect(Self.step(Self.cluster(.primary)) { $0.predecessor = Self.waiting } == .hold(.inPlace))
    }

    @Test("What waits asks AWS for nothing")
    func quiet() {
        var observation = Table.seen(Table.own, .cached(Self.cluster()))
        observation.predecessor = Self.waiting
        let step = decide(observation, memory: Self.confirmed, policy: Policy(maximumLag: .zero), now: Table.now)
        guard case .decided(let decision, _) = step else {
            Issue.record("asks: \(step)")
            return
        }
        #expect(decision == .hold(.waitsFor(groupID: "first")))
        #expect(!decision.forgetsGroup && decision.wantsPromotion)
    }

    @Test("A detachment for want of a promotion waits, too")
    func obstructed() {
        var observation = Base.seen()
        let memory = Base.memory(confirmations: 1, wanted: 400, obstructed: 300)
        guard case .decided(.detach, _) = decide(observation, memory: memory, policy: Base.detachPolicy, now: Table.now)
        else {
            Issue.record("no detachment")
            return
        }
        observation.predecessor = Self.waiting
        guard
            case .decided(let held, _) = decide(observation, memory: memory, policy: Base.detachPolicy, now: Table.now)
        else {
            Issue.record("undecided")
            return
        }
        #expect(held == .hold(.waitsFor(groupID: "first")))
    }

    @Test("Each rule has its invariant: the turn, the means, and that a chosen detachment is as safe as a promotion")
    func invariants() {
        let own = Table.seen(Table.own, .fresh(Self.cluster()))
        var waiting = own
        waiting.predecessor = Self.waiting
        func broken(
            _ decision: Decision, _ observation: Observation, _ policy: Policy = Policy(),
            _ memory: Memory = Self.confirmed
        ) -> [Invariant] {
            violations(of: decision, observation: observation, memory: memory, policy: policy, now: Table.now)
        }
        let detaching = Policy(means: .detachment)
        let detachment = Decision.detach(Self.promotion(.detachment))
        #expect(broken(.promote(Table.promotion), own) == [])
        #expect(broken(.promote(Table.promotion), waiting) == [.isItsTurn])
        #expect(broken(.promote(Self.promotion(.switchover)), own) == [.meansAreThoseOfPolicy])
        #expect(broken(.promote(Self.promotion(.detachment)), own, detaching) == [.meansAreThoseOfPolicy])
        #expect(broken(detachment, own, detaching) == [])
        #expect(broken(detachment, own) == [.meansAreThoseOfPolicy])
        #expect(broken(detachment, waiting, detaching) == [.isItsTurn])
        let busy = Table.seen(Table.own, .fresh(Self.cluster(status: "failing-over")))
        #expect(broken(detachment, busy, detaching) == [.groupMayBePromoted])
        #expect(
            broken(
                detachment, own, Policy(holdDown: .seconds(9), means: .detachment),
                Base.memory(confirmations: 1, promoted: 1))
                == [.notHeldDown])
        let resyncing = Table.seen(Table.own, .fresh(Self.cluster(memberStatus: "pending-resync")))
        #expect(broken(.promote(Table.promotion), resyncing) == [.memberIsAssociated])
    }
}
