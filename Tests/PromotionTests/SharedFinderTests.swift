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
