import Failover
import Testing

@Suite("What a check leaves to the next one")
struct MemoryTests {
    typealias Base = GuardRowTests

    static let now = GuardRowTests.now

    @Test("An accepted promotion is pursued, ends the confirmations, and holds the next one down")
    func accepted() {
        var memory = Base.memory(confirmations: 2, wanted: 30, refused: 2)
        memory.promotionAccepted(Base.promotion, at: Self.now, now: Self.now)
        #expect(memory == Base.memory(wanted: 30, promoted: 0, pursued: 0))
    }

    @Test("What obstructs a promotion does so since the first time")
    func obstructed() {
        var memory = Base.memory(obstructed: 100)
        memory.promotionRefused(at: Self.now)
        memory.promotionObstructed(at: Self.now)
        #expect(memory.obstructedSince == Base.ago(100))
        memory.promotionAccepted(Base.promotion, at: Self.now, now: Self.now)
        #expect(memory.obstructedSince == nil)
    }

    @Test("A refusal is remembered, and no hold-down; a lost answer is no refusal")
    func refused() {
        var memory = Memory()
        memory.promotionRefused(at: Self.now)
        #expect(memory == Base.memory(obstructed: 0, refused: 0, failed: 0))
        var other = Memory()
        other.promotionObstructed(at: Self.now)
        #expect(other == Base.memory(obstructed: 0, failed: 0))
    }

    @Test("A detachment ends all but the hold-down")
    func detached() {
        var memory = Base.memory(
            confirmations: 2, wanted: 400, promoted: 350, pursued: 350, obstructed: 350, refused: 10)
        memory.memberDetached(Base.promotion, at: Self.now)
        #expect(memory == Base.memory(promoted: 350, detached: 0))
    }

    @Test(
        "What was read of the group is forgotten where something is under way, and a promotion is wanted in most holds",
        arguments: [
            (.detach(Base.promotion), true, true), (.hold(.pausedByOperator(.init())), true, false),
            (.hold(.pauseUnknown("x")), true, true), (.hold(.refusedJustNow), true, true),
            (.hold(.promotionUnderWay(elapsed: .zero)), true, true),
            (.hold(.lagging(.zero, maximum: .zero)), true, true), (.hold(.lagUnknown("x")), true, true),
            (.hold(.detached(memberID: nil)), true, false), (.promote(Base.promotion), true, true),
            (.wouldPromote(Base.promotion), false, true), (.hold(.confirming(seen: 1, needed: 2)), false, true),
            (.hold(.changeUnderWay), true, true), (.hold(.groupStatus("x")), true, true),
            (.hold(.memberStatus("x")), true, true), (.hold(.holdingDown(remaining: .zero)), true, true),
            (.hold(.inPlace), false, false), (.hold(.paused), true, false), (.hold(.unknownRole("x")), true, false),
            (.hold(.standby(activeRegion: "x")), true, false), (.hold(.ambiguous([])), true, false),
            (.hold(.unknown(.noRecords)), true, false), (Base.misconfigured, true, false),
        ] as [(Decision, Bool, Bool)])
    func forgettingAndWanting(decision: Decision, forgets: Bool, wants: Bool) {
        #expect(decision.forgetsGroup == forgets)
        #expect(decision.wantsPromotion == wants)
    }
}

@Suite("A promotion that another region took the traffic from")
struct OvertakenTests {
    typealias Table = DecisionTableTests

    /// Accepted so many seconds ago; then the traffic left, and is back now.
    static func decision(after seconds: Int, primaryMeanwhile: Bool = false) -> Decision? {
        var memory = Memory()
        memory.promotionAccepted(Table.promotion, at: Table.now - .seconds(seconds), now: Table.now)
        let group = GroupKnowledge.fresh(Table.group(primaryMeanwhile ? .primary : .secondary))
        let sights = primaryMeanwhile ? [Table.seen(Table.own, group)] : []
        for sight in sights + [Table.seen(.region("us-east-1")), Table.seen(.region("us-east-1"))] {
            let step = decide(sight, memory: memory, policy: Policy(), now: Table.now)
            if case .decided(_, let after) = step { memory = after }
        }
        let back = Table.seen(Table.own, .fresh(Table.group(.secondary)))
        guard case .decided(let decision, _) = decide(back, memory: memory, policy: Policy(), now: Table.now) else {
            return nil
        }
        return decision
    }

    @Test("is not made again before AWS has had a minute to show what became of it")
    func settling() {
        #expect(Self.decision(after: 59) == .hold(.promotionUnderWay(elapsed: .seconds(59))))
        #expect(Self.decision(after: 60) == .promote(Table.promotion))
    }

    @Test("is over where the member was seen to be primary before the traffic left")
    func seenThrough() {
        #expect(Self.decision(after: 10, primaryMeanwhile: true) == .promote(Table.promotion))
    }
}

@Suite("What was refused")
struct SightTests {
    typealias Base = GuardRowTests

    /// What is remembered of an obstacle where a promotion was last seen to be wanted so many seconds ago.
    static func after(silence seconds: Int) -> Memory? {
        var memory = Base.memory(wanted: 400, pursued: 250, obstructed: 300)
        memory.lastWanted = Base.ago(seconds)
        let seen = Base.seen(Base.own, .fresh(Base.modifying))
        guard case .decided(_, let after) = decide(seen, memory: memory, policy: Policy(), now: Base.now) else {
            return nil
        }
        return after
    }

    @Test("counts no longer where nobody has seen the promotion wanted for more than 90 s")
    func silence() {
        #expect(Self.after(silence: 90)?.obstructedSince == Base.ago(300))
        #expect(Self.after(silence: 90)?.pursuit?.isUnbroken == true)
        #expect(Self.after(silence: 91)?.obstructedSince == nil)
        #expect(Self.after(silence: 91)?.lastFailedAttempt == nil)
        #expect(Self.after(silence: 91)?.pursuit?.isUnbroken == false)
        #expect(Self.after(silence: 91)?.lastWanted == Base.now)
    }

    @Test("An answer that was lost is found out about too late to count for a detachment")
    func lateAcceptance() {
        var memory = Memory()
        memory.promotionAccepted(Base.promotion, at: Base.ago(91), now: Base.now)
        #expect(memory.pursuit?.isUnbroken == false)
        memory.promotionAccepted(Base.promotion, at: Base.ago(90), now: Base.now)
        #expect(memory.pursuit?.isUnbroken == true)
    }
}
