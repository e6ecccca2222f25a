import Failover
import NameResolution
import Promotion
import Testing

@Suite("Confirmations and hold-down")
struct ConfirmationTests {
    /// What DNS and the services show to one check, and what it comes to.
    enum Sight: Sendable {
        case own, other, silence, several, unreadableRecords, unreadableGroup, refusedPromotion
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var needed: Int
        var sights: [Sight]
        /// nil for a check that fails.
        var seen: [Int?]
    }

    /// `seen`: the number of confirmations that each check reports; the one that promotes has `needed`,
    /// one that sees no promotion wanted 0.
    static let cases = [
        Case(testDescription: "one", needed: 1, sights: [.own], seen: [1]),
        Case(testDescription: "two in a row", needed: 2, sights: [.own, .own], seen: [1, 2]),
        Case(testDescription: "three in a row", needed: 3, sights: [.own, .own, .own], seen: [1, 2, 3]),
        Case(
            testDescription: "another region between", needed: 2, sights: [.own, .other, .own, .own],
            seen: [1, 0, 1, 2]),
        Case(testDescription: "silence between", needed: 2, sights: [.own, .silence, .own, .own], seen: [1, 0, 1, 2]),
        Case(
            testDescription: "several regions between", needed: 2, sights: [.own, .several, .own, .own],
            seen: [1, 0, 1, 2]),
        Case(
            testDescription: "a check that could not tell the region between", needed: 2,
            sights: [.own, .unreadableRecords, .own, .own], seen: [1, nil, 1, 2]),
        Case(
            testDescription: "a check that saw the region and no group", needed: 2,
            sights: [.own, .unreadableGroup, .own],
            seen: [1, nil, 2]),
        Case(
            testDescription: "a promotion that failed is tried again at once", needed: 2,
            sights: [.own, .refusedPromotion, .own], seen: [1, nil, 2]),
    ]

    @Test("Checks that agree count only within an hour of each other", arguments: [(3600, true), (3601, false)])
    func hoursApart(seconds: Int, counts: Bool) async throws {
        let world = World()
        world.pointDNS(to: .west)
        let promoter = world.promoter(Policy(confirmations: 2))
        #expect(try await promoter.decision(in: world) == .hold(.confirming(seen: 1, needed: 2)))
        world.clock.advance(by: .seconds(seconds))
        let second = try await promoter.decision(in: world)
        #expect(second == (counts ? .promote(World.promotion) : .hold(.confirming(seen: 1, needed: 2))))
    }

    @Test("Checks that agree count only in a row", arguments: cases)
    func inARow(_ testCase: Case) async throws {
        let world = World()
        let promoter = world.promoter(Policy(confirmations: testCase.needed))
        for (sight, seen) in zip(testCase.sights, testCase.seen) {
            show(sight, in: world)
            guard let seen else {
                #expect(await promoter.failure(in: world) != nil)
                continue
            }
            switch try await promoter.decision(in: world) {
            case .hold(.confirming(let number, let needed)):
                #expect(number == seen)
                #expect(needed == testCase.needed)
            case .promote: #expect(seen == testCase.needed)
            default: #expect(seen == 0)
            }
        }
        let promoted = testCase.seen.filter { $0 == testCase.needed }.count
        let refused = testCase.sights.filter { $0 == .refusedPromotion }.count
        #expect(world.journal.take().promotions.count == promoted + refused)
    }

    private func show(_ sight: Sight, in world: World) {
        world.pointDNS(to: sight == .other ? .east : .west)
        switch sight {
        case .own, .other: break
        case .silence: world.resolver.fail(World.name, .temporary)
        case .several: world.resolver.set(World.name, World.Region.east.address, World.Region.west.address)
        case .unreadableRecords:
            world.resolver.set(World.name, "10.9.9.9")
            world.records.fail(Broken())
        case .unreadableGroup: world.group.change { $0.failures = [Broken()] }
        case .refusedPromotion: world.group.change { $0.outcomes = [.fails(Broken())] }
        }
    }

    @Test("Confirming reads the group once, and once more for the promotion")
    func reads() async throws {
        let world = World()
        world.pointDNS(to: .west)
        let promoter = world.promoter(Policy(confirmations: 4))
        var reads: [Int] = []
        for _ in 0..<4 {
            _ = try await promoter.decision(in: world)
            reads.append(world.journal.take().groupReads)
        }
        #expect(reads == [1, 0, 0, 1])
    }

    @Test("A second promotion is held down for the time that is left of it")
    func holdDown() async throws {
        let world = World()
        world.pointDNS(to: .west)
        let promoter = world.promoter(Policy(holdDown: .seconds(300)))
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
        world.group.settle()
        #expect(try await promoter.decision(in: world) == .hold(.inPlace))
        world.pointDNS(to: .east)
        _ = try await promoter.decision(in: world)
        world.group.change { state in
            state.group.members[0].role = .primary
            state.group.members[1].role = .secondary
        }
        world.pointDNS(to: .west)
        _ = world.journal.take()
        for (elapsed, left) in [(100, 200), (199, 1)] {
            world.clock.advance(by: .seconds(elapsed))
            #expect(try await promoter.decision(in: world) == .hold(.holdingDown(remaining: .seconds(left))))
            // What is read of a group that others change is out of date by the next check.
            #expect(world.journal.take().groupReads == 1)
        }
        world.clock.advance(by: .seconds(1))
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
    }

    @Test("What AWS says against a promotion is kept for people, in its words")
    func reason() async throws {
        let world = World()
        world.pointDNS(to: .west)
        world.group.change { $0.outcomes = [.fails(PromotionRefusal.changeUnderWay(reason: "not now"))] }
        let promoter = world.promoter()
        #expect(try await promoter.check(deadline: world.deadline).refusal == "not now")
        // Also with the next check, which does not ask.
        #expect(try await promoter.check(deadline: world.deadline).refusal == "not now")
    }

    @Test("Only an accepted promotion holds the next one down", arguments: [true, false])
    func refusalHoldsNothingDown(isUnderWay: Bool) async throws {
        let world = World()
        world.pointDNS(to: .west)
        let promoter = world.promoter(Policy(holdDown: .seconds(300)))
        if isUnderWay {
            world.group.change { $0.outcomes = [.fails(PromotionRefusal.changeUnderWay())] }
            #expect(try await promoter.decision(in: world) == .hold(.changeUnderWay))
            world.clock.advance(by: Policy.pauseAfterRefusal)
        } else {
            world.group.change { $0.outcomes = [.fails(Broken())] }
            #expect(await promoter.failure(in: world) != nil)
        }
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
    }
}
