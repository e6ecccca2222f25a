import AWSClient
import Failover
import NameResolution
import Promotion
import Testing

@Suite("A check that fails, or whose answer is lost")
struct FailedCheckTests {
    static func lost(_ what: String) -> PromotionRefusal { .outcomeUnknown(Broken(what)) }
    static let read = Journal.Event.group
    static let sent = Journal.Event.promote(World.promotion)

    /// The world after a check that has read records and targets, with the west active.
    static func world() async throws -> (World, Promoter) {
        let world = World()
        let promoter = world.promoter(Policy(holdDown: .seconds(300)))
        _ = try await promoter.decision(in: world)
        world.pointDNS(to: .west)
        _ = world.journal.take()
        return (world, promoter)
    }

    @Test("A promotion whose answer was lost is sent again after a fresh read, twice at most", arguments: 0...3)
    func lostAnswers(losses: Int) async throws {
        let (world, promoter) = try await Self.world()
        world.group.change { $0.outcomes = (0..<losses).map { .fails(Self.lost("loss \($0)")) } }
        if losses < 3 {
            #expect(try await promoter.decision(in: world) == .promote(World.promotion))
        } else {
            #expect(await promoter.failure(in: world)?.underlying as? Broken == Broken("loss 2"))
        }
        let rounds = min(losses + 1, 3)
        #expect(world.journal.take().serviceCalls == (0..<rounds).flatMap { _ in [Self.read, Self.sent] })
        #expect(world.clock.slept == Array(repeating: World.pause, count: rounds - 1))
    }

    @Test(
        "It is not sent again where the read shows that AWS has it",
        arguments: [
            (FakeGroup.Outcome.acceptedThenFails(lost("answer")), Decision.hold(.groupStatus("modifying"))),
            (.doneThenFails(lost("answer")), .hold(.inPlace)),
        ])
    func acceptedAfterAll(_ outcome: FakeGroup.Outcome, _ expected: Decision) async throws {
        let (world, promoter) = try await Self.world()
        world.group.change { $0.outcomes = [outcome] }
        #expect(try await promoter.decision(in: world) == expected)
        #expect(world.journal.take().serviceCalls == [Self.read, Self.sent, Self.read])
    }

    @Test("A promotion found out about only afterwards holds the next one down as any other")
    func lostAnswerHoldsDown() async throws {
        let (world, promoter) = try await Self.world()
        world.group.change { $0.outcomes = [.doneThenFails(Self.lost("answer"))] }
        #expect(try await promoter.decision(in: world) == .hold(.inPlace))
        world.pointDNS(to: .east)
        _ = try await promoter.decision(in: world)
        world.group.change { $0.group.members[1].role = .secondary }
        world.pointDNS(to: .west)
        world.clock.advance(by: .seconds(100) - World.pause)
        #expect(try await promoter.decision(in: world) == .hold(.holdingDown(remaining: .seconds(200))))
    }

    @Test("So does one whose answer was lost at the end of its check, once the group shows it")
    func lostAtTheEnd() async throws {
        let (world, promoter) = try await Self.world()
        world.group.change { $0.outcomes = [.acceptedThenFails(Self.lost("answer"))] }
        let error = await thrown(CheckFailure.self) {
            try await promoter.check(deadline: world.clock.now + .milliseconds(200))
        }
        #expect(error?.underlying as? Broken == Broken("answer"))
        #expect(try await promoter.decision(in: world) == .hold(.groupStatus("modifying")))
        // It came to nothing at AWS, and the group is as it was: that is no reason to hurry.
        world.group.change { $0.group.status = "available" }
        world.clock.advance(by: .seconds(80))
        #expect(try await promoter.decision(in: world) == .hold(.holdingDown(remaining: .seconds(220))))
    }

    @Test("Where AWS says at the second attempt that it is under way, that is a hold")
    func underWayAtLast() async throws {
        let (world, promoter) = try await Self.world()
        world.group.change { $0.outcomes = [.fails(Self.lost("one")), .fails(PromotionRefusal.changeUnderWay())] }
        #expect(try await promoter.decision(in: world) == .hold(.changeUnderWay))
        #expect(world.journal.take().promotions.count == 2)
        // It was most likely the first attempt that is under way: it holds the next promotion down.
        world.clock.advance(by: .seconds(100) - World.pause)
        #expect(try await promoter.decision(in: world) == .hold(.holdingDown(remaining: .seconds(200))))
    }

    @Test(
        "It is not sent again without time for it",
        arguments: [(Duration.milliseconds(299), false), (.milliseconds(300), false), (.milliseconds(301), true)])
    func deadline(timeLeft: Duration, again: Bool) async throws {
        let (world, promoter) = try await Self.world()
        world.group.change { $0.outcomes = [.fails(Self.lost("answer"))] }
        let result = await thrown(CheckFailure.self) {
            try await promoter.check(deadline: world.clock.now + timeLeft)
        }
        #expect(result?.underlying as? Broken == (again ? nil : Broken("answer")))
        #expect(world.journal.take().promotions.count == (again ? 2 : 1))
        #expect(world.clock.slept.count == (again ? 1 : 0))
    }

    @Test("A pause that is cancelled leaves the error of the lost answer, which says more")
    func cancelledPause() async throws {
        let world = World()
        world.pointDNS(to: .west)
        world.group.change { $0.outcomes = [.fails(Self.lost("answer"))] }
        let promoter = world.promoter(sleep: { _ in throw CancellationError() })
        #expect(await promoter.failure(in: world)?.underlying as? Broken == Broken("answer"))
        #expect(world.journal.take().promotions.count == 1)
    }

    @Test("A fresh read that fails ends the check: nothing is sent without one")
    func rereadFails() async throws {
        let (world, promoter) = try await Self.world()
        world.group.change { state in
            state.outcomes = [.fails(Self.lost("answer"))]
            state.failureAfterPromotion = Broken("read")
        }
        #expect(await promoter.failure(in: world)?.underlying as? Broken == Broken("read"))
        #expect(world.journal.take().serviceCalls == [Self.read, Self.sent, Self.read])
    }

    @Test(
        "Every error has the group forgotten, but not the records: their service may be what is down",
        arguments: [true, false])
    func forgetting(whileReading: Bool) async throws {
        let (world, promoter) = try await Self.world()
        world.group.change { state in
            if whileReading { state.failures = [Broken()] } else { state.outcomes = [.fails(Broken())] }
        }
        let failure = await promoter.failure(in: world)
        #expect(failure?.underlying as? Broken == Broken())
        #expect(failure?.observation.active == .region("us-west-2"))
        #expect((failure?.observation.group.group == nil) == whileReading)
        _ = world.journal.take()
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
        let events = world.journal.take()
        #expect(events.recordReads == 0)
        #expect(events.groupReads == 1)
        #expect(events.lookUps(of: World.Region.east.target) == 0)
    }

    static let misconfigurations: [@Sendable (inout GlobalGroup) -> Void] = [
        { $0.members.removeAll { $0.region == "us-west-2" } },
        { $0.members[0].region = "us-west-2" },
        { $0.members = [] },
    ]

    @Test("A group without exactly one local member is a misconfiguration, asked about anew", arguments: 0...2)
    func misconfigured(_ index: Int) async throws {
        let (world, promoter) = try await Self.world()
        world.group.change { Self.misconfigurations[index](&$0.group) }
        for _ in 0..<2 {
            let failure = await promoter.failure(in: world)
            #expect((failure?.underlying as? PromotionError)?.code == .misconfigured)
            #expect(failure?.errorType == "Misconfigured")
            #expect(world.journal.take().groupReads == 1)
        }
    }
}
