import Failover
import Promotion
import Synchronization
import Testing

/// DNS points to the other region: an operator does not ask it.
@Suite("An operator's order to detach")
struct DetachOrderTests {
    let world = World()
    static let lost = PromotionRefusal.outcomeUnknown(Broken("answer"))
    static let detachment = Decision.Promotion(
        groupID: World.groupID, memberID: "sessions-west", region: "us-west-2", means: .detachment)

    /// What is on its way out has left.
    private static func leave(_ world: World) {
        world.group.change { state in
            state.group.members.removeAll { $0.status == "disassociating" }
            state.group.status = "available"
        }
    }

    private func promoter(
        _ policy: Policy = Policy(), record: FakeDetachments? = nil, afterPolls: Int = 1,
        happens: @escaping @Sendable (World) -> Void = DetachOrderTests.leave
    ) -> Promoter {
        let world = world
        let polls = Mutex(0)
        return world.promoter(policy, guards: .init(detachments: record)) { duration in
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

    private func carryOut(_ promoter: Promoter, seconds: Int = 60) async throws -> OrderResult {
        try await promoter.carryOut(.detach, deadline: world.clock.now + .seconds(seconds))
    }

    private func failure(_ promoter: Promoter, seconds: Int = 60) async -> PromotionError? {
        await thrown(OrderFailure.self) { try await carryOut(promoter, seconds: seconds) }?.underlying
            as? PromotionError
    }

    private var detachments: [Journal.Event] {
        world.journal.take().filter { if case .detach = $0 { true } else { false } }
    }

    @Test("takes the local member out, and follows it until it has left")
    func detaches() async throws {
        let result = try await carryOut(promoter(afterPolls: 3))
        #expect(result.outcome == .detached(Self.detachment))
        #expect(result.events == [.detached(Self.detachment, after: nil)])
        #expect(result.group?.members.map(\.id) == ["sessions-east"])
        let events = world.journal.take()
        #expect(events.filter { $0 == .detach(Self.detachment) }.count == 1)
        #expect(events.lookUps(of: World.name) == 0 && events.promotions == [])
        #expect(world.clock.slept == Array(repeating: .seconds(2), count: 3))
    }

    @Test("passes over the pause, and over a promotion that DNS has begun and that does not end")
    func passesOver() async throws {
        world.pointDNS(to: .west)
        let promoter = promoter(Policy(holdDown: .seconds(9999)))
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
        world.clock.advance(by: .seconds(30))
        #expect(try await carryOut(promoter).outcome == .detached(Self.detachment))
        // The checks of the same process know.
        world.clock.advance(by: .seconds(60))
        #expect(try await promoter.decision(in: world) == .hold(.detached(memberID: "sessions-west")))
    }

    @Test("ends what the checks of another process follow, which tell of no other end of it")
    func otherProcess() async throws {
        world.pointDNS(to: .west)
        let record = FakeDetachments(false)
        let checks = promoter(record: record)
        #expect(try await checks.decision(in: world) == .promote(World.promotion))
        world.clock.advance(by: .seconds(30))
        _ = try await carryOut(promoter())
        record.set(true)
        world.clock.advance(by: .seconds(60))
        let check = try await checks.check(deadline: world.deadline)
        #expect(check.decision == .hold(.detached(memberID: "sessions-west")))
        #expect(check.events == [])
    }

    @Test("is refused where the local member is the primary: there is nothing to detach from")
    func primary() async {
        world.group.change { $0.group = QuietCheckTests.westIsPrimary($0.group) }
        #expect(await failure(promoter())?.code == .orderRefused)
        #expect(world.clock.slept == [] && detachments == [])
    }

    @Test("is refused at once where a promotion that DNS has begun has made it the primary")
    func promotedMeanwhile() async throws {
        world.pointDNS(to: .west)
        let promoter = promoter()
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
        world.group.settle()
        #expect(await failure(promoter)?.code == .orderRefused)
        #expect(world.clock.slept == [] && detachments == [])
    }

    @Test("is done where it is on record that the member has left, and else an error", arguments: [true, false])
    func alreadyDetached(isOnRecord: Bool) async throws {
        world.group.change { $0.group.members.removeLast() }
        let promoter = promoter(record: FakeDetachments(isOnRecord))
        if isOnRecord {
            #expect(try await carryOut(promoter).outcome == .wasDetached(memberID: "sessions-west"))
        } else {
            #expect(await failure(promoter)?.code == .misconfigured)
        }
        #expect(world.clock.slept == [] && detachments == [])
    }

    @Test("honours a dry run, whatever the group's status", arguments: ["available", "modifying"])
    func dryRun(status: String) async throws {
        world.group.change { $0.group.status = status }
        #expect(try await carryOut(promoter(Policy(dryRun: true))).outcome == .wouldDetach(Self.detachment))
        #expect(detachments == [])
    }

    @Test("is repeated while AWS says that the group cannot be changed, not at once, and not past the deadline")
    func underWay() async throws {
        let refused = FakeGroup.Outcome.fails(PromotionRefusal.changeUnderWay(reason: "busy"))
        world.group.change { $0.outcomes = [refused, refused] }
        let result = try await carryOut(promoter(afterPolls: 7))
        #expect(result.outcome == .detached(Self.detachment))
        #expect(detachments.count == 3)
        // Five seconds between two of them, which are three looks.
        #expect(world.clock.slept.count >= 6)
        let other = World()
        other.group.change { $0.outcomes = Array(repeating: refused, count: 99) }
        let start = other.clock.now
        let error = await thrown(OrderFailure.self) {
            try await other.promoter().carryOut(.detach, deadline: start + .seconds(20))
        }
        #expect((error?.underlying as? PromotionError)?.code == .orderNotFinished)
        #expect(other.clock.now < start + .seconds(20))
    }

    @Test("whose answer was lost was carried out all the same, and is told once", arguments: [false, true])
    func lostAnswer(isDone: Bool) async throws {
        world.group.change { $0.outcomes = [isDone ? .doneThenFails(Self.lost) : .acceptedThenFails(Self.lost)] }
        // The first wait is that after the lost answer.
        let result = try await carryOut(promoter(afterPolls: 2))
        #expect(result.outcome == .detached(Self.detachment))
        #expect(result.events == [.detached(Self.detachment, after: nil)])
        #expect(detachments.count == 1)
    }

    @Test("that AWS refuses fails with AWS's reason, and is told")
    func refusedByAWS() async {
        world.group.change { $0.outcomes = [.fails(PromotionRefusal.refused(Broken("refused")))] }
        let failure = await thrown(OrderFailure.self) { try await carryOut(promoter()) }
        #expect(failure?.underlying as? Broken == Broken("refused"))
        #expect(failure?.events.map(\.kind) == ["detachmentFailed"])
    }

    @Test("that is not over by its deadline was begun, and says so")
    func deadline() async {
        let start = world.clock.now
        let promoter = promoter(afterPolls: 99)
        let failure = await thrown(OrderFailure.self) { try await carryOut(promoter, seconds: 10) }
        #expect((failure?.underlying as? PromotionError)?.code == .orderNotFinished)
        #expect(failure?.events.map(\.kind) == ["detached"])
        #expect(world.clock.now < start + .seconds(10))
    }
}
