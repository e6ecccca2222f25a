import Failover
import NameResolution
import Promotion
import Testing

@Suite("A finder for two promoters", .timeLimit(.minutes(1)))
struct SharedFinderTests {
    let world = World()

    private func shared(_ calls: CallLog = CallLog()) -> SharedFinder {
        SharedFinder(world.finder(), calls: calls, now: { world.clock.now })
    }

    private func lookUps() -> Int { world.journal.take().lookUps(of: World.name) }

    @Test("looks up once for those who ask at the same time, or within a moment")
    func once() async throws {
        let shared = shared()
        let (first, second) = (shared.part(calls: CallLog()), shared.part(calls: CallLog()))
        let gate = Gate()
        world.resolver.hold(World.name, at: gate)
        async let one = first.find(deadline: world.deadline)
        await gate.arrival()
        async let other = second.find(deadline: world.deadline)
        gate.open()
        let regions = [try await one, try await other]
        #expect(regions == [.region("us-east-1"), .region("us-east-1")])
        #expect(lookUps() == 1)
        #expect(await second.lastAnswer?.addresses.map(\.description) == ["10.1.0.1"])

        // The other way round, and one after the other.
        world.clock.advance(by: .seconds(1))
        _ = try await second.find(deadline: world.deadline)
        world.clock.advance(by: .milliseconds(99))
        _ = try await first.find(deadline: world.deadline)
        #expect(lookUps() == 1)
    }

    @Test("gives nobody the same answer twice, however soon he asks")
    func never() async throws {
        let part = shared().part(calls: CallLog())
        for _ in 0..<3 { _ = try await part.find(deadline: world.deadline) }
        #expect(lookUps() == 3)
    }

    @Test("gives nobody an answer of before")
    func late() async throws {
        let shared = shared()
        let (first, second) = (shared.part(calls: CallLog()), shared.part(calls: CallLog()))
        _ = try await first.find(deadline: world.deadline)
        world.pointDNS(to: .west)
        world.clock.advance(by: .milliseconds(100))
        #expect(try await second.find(deadline: world.deadline) == .region("us-west-2"))
    }

    @Test("tells each of two, once, that the other one has heard otherwise")
    func otherwise() async throws {
        let shared = shared()
        let (first, second) = (shared.part(calls: CallLog()), shared.part(calls: CallLog()))
        func look(_ part: any RegionFinder, _ region: World.Region) async throws {
            world.clock.advance(by: .seconds(1))
            world.pointDNS(to: region)
            #expect(try await part.find(deadline: world.deadline) == .region(region.rawValue))
        }
        try await look(second, .west)
        try await look(first, .east)
        #expect(await !first.otherHeardOtherwise())
        try await look(second, .east)
        #expect(await !first.otherHeardOtherwise())
        try await look(second, .west)
        #expect(await first.otherHeardOtherwise())
        #expect(await !second.otherHeardOtherwise())
        try await look(second, .east)
        // Between its two answers, which are the same.
        try await look(first, .east)
        #expect(await first.otherHeardOtherwise())
        #expect(await !first.otherHeardOtherwise())
        try await look(first, .east)
        #expect(await !first.otherHeardOtherwise())
    }

    /// Promotes in the west, after so many confirmations, by a part of the finder.
    private func promoter(_ finder: any RegionFinder, confirmations: Int) -> Promoter {
        Promoter(
            identity: .init(dnsName: World.name, groupID: World.groupID, ownRegion: "us-west-2"),
            policy: Policy(confirmations: confirmations), timing: .init(now: { world.clock.now }, sleep: { _ in }),
            finder: finder, service: world.group, calls: CallLog())
    }

    @Test("What DNS told the other of two between two checks breaks their row")
    func row() async throws {
        let shared = shared()
        let other = shared.part(calls: CallLog())
        let promoter = promoter(shared.part(calls: CallLog()), confirmations: 2)
        world.pointDNS(to: .west)
        #expect(try await promoter.decision(in: world) == .hold(.confirming(seen: 1, needed: 2)))
        world.clock.advance(by: .seconds(1))
        world.pointDNS(to: .east)
        _ = try await other.find(deadline: world.deadline)
        world.clock.advance(by: .seconds(1))
        world.pointDNS(to: .west)
        #expect(try await promoter.decision(in: world) == .hold(.confirming(seen: 1, needed: 2)))
        world.clock.advance(by: .seconds(1))
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
    }

    @Test("What DNS told the other of two while a check read the group ends a promotion")
    func meanwhile() async throws {
        let shared = shared()
        let other = shared.part(calls: CallLog())
        let promoter = promoter(shared.part(calls: CallLog()), confirmations: 1)
        let gate = Gate()
        world.group.change { $0.gate = gate }
        world.pointDNS(to: .west)
        async let decision = promoter.decision(in: world)
        await gate.arrival()
        world.clock.advance(by: .seconds(1))
        world.pointDNS(to: .east)
        _ = try await other.find(deadline: world.deadline)
        gate.open()
        #expect(try await decision == .hold(.standby(activeRegion: "us-east-1")))
        #expect(world.group.accepted == 0)
    }

    @Test("fails for both, each with the calls that it waited for")
    func failure() async throws {
        let calls = CallLog()
        let shared = shared(calls)
        world.records.fail(Broken("zone"))
        calls.record(.init(name: "route53:ListResourceRecordSets", attempts: 1, duration: .seconds(1)))
        for _ in 0..<2 {
            let own = CallLog()
            let error = await thrown(Broken.self) { try await shared.part(calls: own).find(deadline: world.deadline) }
            #expect(error == Broken("zone"))
            #expect(own.take().map(\.name) == ["route53:ListResourceRecordSets"])
        }
        // And is there again for the next.
        world.clock.advance(by: .seconds(1))
        #expect(try await shared.part(calls: CallLog()).find(deadline: world.deadline) == .region("us-east-1"))
    }

    @Test("says what the one finder knows")
    func knowledge() async throws {
        let part = shared().part(calls: CallLog())
        #expect(await part.records == nil)
        try await part.warmUp(deadline: world.deadline)
        #expect(await part.records?.count == 2)
        await part.distrust()
        world.resolver.fail(World.name, .notFound)
        #expect(try await part.find(deadline: world.deadline) == .unknown(.nameNotResolved(.notFound)))
        #expect(await part.lastAnswer == nil)
    }
}
