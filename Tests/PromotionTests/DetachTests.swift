import Failover
import NameResolution
import Promotion
import Testing

@Suite("Detaching the local member")
struct DetachTests {
    let world = World()
    static let policy = Policy(detachAfter: .seconds(300))
    static let refusal = FakeGroup.Outcome.fails(PromotionRefusal.refused(Broken("refused")))
    static let sent = Journal.Event.detach(World.promotion)
    static let held = Decision.hold(.detached(memberID: "sessions-west"))

    init() { world.pointDNS(to: .west) }

    /// A promoter whose promotion was refused each minute, will be once more, and is due then to be given up for a
    /// detachment.
    private func obstructed(_ policy: Policy = policy, guards: Promoter.Guards = .init()) async throws -> Promoter {
        let promoter = world.promoter(policy, guards: guards)
        for _ in 1..<policy.confirmations { _ = try await promoter.decision(in: world) }
        for _ in 0..<5 {
            world.group.change { $0.outcomes = [Self.refusal] }
            #expect(await promoter.failure(in: world)?.underlying as? Broken == Broken("refused"))
            world.clock.advance(by: .seconds(60))
        }
        world.group.change { $0.outcomes = [Self.refusal] }
        _ = world.journal.take()
        return promoter
    }

    /// So much time with a check each minute.
    private func pass(minutes: Int, _ promoter: Promoter) async throws {
        for _ in 0..<minutes {
            world.clock.advance(by: .seconds(60))
            _ = try await promoter.decision(in: world)
        }
    }

    /// What AWS does after it accepted a detachment.
    private func leave() {
        world.group.change { state in
            state.group.members.removeAll { $0.id == "sessions-west" }
            state.group.status = "available"
        }
    }

    @Test("is done once, by a check whose promotion is refused again, on a fresh read, and is held to")
    func once() async throws {
        let promoter = try await obstructed()
        let result = try await promoter.check(deadline: world.deadline)
        #expect(result.decision == .detach(World.promotion))
        #expect(result.events == [.detached(World.promotion, after: .seconds(300))])
        #expect(world.journal.take().serviceCalls == [.group, .promote(World.promotion), .group, Self.sent])
        #expect(try await promoter.decision(in: world) == Self.held)
        leave()
        for _ in 0..<30 {
            world.clock.advance(by: .seconds(60))
            #expect(try await promoter.decision(in: world) == Self.held)
        }
        let events = world.journal.take()
        #expect(!events.contains(Self.sent))
        #expect(events.promotions == [])
    }

    @Test("is looked at once a minute afterwards, however often is checked")
    func reads() async throws {
        let promoter = try await obstructed()
        _ = try await promoter.decision(in: world)
        leave()
        _ = world.journal.take()
        for _ in 0..<60 {
            _ = try await promoter.decision(in: world)
            world.clock.advance(by: .seconds(2))
        }
        #expect(world.journal.take().groupReads == 2)
    }

    @Test("is not done a moment too early, nor where nobody asked for it", arguments: [false, true])
    func notDue(isOptedIn: Bool) async throws {
        let promoter = try await obstructed(isOptedIn ? Policy(detachAfter: .seconds(301)) : Policy())
        world.group.change { $0.outcomes = [] }
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
        #expect(!world.journal.take().contains(Self.sent))
    }

    @Test("is done where a promotion was accepted and does not come about")
    func afterAcceptance() async throws {
        let promoter = world.promoter(Self.policy)
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
        try await pass(minutes: 4, promoter)
        world.clock.advance(by: .seconds(59))
        #expect(try await promoter.decision(in: world) == .hold(.promotionUnderWay(elapsed: .seconds(299))))
        world.clock.advance(by: .seconds(1))
        #expect(await promoter.events(in: world) == [.detached(World.promotion, after: .seconds(300))])
    }

    enum Interruption: CaseIterable {
        case standby, inPlace, ambiguous, pause
    }

    @Test("starts to count anew after what interrupts the promotion", arguments: Interruption.allCases)
    func interrupted(by interruption: Interruption) async throws {
        let pause = FakePause(.none)
        let promoter = try await obstructed(guards: .init(pause: pause))
        switch interruption {
        case .standby: world.pointDNS(to: .east)
        case .inPlace: world.group.change { $0.group = QuietCheckTests.westIsPrimary($0.group) }
        case .ambiguous: world.resolver.set(World.name, World.Region.east.address, World.Region.west.address)
        case .pause: pause.set(.paused(.init()))
        }
        _ = try await promoter.decision(in: world)
        pause.set(.none)
        world.pointDNS(to: .west)
        world.group.change { state in
            state.group.members[1].role = .secondary
            state.outcomes = [Self.refusal]
        }
        // What was read of a group that is in place is kept for a while.
        world.clock.advance(by: .seconds(interruption == .inPlace ? 91 : 6))
        // Refused, but not for long.
        #expect(await promoter.failure(in: world)?.underlying as? Broken == Broken("refused"))
        world.clock.advance(by: .seconds(91))
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
        #expect(!world.journal.take().contains(Self.sent))
    }

    @Test("starts to count anew after a time in which nobody looked, or DNS was silent", arguments: [false, true])
    func unwatched(isSilent: Bool) async throws {
        let promoter = try await obstructed()
        if isSilent {
            world.resolver.fail(World.name, .timedOut)
            try await pass(minutes: 1, promoter)
            world.pointDNS(to: .west)
        }
        world.clock.advance(by: .seconds(isSilent ? 31 : 91))
        #expect(await promoter.failure(in: world)?.underlying as? Broken == Broken("refused"))
        #expect(!world.journal.take().contains(Self.sent))
    }

    @Test("is not done without asking for the promotion once more: it may succeed by now")
    func succeedsAtLast() async throws {
        let promoter = try await obstructed()
        world.group.change { $0.outcomes = [] }
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
        #expect(!world.journal.take().contains(Self.sent))
    }

    @Test("does not start to count anew where DNS is silent for a moment")
    func silence() async throws {
        let promoter = try await obstructed()
        world.resolver.fail(World.name, .timedOut)
        _ = try await promoter.decision(in: world)
        world.pointDNS(to: .west)
        #expect(try await promoter.decision(in: world) == .detach(World.promotion))
    }

    @Test("is not done without knowing of a pause, confirmations, or in a dry run")
    func guarded() async throws {
        let pause = FakePause(.none)
        let promoter = try await obstructed(
            Policy(confirmations: 2, detachAfter: .seconds(300)), guards: .init(pause: pause))
        world.resolver.fail(World.name, .timedOut)
        _ = try await promoter.decision(in: world)
        world.pointDNS(to: .west)
        #expect(try await promoter.decision(in: world) == .hold(.confirming(seen: 1, needed: 2)))
        pause.set(.unknown("x"))
        #expect(try await promoter.decision(in: world) == .hold(.pauseUnknown("x")))
        #expect(!world.journal.take().contains(Self.sent))
        pause.set(.none)
        #expect(try await promoter.decision(in: world) == .detach(World.promotion))
    }

    @Test("that is refused is not asked for again at once", arguments: [false, true])
    func refused(isUnderWay: Bool) async throws {
        let promoter = try await obstructed()
        world.group.change { state in
            state.outcomes = [Self.refusal, isUnderWay ? .fails(PromotionRefusal.changeUnderWay()) : Self.refusal]
        }
        // Refused as the promotion was, or with it under way.
        _ = await promoter.events(in: world)
        #expect(world.journal.take().contains(Self.sent))
        #expect(try await promoter.decision(in: world) == .hold(.refusedJustNow))
        world.clock.advance(by: Policy.pauseAfterRefusal)
        _ = world.journal.take()
        // The promotion comes first again.
        world.group.change { $0.outcomes = [Self.refusal] }
        #expect(try await promoter.decision(in: world) == .detach(World.promotion))
        #expect(world.journal.take().promotions == [World.promotion])
    }

    @Test("that is refused is told of once, as such")
    func told() async throws {
        let promoter = try await obstructed()
        for round in 0..<2 {
            world.group.change { $0.outcomes = [Self.refusal, Self.refusal] }
            let events = await promoter.events(in: world)
            #expect(events.map(\.kind) == (round == 0 ? ["detachmentFailed"] : []))
            world.clock.advance(by: .seconds(60))
        }
    }

    @Test("that is refused while our own promotion is under way waits as well")
    func refusedWhilePursued() async throws {
        let promoter = world.promoter(Self.policy)
        _ = try await promoter.decision(in: world)
        try await pass(minutes: 4, promoter)
        world.clock.advance(by: .seconds(60))
        world.group.change { $0.outcomes = [.fails(PromotionRefusal.changeUnderWay())] }
        #expect(try await promoter.decision(in: world) == .hold(.changeUnderWay))
        #expect(try await promoter.decision(in: world) == .hold(.promotionUnderWay(elapsed: .seconds(300))))
        world.clock.advance(by: Policy.pauseAfterRefusal)
        #expect(try await promoter.decision(in: world) == .detach(World.promotion))
    }

    @Test("ends when the datastore is rebuilt: by the same process 15 minutes later, by a new one at once")
    func rebuilt() async throws {
        let promoter = try await obstructed()
        _ = try await promoter.decision(in: world)
        leave()
        world.clock.advance(by: .seconds(400))
        #expect(try await promoter.decision(in: world) == Self.held)
        world.group.change { state in
            state.group.members.append(
                .init(id: "sessions-new", region: "us-west-2", role: .secondary, status: "associating"))
        }
        world.clock.advance(by: .seconds(499))
        #expect(try await promoter.decision(in: world) == Self.held)
        world.group.change { $0.group.members[1].status = "associated" }
        world.clock.advance(by: .seconds(60))
        let rebuilt = Decision.Promotion(groupID: World.groupID, memberID: "sessions-new", region: "us-west-2")
        #expect(try await promoter.decision(in: world) == .promote(rebuilt))
        world.group.abandon()
        let new = world.promoter(Self.policy, guards: .init(detachments: FakeDetachments(true)))
        #expect(try await new.decision(in: world) == .promote(rebuilt))
    }
}
