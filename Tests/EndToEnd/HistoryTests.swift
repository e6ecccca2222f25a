import Foundation
import LocalAWS
import Testing

@Suite("The history")
struct HistoryTests {
    typealias D = Deployment

    @Test("shows another process a promotion while it lasts, and then how it ended and what it took")
    func promotion() async throws {
        let clock = try MovedClock()
        let world = try await D(livingBy: clock)
        #expect(try await world.history().isEmpty)
        try world.aws.setHealthy(false, region: D.east)
        #expect(try await world.check(D.west).decision == "promote")
        let begun = try await world.history()
        #expect(begun.map(\.outcome) == ["begun"])
        #expect(begun.map(\.member) == [LocalAWS.Sample.member(in: D.west)])
        #expect(begun.map(\.region) == [D.west])

        try clock.pass(seconds: 80)
        world.finishFailover()
        #expect(try await world.check(D.west).reason == "inPlace")
        let finished = try await world.history()
        #expect(finished.map(\.outcome) == ["finished"])
        #expect(finished.map(\.by) == [nil])
        // What passed besides is the time of this machine.
        let seconds = try #require(finished.first?.seconds)
        #expect((80..<110).contains(seconds))
        await world.stop()
    }

    @Test("says who ordered a promotion")
    func ordered() async throws {
        let world = try await Deployment(regions: [])
        world.finishFailoversAtOnce()
        #expect(try await world.promoter("failover", "--yes", "--by", "ana").status == 0)
        let entries = try await world.history()
        #expect(entries.map(\.by) == ["ana"])
        #expect(entries.map(\.outcome) == ["finished"])
        #expect(world.promotionRequests == [D.promotion(of: D.west)])
        await world.stop()
    }

    @Test("fails nothing where it cannot be kept, and is complete when it can be again", arguments: PauseTests.effects)
    func notKept(effect: Fault.Effect) async throws {
        let clock = try MovedClock()
        let world = try await D(livingBy: clock)
        #expect(try await world.check(D.west).reason == "standby")
        let fault = world.aws.inject(Fault(effect, operation: "PutParameter"))
        try world.aws.setHealthy(false, region: D.east)
        let promoted = try D.Check(await world.invoke(D.west, timeout: OutageTests.timeout))
        #expect(promoted.decision == "promote")
        #expect(world.aws.requests.contains { $0.operation == "PutParameter" })
        #expect(world.aws.parameter(D.historyParameter, region: D.west) == nil)
        world.aws.remove(fault)
        try clock.pass(seconds: 40)
        #expect(try await world.check(D.west).reason == "promotionUnderWay")
        #expect(try await world.history().map(\.outcome) == ["begun"])
        world.finishFailover()
        #expect(try await world.check(D.west).reason == "inPlace")
        #expect(try await world.history().map(\.outcome) == ["finished"])
        await world.stop()
    }
}
