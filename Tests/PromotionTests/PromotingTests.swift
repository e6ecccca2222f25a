import Failover
import NameResolution
import Promotion
import Testing

@Suite("A promotion")
struct PromotingTests {
    @Test("is of the local member and no other", arguments: [false, true])
    func localMember(thirdRegion: Bool) async throws {
        let world = World(thirdRegion: thirdRegion)
        world.pointDNS(to: .west)
        #expect(try await world.promoter().decision(in: world) == .promote(World.promotion))
        #expect(world.journal.take().promotions == [World.promotion])
    }

    @Test("stands on one read, which the same check has made")
    func oneRead() async throws {
        let world = World()
        let promoter = world.promoter()
        // The members of the time of standing by are not those to go by.
        _ = await promoter.warmUp(deadline: world.deadline)
        #expect(try await promoter.decision(in: world) == .hold(.standby(activeRegion: "us-east-1")))
        _ = world.journal.take()
        world.pointDNS(to: .west)
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
        #expect(world.journal.take() == [.lookUp(World.name), .group, .promote(World.promotion)])
    }

    @Test("is not made where becoming active finds the member primary already")
    func alreadyThere() async throws {
        let world = World()
        let promoter = world.promoter()
        _ = await promoter.warmUp(deadline: world.deadline)
        _ = try await promoter.decision(in: world)
        world.pointDNS(to: .west)
        world.group.change { $0.group = QuietCheckTests.westIsPrimary($0.group) }
        #expect(try await promoter.decision(in: world) == .hold(.inPlace))
        #expect(world.journal.take().promotions == [])
    }

    @Test("has the group forgotten and is then followed to its end, one read a check")
    func following() async throws {
        let world = World()
        world.pointDNS(to: .west)
        let promoter = world.promoter()
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
        _ = world.journal.take()
        for minute in 1...5 {
            world.clock.advance(by: .seconds(60))
            #expect(
                try await promoter.decision(in: world) == .hold(.promotionUnderWay(elapsed: .seconds(60 * minute))))
            let events = world.journal.take()
            #expect(events.recordReads == 0)
            #expect(events.groupReads == 1)
            #expect(events.promotions == [])
        }
        world.group.settle()
        world.clock.advance(by: .seconds(60))
        #expect(try await promoter.decision(in: world) == .hold(.inPlace))
        #expect(world.journal.take() == [.lookUp(World.name), .group])
        #expect(try await promoter.decision(in: world) == .hold(.inPlace))
        #expect(world.journal.take() == [.lookUp(World.name)])
    }

    @Test("waits for group and member, which are read once a check")
    func waiting() async throws {
        let world = World()
        world.pointDNS(to: .west)
        world.group.change { $0.group.members[1].status = "associating" }
        let promoter = world.promoter()
        for _ in 0..<3 {
            #expect(try await promoter.decision(in: world) == .hold(.memberStatus("associating")))
            #expect(world.journal.take().groupReads == 1)
        }
        world.group.change { state in
            state.group.members[1].status = "associated"
            state.group.status = "modifying"
        }
        #expect(try await promoter.decision(in: world) == .hold(.groupStatus("modifying")))
        world.group.change { $0.group.status = "Available" }
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
    }

    @Test("that AWS refuses as being under way is no failure, and the group is looked at anew")
    func underWay() async throws {
        let world = World()
        world.pointDNS(to: .west)
        world.group.change { $0.outcomes = [.fails(PromotionRefusal.changeUnderWay())] }
        let promoter = world.promoter()
        #expect(try await promoter.decision(in: world) == .hold(.changeUnderWay))
        #expect(world.journal.take().promotions.count == 1)
        world.group.change { $0.group = QuietCheckTests.westIsPrimary($0.group) }
        #expect(try await promoter.decision(in: world) == .hold(.inPlace))
        #expect(world.journal.take() == [.lookUp(World.name), .group])
    }

    @Test("in a dry run is said and not made")
    func dryRun() async throws {
        let world = World()
        world.pointDNS(to: .west)
        let promoter = world.promoter(Policy(dryRun: true))
        for _ in 0..<3 {
            #expect(try await promoter.decision(in: world) == .wouldPromote(World.promotion))
            let events = world.journal.take()
            #expect(events.groupReads == 1)
            #expect(events.promotions == [])
        }
    }

    @Test("has the deadline of the check, and so have all questions before it")
    func deadline() async throws {
        let world = World()
        world.pointDNS(to: .west)
        let deadline = world.clock.now + .seconds(9)
        _ = try await world.promoter().check(deadline: deadline)
        let entries = world.journal.takeEntries()
        #expect(entries.map(\.event).promotions == [World.promotion])
        for (event, given) in entries where !ActiveRegionFinderTests.targets.contains(event) {
            #expect(given == deadline)
        }
    }

    @Test("is asked for once by checks that overlap while the request is under way", .timeLimit(.minutes(1)))
    func overlappingRequest() async throws {
        let world = World()
        world.pointDNS(to: .west)
        let promoter = world.promoter()
        let gate = Gate()
        world.group.change { $0.requestGate = gate }
        async let first = promoter.decision(in: world)
        await gate.arrival()
        async let second = promoter.decision(in: world)
        for _ in 0..<1000 { await Task.yield() }
        gate.open()
        #expect(try await first == .promote(World.promotion))
        #expect(try await second == .hold(.promotionUnderWay(elapsed: .zero)))
        #expect(world.journal.take().promotions.count == 1)
    }

    @Test("is made once by checks that overlap", .timeLimit(.minutes(1)))
    func overlap() async throws {
        let world = World()
        world.pointDNS(to: .west)
        let promoter = world.promoter()
        let gate = Gate()
        world.group.change { $0.gate = gate }
        async let first = promoter.decision(in: world)
        await gate.arrival()
        async let second = promoter.decision(in: world)
        async let third = promoter.decision(in: world)
        // Where checks are not kept apart, give them every chance to meet.
        for _ in 0..<1000 { await Task.yield() }
        gate.open()
        let decisions = try await [first, second, third]
        #expect(decisions.filter { $0 == .promote(World.promotion) }.count == 1)
        #expect(decisions.filter { $0 == .hold(.promotionUnderWay(elapsed: .zero)) }.count == 2)
        #expect(world.journal.take().promotions.count == 1)
    }
}
