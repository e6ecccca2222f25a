import Failover
import NameResolution
import Promotion
import Testing

@Suite("A promotion that AWS has accepted")
struct FollowingTests {
    let world = World()

    init() { world.pointDNS(to: .west) }

    /// A promoter that has just promoted, three seconds after it first saw that it has to.
    private func promoted(_ policy: Policy = Policy(confirmations: 2)) async throws -> Promoter {
        let promoter = world.promoter(policy)
        for _ in 1..<policy.confirmations { _ = try await promoter.decision(in: world) }
        world.clock.advance(by: .seconds(3))
        let delay = Duration.seconds(policy.confirmations > 1 ? 3 : 0)
        #expect(await promoter.events(in: world) == [.begun(World.promotion, delay: delay)])
        _ = world.journal.take()
        return promoter
    }

    @Test("is told of when it begins, and once when it has come about, with the time that it took")
    func finished() async throws {
        let promoter = try await promoted()
        world.clock.advance(by: .seconds(40))
        #expect(await promoter.events(in: world) == [])
        // The roles have changed, and the group has not settled.
        world.group.change { $0.group = QuietCheckTests.westIsPrimary($0.group) }
        #expect(try await promoter.decision(in: world) == .hold(.promotionUnderWay(elapsed: .seconds(40))))
        world.clock.advance(by: .seconds(30))
        world.group.settle()
        #expect(await promoter.events(in: world) == [.finished(World.promotion, duration: .seconds(70))])
        #expect(await promoter.events(in: world) == [])
        #expect(world.journal.take().promotions == [])
    }

    @Test("is not sent again while AWS describes the group as it was, for a minute")
    func settling() async throws {
        let promoter = try await promoted(Policy())
        world.group.change { $0.group.status = "available" }
        for second in [0, 1, 58] {
            world.clock.advance(by: .seconds(second))
            guard case .hold(.promotionUnderWay) = try await promoter.decision(in: world) else {
                Issue.record("not under way")
                return
            }
        }
        #expect(world.journal.take().promotions == [])
        #expect(world.group.accepted == 1)
    }

    @Test("and came to nothing is told of, and made again by the normal rows", arguments: [0, 300])
    func cameToNothing(holdDown: Int) async throws {
        let promoter = try await promoted(Policy(confirmations: 2, holdDown: .seconds(holdDown)))
        world.group.abandon()
        world.clock.advance(by: .seconds(30))
        // The confirmations go on while it is followed.
        #expect(try await promoter.decision(in: world) == .hold(.promotionUnderWay(elapsed: .seconds(30))))
        world.clock.advance(by: .seconds(30))
        let result = try await promoter.check(deadline: world.deadline)
        let nothing = PromotionEvent.cameToNothing(World.promotion, after: .seconds(60))
        if holdDown == 0 {
            #expect(result.decision == .promote(World.promotion))
            #expect(result.events == [nothing, .begun(World.promotion, delay: .seconds(63))])
        } else {
            #expect(result.decision == .hold(.holdingDown(remaining: .seconds(240))))
            #expect(result.events == [nothing])
        }
        #expect(world.group.overlapping == 0)
    }

    @Test("and is not over after 15 minutes is given up, once, whatever the role by then", arguments: [false, true])
    func gaveUp(isPrimary: Bool) async throws {
        let promoter = try await promoted()
        for _ in 0..<14 {
            world.clock.advance(by: .seconds(60))
            #expect(await promoter.events(in: world) == [])
        }
        if isPrimary { world.group.change { $0.group = QuietCheckTests.westIsPrimary($0.group) } }
        world.clock.advance(by: .seconds(60))
        let result = try await promoter.check(deadline: world.deadline)
        #expect(result.events == [.gaveUp(World.promotion, after: .seconds(900))])
        #expect(result.decision == (isPrimary ? .hold(.inPlace) : .hold(.groupStatus("modifying"))))
        #expect(await promoter.events(in: world) == [])
        #expect(world.journal.take().promotions == [])
    }

    @Test("and came to nothing while nobody looked has come to nothing, and was not given up")
    func cameToNothingUnseen() async throws {
        let promoter = try await promoted(Policy(holdDown: .seconds(9999)))
        world.group.abandon()
        world.clock.advance(by: .seconds(2000))
        #expect(
            await promoter.events(in: world) == [.cameToNothing(World.promotion, after: .seconds(2000))])
    }

    @Test("is overtaken where DNS moves on")
    func overtaken() async throws {
        let promoter = try await promoted()
        world.clock.advance(by: .seconds(20))
        world.pointDNS(to: .east)
        #expect(
            await promoter.events(in: world)
                == [.overtaken(World.promotion, by: "us-east-1", after: .seconds(20))])
        world.group.settle()
        #expect(await promoter.events(in: world) == [])
    }

    @Test("is still followed after DNS was silent, or gave several regions", arguments: [false, true])
    func silence(isAmbiguous: Bool) async throws {
        let promoter = try await promoted()
        if isAmbiguous {
            world.resolver.set(World.name, World.Region.east.address, World.Region.west.address)
        } else {
            world.resolver.fail(World.name, .timedOut)
        }
        world.clock.advance(by: .seconds(20))
        #expect(await promoter.events(in: world) == [])
        world.pointDNS(to: .west)
        world.group.settle()
        world.clock.advance(by: .seconds(20))
        #expect(await promoter.events(in: world) == [.finished(World.promotion, duration: .seconds(40))])
    }

    @Test("is given up where the datastore loses its local member")
    func lostMember() async throws {
        let promoter = try await promoted()
        world.group.change { $0.group.members.removeLast() }
        world.clock.advance(by: .seconds(20))
        let failure = try #require(await promoter.failure(in: world))
        #expect(failure.errorType == "Misconfigured")
        #expect(failure.events == [.gaveUp(World.promotion, after: .seconds(20))])
    }
}

@Suite("A promotion whose answer was lost")
struct LostAnswerTests {
    let world = World()
    static let lost = PromotionRefusal.outcomeUnknown(Broken("answer"))

    init() { world.pointDNS(to: .west) }

    @Test("and that is under way has begun when it was sent, is held down, and followed to its end")
    func underWay() async throws {
        world.group.change { $0.outcomes = [.acceptedThenFails(Self.lost)] }
        let promoter = world.promoter(Policy(confirmations: 2))
        _ = try await promoter.decision(in: world)
        world.clock.advance(by: .seconds(3))
        #expect(await promoter.events(in: world) == [.begun(World.promotion, delay: .seconds(3))])
        world.clock.advance(by: .seconds(60) - World.pause)
        #expect(try await promoter.decision(in: world) == .hold(.promotionUnderWay(elapsed: .seconds(60))))
        world.group.settle()
        #expect(await promoter.events(in: world) == [.finished(World.promotion, duration: .seconds(60))])
        #expect(world.group.accepted == 1)
    }

    @Test("and that is done has begun and is finished at once, with the time since it was wanted")
    func done() async throws {
        world.group.change { $0.outcomes = [.doneThenFails(Self.lost)] }
        let promoter = world.promoter(Policy(confirmations: 2))
        _ = try await promoter.decision(in: world)
        world.clock.advance(by: .seconds(3))
        #expect(
            await promoter.events(in: world)
                == [
                    .begun(World.promotion, delay: .seconds(3)), .finished(World.promotion, duration: World.pause),
                ])
        #expect(await promoter.events(in: world) == [])
    }

    @Test("and that shows in the roles first is followed until the group has settled")
    func doneAndNotSettled() async throws {
        world.group.change { $0.outcomes = [.doneThenFails(Self.lost)] }
        let promoter = world.promoter()
        _ = await thrown(CheckFailure.self) {
            try await promoter.check(deadline: world.clock.now + .milliseconds(200))
        }
        world.group.change { $0.group.status = "modifying" }
        #expect(await promoter.events(in: world) == [.begun(World.promotion, delay: .zero)])
        world.clock.advance(by: .seconds(9))
        #expect(try await promoter.decision(in: world) == .hold(.promotionUnderWay(elapsed: .seconds(9))))
        world.group.change { $0.group.status = "available" }
        #expect(await promoter.events(in: world) == [.finished(World.promotion, duration: .seconds(9))])
    }

    @Test("is nobody's any more after 15 minutes", arguments: [(899, true), (900, false)])
    func forgotten(seconds: Int, isOurs: Bool) async throws {
        world.group.change { $0.outcomes = [.fails(Self.lost)] }
        let promoter = world.promoter()
        _ = await thrown(CheckFailure.self) {
            try await promoter.check(deadline: world.clock.now + .milliseconds(200))
        }
        world.clock.advance(by: .seconds(seconds))
        world.group.change { $0.group = QuietCheckTests.westIsPrimary($0.group) }
        let kinds = await promoter.events(in: world).map(\.kind)
        #expect(kinds == (isOurs ? ["begun", "finished"] : []))
    }

    static let outcomes: [FakeGroup.Outcome] = [
        .accepted, .fails(lost), .acceptedThenFails(lost), .doneThenFails(lost),
    ]

    @Test("is accepted once, and told of once, whatever of up to three answers was lost", arguments: 0..<64)
    func combinations(_ index: Int) async throws {
        let chosen = [index % 4, index / 4 % 4, index / 16].map { Self.outcomes[$0] }
        world.group.change { $0.outcomes = chosen }
        let promoter = world.promoter()
        var events: [PromotionEvent] = []
        for _ in 0..<6 {
            events += await promoter.events(in: world)
            world.clock.advance(by: .seconds(6))
        }
        world.group.settle()
        events += await promoter.events(in: world)
        #expect(world.group.accepted == 1)
        #expect(world.group.overlapping == 0)
        #expect(events.map(\.kind).filter { $0 == "begun" }.count == 1)
        #expect(events.last?.kind == "finished")
        #expect(try await promoter.decision(in: world) == .hold(.inPlace))
    }
}
