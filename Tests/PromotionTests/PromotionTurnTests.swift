import Failover
import Promotion
import Testing

@Suite("Two groups of one name, one after the other")
struct PromotionTurnTests {
    let leader = World()
    let follower = World()
    let turn = PromotionTurn(first: "first")

    init() {
        for world in [leader, follower] { world.pointDNS(to: .west) }
    }

    static let waits = Decision.hold(.waitsFor(groupID: "first"))

    private func pass(_ duration: Duration) {
        for world in [leader, follower] { world.clock.advance(by: duration) }
    }

    @Test("The second is promoted when the first is in place and settled, and not before")
    func order() async throws {
        let first = leader.promoter(guards: .init(leads: turn))
        let second = follower.promoter(guards: .init(follows: turn))
        #expect(try await second.decision(in: follower) == Self.waits)
        #expect(try await first.decision(in: leader) == .promote(World.promotion))
        #expect(try await second.decision(in: follower) == Self.waits)
        // The roles have changed, and it is still being changed.
        leader.group.settle()
        leader.group.change { $0.group.status = "modifying" }
        pass(.seconds(1))
        _ = try await first.decision(in: leader)
        #expect(try await second.decision(in: follower) == Self.waits)
        leader.group.change { $0.group.status = "available" }
        pass(.seconds(1))
        #expect(try await first.decision(in: leader) == .hold(.inPlace))
        #expect(try await second.decision(in: follower) == .promote(World.promotion))
        #expect(follower.journal.take().promotions.count == 1)
    }

    @Test(
        "What was in place long ago, or before a check that failed, or while another region was active, is not known to be"
    )
    func forgets() async throws {
        leader.group.change { $0.group.members[1].role = .primary }
        leader.group.change { $0.group.members[0].role = .secondary }
        let first = leader.promoter(cacheMaxAge: .seconds(1), guards: .init(leads: turn))
        let second = follower.promoter(Policy(dryRun: true), guards: .init(follows: turn))
        let would = Decision.wouldPromote(World.promotion)

        _ = try await first.decision(in: leader)
        // The two worlds began a moment apart.
        pass(.seconds(89))
        #expect(try await second.decision(in: follower) == would)
        pass(.seconds(2))
        #expect(try await second.decision(in: follower) == Self.waits)

        _ = try await first.decision(in: leader)
        #expect(try await second.decision(in: follower) == would)
        leader.group.change { $0.failures = [Broken()] }
        pass(.seconds(1))
        await #expect(throws: CheckFailure.self) { try await first.decision(in: leader) }
        #expect(try await second.decision(in: follower) == Self.waits)

        _ = try await first.decision(in: leader)
        leader.pointDNS(to: .east)
        pass(.seconds(1))
        _ = try await first.decision(in: leader)
        #expect(try await second.decision(in: follower) == Self.waits)
    }

    @Test("A first one that has been in place for long is read anew before the second is promoted")
    func readAnew() async throws {
        leader.group.change {
            $0.group.members[0].role = .secondary
            $0.group.members[1].role = .primary
        }
        let first = leader.promoter(guards: .init(leads: turn))
        let second = follower.promoter(guards: .init(follows: turn))
        for _ in 0..<3 {
            #expect(try await first.decision(in: leader) == .hold(.inPlace))
            pass(.seconds(60))
        }
        // Somebody promotes another region's members, of both.
        leader.group.change {
            $0.group.members[0].role = .primary
            $0.group.members[1].role = .secondary
        }
        #expect(try await first.decision(in: leader) == .hold(.inPlace))
        #expect(try await second.decision(in: follower) == Self.waits)
        #expect(try await first.decision(in: leader) == .promote(World.promotion))
        #expect(try await second.decision(in: follower) == Self.waits)
        leader.group.settle()
        pass(.seconds(1))
        #expect(try await first.decision(in: leader) == .hold(.inPlace))
        #expect(try await second.decision(in: follower) == .promote(World.promotion))
    }

    @Test("A first one that somebody else has promoted is waited for until nothing is under way in it")
    func settled() async throws {
        leader.group.change {
            $0.group.members[0].role = .secondary
            $0.group.members[1].role = .primary
            $0.group.status = "modifying"
        }
        let first = leader.promoter(guards: .init(leads: turn))
        let second = follower.promoter(guards: .init(follows: turn))
        #expect(try await first.decision(in: leader) == .hold(.inPlace))
        #expect(try await second.decision(in: follower) == Self.waits)
        leader.group.change { $0.group.status = "available" }
        _ = try await first.decision(in: leader)
        #expect(try await second.decision(in: follower) == .promote(World.promotion))
    }

    @Test("A first one that was detached takes writes by itself, and is waited for no longer")
    func detached() async throws {
        let first = leader.promoter(Policy(means: .detachment), guards: .init(leads: turn))
        let second = follower.promoter(guards: .init(follows: turn))
        _ = try await first.decision(in: leader)
        #expect(try await second.decision(in: follower) == Self.waits)
        leader.group.change { $0.group.members.removeAll { $0.region == "us-west-2" } }
        pass(.seconds(1))
        #expect(try await first.decision(in: leader) == .hold(.detached(memberID: "sessions-west")))
        #expect(try await second.decision(in: follower) == .promote(World.promotion))
    }

    @Test("An operator's order does not wait")
    func ordered() async throws {
        let follower = follower
        let second = follower.promoter(guards: .init(follows: turn)) {
            follower.clock.pass($0)
            follower.group.settle()
        }
        let result = try await second.carryOut(
            .failover(allowsDataLoss: false), deadline: follower.clock.now + .seconds(60))
        #expect(result.outcome == .promoted(World.promotion))
    }
}
