import Failover
import NameResolution
import Promotion
import Testing

@Suite("The alert of a promotion that does not come about")
struct AlertTests {
    let world = World()

    init() { world.pointDNS(to: .west) }

    private func promoter(alertAfter: Duration? = .seconds(300)) -> Promoter {
        world.promoter(alertAfter: alertAfter)
    }

    /// Which events a check has, and for how long the one that is stuck was wanted.
    private func told(_ promoter: Promoter) async -> [String] {
        await promoter.events(in: world).map { event in
            if case .stuck(_, let elapsed) = event { "stuck \(elapsed)" } else { event.kind }
        }
    }

    @Test("comes once, when it was wanted for so long")
    func stuck() async throws {
        world.group.change { $0.group.status = "modifying" }
        let promoter = promoter()
        #expect(await told(promoter) == [])
        world.clock.advance(by: .seconds(299))
        #expect(await told(promoter) == [])
        world.clock.advance(by: .seconds(1))
        #expect(await told(promoter) == ["stuck \(Duration.seconds(300))"])
        world.clock.advance(by: .seconds(300))
        #expect(await told(promoter) == [])
    }

    @Test("comes never where the user wants none")
    func off() async throws {
        world.group.change { $0.group.status = "modifying" }
        let promoter = promoter(alertAfter: nil)
        _ = await told(promoter)
        world.clock.advance(by: .seconds(99_999))
        #expect(await told(promoter) == [])
    }

    @Test("comes where checks fail, too, and where DNS falls silent meanwhile", arguments: [false, true])
    func unreadable(isDNS: Bool) async throws {
        world.group.change { $0.failures = Array(repeating: Broken(), count: 99) }
        let promoter = promoter()
        _ = await told(promoter)
        if isDNS { world.resolver.fail(World.name, .timedOut) }
        world.clock.advance(by: .seconds(300))
        #expect(await told(promoter) == ["stuck \(Duration.seconds(300))"])
    }

    @Test("is over, once, when the promotion is not wanted any more", arguments: [false, true])
    func noLongerWanted(isInPlace: Bool) async throws {
        world.group.change { $0.group.status = "modifying" }
        let promoter = promoter()
        _ = await told(promoter)
        world.clock.advance(by: .seconds(300))
        _ = await told(promoter)
        if isInPlace {
            // Somebody else has promoted it.
            world.group.change { $0.group = QuietCheckTests.westIsPrimary($0.group) }
        } else {
            world.pointDNS(to: .east)
        }
        #expect(await told(promoter) == ["noLongerWanted"])
        #expect(await told(promoter) == [])
    }

    @Test("of a promotion that has come about at last is over by that, and by nothing else")
    func finished() async throws {
        let promoter = promoter()
        #expect(await told(promoter) == ["begun"])
        world.clock.advance(by: .seconds(300))
        #expect(await told(promoter) == ["stuck \(Duration.seconds(300))"])
        world.group.settle()
        #expect(await told(promoter) == ["finished"])
        #expect(await told(promoter) == [])
    }

    @Test("of a member that is detached at last is over by that")
    func detached() async throws {
        let promoter = world.promoter(Policy(detachAfter: .seconds(400)), alertAfter: .seconds(300))
        #expect(await told(promoter) == ["begun"])
        for _ in 0..<4 {
            world.clock.advance(by: .seconds(60))
            #expect(await told(promoter) == [])
        }
        world.clock.advance(by: .seconds(60))
        #expect(await told(promoter) == ["stuck \(Duration.seconds(300))"])
        world.clock.advance(by: .seconds(60))
        #expect(await told(promoter) == [])
        world.clock.advance(by: .seconds(60))
        #expect(await told(promoter) == ["detached"])
        #expect(await told(promoter) == [])
    }

    @Test("comes again for the next promotion")
    func again() async throws {
        world.group.change { $0.group.status = "modifying" }
        let promoter = promoter()
        for _ in 0..<2 {
            world.pointDNS(to: .west)
            _ = await told(promoter)
            world.clock.advance(by: .seconds(300))
            #expect(await told(promoter) == ["stuck \(Duration.seconds(300))"])
            world.pointDNS(to: .east)
            #expect(await told(promoter) == ["noLongerWanted"])
        }
    }

    @Test("A failure is told of once for each promotion that is wanted, whatever it was")
    func failures() async throws {
        let refusal = FakeGroup.Outcome.fails(PromotionRefusal.refused(Broken("refused")))
        let promoter = promoter(alertAfter: nil)
        for outcome in [refusal, .fails(Broken("denied")), .fails(PromotionRefusal.outcomeUnknown(Broken("lost")))] {
            world.group.change { $0.outcomes = Array(repeating: outcome, count: 9) }
            #expect(await promoter.events(in: world).map(\.kind) == ["failed"])
            world.clock.advance(by: Policy.pauseAfterRefusal)
            #expect(await promoter.events(in: world) == [])
            world.pointDNS(to: .east)
            #expect(await promoter.events(in: world) == [])
            world.pointDNS(to: .west)
        }
    }

    @Test("A refusal about the group fails the check, and is not asked for again for five seconds")
    func refusal() async throws {
        let promoter = promoter(alertAfter: nil)
        world.group.change { $0.outcomes = [.fails(PromotionRefusal.refused(Broken("refused")))] }
        #expect(await promoter.failure(in: world)?.underlying as? Broken == Broken("refused"))
        world.clock.advance(by: .milliseconds(4999))
        #expect(try await promoter.decision(in: world) == .hold(.refusedJustNow))
        world.clock.advance(by: .milliseconds(1))
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
    }
}
