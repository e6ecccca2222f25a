import Failover
import NameResolution
import Promotion
import Synchronization
import Testing

/// DNS points to the other region: an operator does not ask it.
@Suite("An operator's order")
struct OrderTests {
    let world = World()
    static let failover = Order.failover(allowsDataLoss: false)
    static let orders = [failover, .switchover(maximumLag: .seconds(1))]
    static let lost = PromotionRefusal.outcomeUnknown(Broken("answer"))

    private func guards(_ lag: LagKnowledge = .known(.zero), pause: PauseKnowledge = .none) -> Promoter.Guards {
        .init(pause: FakePause(pause), lag: FakeLag(world.journal, lag))
    }

    /// A promoter while which waits something happens in the world.
    private func promoter(
        _ policy: Policy = Policy(), guards: Promoter.Guards? = nil, afterPolls: Int = 1,
        happens: @escaping @Sendable (World) -> Void = { $0.group.settle() }
    ) -> Promoter {
        let world = world
        let polls = Mutex(0)
        return world.promoter(policy, guards: guards ?? self.guards()) { duration in
            world.clock.pass(duration)
            let number = polls.withLock { polls in
                polls += 1
                return polls
            }
            if number == afterPolls { happens(world) }
            // An order that does not end shall not keep the test from ending.
            if number > 2000 { throw Broken("it waits for ever") }
        }
    }

    private func failure(_ promoter: Promoter, _ order: Order, seconds: Int = 60) async -> OrderFailure? {
        await thrown(OrderFailure.self) {
            try await promoter.carryOut(order, deadline: world.clock.now + .seconds(seconds))
        }
    }

    private func code(_ failure: OrderFailure?) -> PromotionError.Code? {
        (failure?.underlying as? PromotionError)?.code
    }

    @Test("promotes the local member, and follows it to its end", arguments: orders)
    func promotes(_ order: Order) async throws {
        let result = try await promoter(afterPolls: 3).carryOut(order, deadline: world.clock.now + .seconds(60))
        #expect(result.outcome == .promoted(World.promotion))
        #expect(
            result.events
                == [.begun(World.promotion, delay: nil), .finished(World.promotion, duration: .seconds(6))])
        #expect(result.group?.isSettled == true)
        let events = world.journal.take()
        #expect(events.promotions == [World.promotion])
        #expect(events.lookUps(of: World.name) == 0)
    }

    @Test("passes over the pause, confirmations and the hold-down, once it is over", arguments: orders)
    func passesOver(_ order: Order) async throws {
        let policy = Policy(confirmations: 9, holdDown: .seconds(9999), paused: true)
        let promoter = promoter(policy, guards: guards(pause: .paused(.init())))
        for _ in 0..<2 {
            #expect(
                try await promoter.carryOut(order, deadline: world.clock.now + .seconds(60)).outcome
                    != .wouldPromote(World.promotion))
            world.clock.advance(by: .seconds(60))
        }
        #expect(world.group.accepted == 1)
    }

    @Test("does nothing where the member is primary already, and the group settled", arguments: orders)
    func inPlace(_ order: Order) async throws {
        world.group.change { $0.group = QuietCheckTests.westIsPrimary($0.group) }
        let result = try await promoter().carryOut(order, deadline: world.deadline)
        #expect(result.outcome == .wasInPlace)
        #expect(result.events == [])
        #expect(world.journal.take() == [.group])
    }

    @Test("waits for a group whose primary is here to settle", arguments: orders)
    func inPlaceNotSettled(_ order: Order) async throws {
        world.group.change { state in
            state.group = QuietCheckTests.westIsPrimary(state.group)
            state.group.status = "modifying"
        }
        let promoter = promoter { world in world.group.change { $0.group.status = "available" } }
        #expect(try await promoter.carryOut(order, deadline: world.deadline).outcome == .wasInPlace)
        #expect(world.clock.slept.count == 1)
    }

    @Test("honours a dry run", arguments: orders)
    func dryRun(_ order: Order) async throws {
        let result = try await promoter(Policy(dryRun: true)).carryOut(order, deadline: world.deadline)
        #expect(result.outcome == .wouldPromote(World.promotion))
        #expect(world.journal.take().promotions == [])
    }

    @Test("to fail over waits for a change that is under way")
    func waits() async throws {
        world.group.change { $0.group.status = "modifying" }
        let promoter = promoter(afterPolls: 2) { world in
            world.group.change { state in
                state.group.status = "available"
                // The next one has happened when its answer is there.
                state.outcomes = [.doneThenFails(Self.lost)]
            }
        }
        let result = try await promoter.carryOut(Self.failover, deadline: world.clock.now + .seconds(60))
        #expect(result.outcome == .promoted(World.promotion))
        #expect(world.clock.slept.filter { $0 == .seconds(2) }.count == 2)
    }

    static let refusals: [(LagKnowledge, @Sendable (inout GlobalGroup) -> Void)] = [
        (.known(.zero), { $0.status = "modifying" }), (.known(.zero), { $0.members[1].status = "associating" }),
        (.known(.zero), { $0.members[1].role = .other("x") }), (.known(.milliseconds(1001)), { _ in }),
        (.unknown("x"), { _ in }),
    ]

    @Test("to switch over is refused at once where the group or the lag is not as it should be", arguments: 0..<5)
    func refused(_ index: Int) async throws {
        let (lag, change) = Self.refusals[index]
        world.group.change { change(&$0.group) }
        let failure = await failure(promoter(guards: guards(lag)), .switchover(maximumLag: .seconds(1)))
        #expect(code(failure) == .orderRefused)
        #expect(failure?.events == [])
        #expect(world.clock.slept == [])
        #expect(world.journal.take().promotions == [])
    }

    @Test("to fail over takes any lag")
    func anyLag() async throws {
        let promoter = promoter(Policy(maximumLag: .zero, whenLagUnknown: .hold), guards: guards(.known(.seconds(99))))
        #expect(
            try await promoter.carryOut(Self.failover, deadline: world.clock.now + .seconds(60)).outcome
                == .promoted(World.promotion))
    }

    @Test("whose answer was lost was carried out all the same, and is not refused", arguments: orders, [false, true])
    func lostAnswer(_ order: Order, isDone: Bool) async throws {
        world.group.change { $0.outcomes = [isDone ? .doneThenFails(Self.lost) : .acceptedThenFails(Self.lost)] }
        // The first wait is that after the lost answer.
        let result = try await promoter(afterPolls: 2).carryOut(order, deadline: world.clock.now + .seconds(60))
        #expect(result.outcome == .promoted(World.promotion))
        #expect(result.events.map(\.kind) == ["begun", "finished"])
        #expect(result.events.first == .begun(World.promotion, delay: nil))
        #expect(world.group.accepted == 1)
    }

    @Test("finds a promotion under way that DNS has begun, and follows it")
    func followsAnother() async throws {
        world.pointDNS(to: .west)
        let promoter = promoter()
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
        let result = try await promoter.carryOut(Self.failover, deadline: world.clock.now + .seconds(60))
        #expect(result.outcome == .promoted(World.promotion))
        #expect(result.events.map(\.kind) == ["finished"])
        #expect(world.group.accepted == 1)
    }

    @Test("ends at its deadline, and says whether something was begun", arguments: [false, true])
    func deadline(isBegun: Bool) async throws {
        if !isBegun { world.group.change { $0.group.status = "modifying" } }
        let start = world.clock.now
        let failure = await failure(promoter(afterPolls: 99), Self.failover, seconds: 10)
        #expect(code(failure) == .orderNotFinished)
        #expect(failure?.events.map(\.kind) == (isBegun ? ["begun"] : []))
        #expect(world.clock.now < start + .seconds(10))
        #expect(world.clock.now >= start + .seconds(6))
    }

    @Test("that AWS refuses fails with AWS's reason")
    func refusedByAWS() async throws {
        world.group.change { $0.outcomes = [.fails(PromotionRefusal.refused(Broken("refused")))] }
        let failure = await failure(promoter(), Self.failover)
        #expect(failure?.underlying as? Broken == Broken("refused"))
        #expect(failure?.events.map(\.kind) == ["failed"])
    }

    @Test("that fails is told each time, whatever was told before, and so is the next failure that DNS asks for")
    func toldEachTime() async throws {
        world.pointDNS(to: .west)
        let refused = Array(repeating: FakeGroup.Outcome.fails(PromotionRefusal.refused(Broken("refused"))), count: 4)
        world.group.change { $0.outcomes = refused }
        let promoter = promoter()
        for _ in 0..<2 {
            #expect(await failure(promoter, Self.failover)?.events.map(\.kind) == ["failed"])
            world.clock.advance(by: .seconds(10))
        }
        let check = await thrown(CheckFailure.self) { try await promoter.decision(in: world) }
        #expect(check?.events.map(\.kind) == ["failed"])
        world.clock.advance(by: .seconds(10))
        #expect(await failure(promoter, Self.failover)?.events.map(\.kind) == ["failed"])
    }

    @Test(
        "that is not carried out is not said to be asked for again, nor the region to be active",
        arguments: [
            PromotionRefusal.changeUnderWay(reason: "busy"), PromotionRefusal.refused(Broken("refused")),
        ])
    func words(_ refusal: PromotionRefusal) async throws {
        world.group.change { $0.outcomes = Array(repeating: .fails(refusal), count: 99) }
        for order in Self.orders {
            let failure = try #require(await failure(promoter(afterPolls: 999), order, seconds: 20))
            for lie in ["will be asked", "is active"] { #expect(!failure.description.contains(lie)) }
            world.clock.advance(by: .seconds(60))
        }
    }

    @Test("for a region without a member, or whose member was detached, is refused", arguments: [false, true])
    func withoutMember(isDetached: Bool) async throws {
        world.group.change { $0.group.members.removeLast() }
        let guards = Promoter.Guards(detachments: FakeDetachments(isDetached))
        let failure = await failure(promoter(guards: guards), Self.failover)
        #expect(code(failure) == (isDetached ? .orderRefused : .misconfigured))
        #expect(world.clock.slept == [])
    }

    @Test("counts for no confirmation of the checks, and what it read is not their cache")
    func leavesNothing() async throws {
        world.pointDNS(to: .west)
        let promoter = promoter(Policy(confirmations: 3), guards: guards(.unknown("x")))
        for _ in 0..<5 { _ = await failure(promoter, .switchover(maximumLag: .zero)) }
        _ = world.journal.take()
        #expect(try await promoter.decision(in: world) == .hold(.confirming(seen: 1, needed: 3)))
        #expect(world.journal.take().groupReads == 1)
        world.group.change { $0.outcomes = [.fails(Broken())] }
        _ = await failure(promoter, Self.failover)
        _ = world.journal.take()
        _ = try await promoter.decision(in: world)
        #expect(world.journal.take().groupReads == 1)
    }

    @Test("never detaches anything")
    func noDetachment() async throws {
        let promoter = promoter(Policy(detachAfter: .seconds(60)), afterPolls: 999)
        let failure = await failure(promoter, Self.failover, seconds: 600)
        #expect(code(failure) == .orderNotFinished)
        #expect(!world.journal.take().contains(.detach(World.promotion)))
    }
}
