import Failover
import NameResolution
import Promotion
import Testing

/// The invariants are there for the day on which the rows are wrong.
@Suite("Rows that are wrong")
struct WrongRowsTests {
    @Test(
        "promote nothing and detach nothing: the check fails, and tells that promoter is to blame",
        arguments: [false, true])
    func wrong(detaches: Bool) async throws {
        let world = World()
        // DNS points to the other region.
        let rules = Promoter.Rules(decide: { observation, memory, policy, now in
            guard observation.active != .notAsked else { return .need(.activeRegion) }
            guard case .fresh = observation.group else { return .need(.freshGroup) }
            var memory = memory
            memory.confirmations = 1
            return .decided(detaches ? .detach(World.promotion) : .promote(World.promotion), memory)
        })
        let promoter = world.promoter(rules: rules)
        let failure = try #require(await promoter.failure(in: world))
        #expect((failure.underlying as? PromotionError)?.code == .invariantViolated)
        #expect(failure.errorType == "InvariantViolated")
        #expect(failure.events == [])
        #expect(world.journal.take().serviceCalls.filter { $0 != .group } == [.records(World.name)])
    }
}
