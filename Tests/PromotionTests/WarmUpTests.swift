import Failover
import NameResolution
import Promotion
import Testing

@Suite("Warming up")
struct WarmUpTests {
    @Test("Records and group are fetched at the same time", .timeLimit(.minutes(1)), arguments: [true, false])
    func sameTime(recordsWait: Bool) async throws {
        let world = World()
        let (waiting, other) = (Gate(), Gate())
        world.records.hold(at: recordsWait ? waiting : other)
        world.group.change { $0.gate = recordsWait ? other : waiting }
        let promoter = world.promoter()
        async let warm = promoter.warmUp(deadline: world.deadline)
        // Each of both has begun while the other has not ended: else this would wait for ever.
        await waiting.arrival()
        await other.arrival()
        other.open()
        waiting.open()
        #expect(await warm.isEmpty)
        let events = world.journal.take()
        #expect(events.recordReads == 1)
        #expect(events.groupReads == 1)
        #expect(events.lookUps(of: World.Region.west.target) == 1)
        #expect(events.lookUps(of: World.name) == 0)
    }

    @Test("What it fetched serves the first check", arguments: World.Region.allCases)
    func serves(active: World.Region) async throws {
        let world = World()
        world.pointDNS(to: active)
        let promoter = world.promoter(own: .east)
        _ = await promoter.warmUp(deadline: world.deadline)
        _ = world.journal.take()
        _ = try await promoter.decision(in: world)
        #expect(world.journal.take() == [.lookUp(World.name)])
    }

    @Test(
        "A failure does no harm: the first check asks again for what failed",
        arguments: [(records: true, group: false), (false, true), (true, true)])
    func failure(ofRecords: Bool, ofGroup: Bool) async throws {
        let world = World()
        world.pointDNS(to: .east)
        if ofRecords { world.records.fail(Broken()) }
        if ofGroup { world.group.change { $0.failures = [Broken()] } }
        let promoter = world.promoter(own: .east)
        let problems = await promoter.warmUp(deadline: world.deadline)
        #expect(
            problems.map { $0 as? Broken } == Array(repeating: Broken(), count: (ofRecords ? 1 : 0) + (ofGroup ? 1 : 0))
        )
        _ = world.journal.take()
        #expect(try await promoter.decision(in: world) == .hold(.inPlace))
        let events = world.journal.take()
        #expect(events.recordReads == (ofRecords ? 1 : 0))
        #expect(events.groupReads == (ofGroup ? 1 : 0))
    }

    @Test("A region without a member hears of it at the start, although it stands by")
    func noMember() async throws {
        let world = World()
        world.group.change { $0.group.members.removeAll { $0.region == "us-west-2" } }
        let promoter = world.promoter()
        let problems = await promoter.warmUp(deadline: world.deadline)
        #expect(problems.map { ($0 as? PromotionError)?.code } == [.misconfigured])
        #expect(try await promoter.decision(in: world) == .hold(.standby(activeRegion: "us-east-1")))
    }

    @Test("What it fetched is not fresh enough for a promotion")
    func notFresh() async throws {
        let world = World()
        world.pointDNS(to: .west)
        let promoter = world.promoter()
        _ = await promoter.warmUp(deadline: world.deadline)
        _ = world.journal.take()
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
        #expect(world.journal.take() == [.lookUp(World.name), .group, .promote(World.promotion)])
    }

    @Test("Its deadline is everybody's")
    func deadline() async throws {
        let world = World()
        let deadline = world.clock.now + .seconds(3)
        _ = await world.promoter().warmUp(deadline: deadline)
        for (event, given) in world.journal.takeEntries() {
            if case .lookUp = event { #expect(given <= deadline) } else { #expect(given == deadline) }
        }
    }
}
