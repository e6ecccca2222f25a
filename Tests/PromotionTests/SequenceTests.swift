import Failover
import NameResolution
import Promotion
import Testing

/// What must hold however the world behaves over many checks.
@Suite("Over many checks")
struct SequenceTests {
    @Test("DNS that flaps faster than the confirmations never promotes", arguments: 2...6, 1...5)
    func flapping(confirmations: Int, period: Int) async throws {
        let world = World()
        let promoter = world.promoter(Policy(confirmations: confirmations))
        var longest = 0
        var row = 0
        for number in 0..<200 {
            let isWest = number % (2 * period) < period
            row = isWest ? row + 1 : 0
            longest = max(longest, row)
            world.pointDNS(to: isWest ? .west : .east)
            _ = await promoter.events(in: world)
            world.clock.advance(by: .seconds(10))
        }
        #expect(longest == period)
        #expect((world.group.accepted > 0) == (period >= confirmations))
    }

    @Test("Two processes of the same region promote once", .timeLimit(.minutes(1)), arguments: [false, true])
    func twoProcesses(isSameMoment: Bool) async throws {
        let world = World()
        world.pointDNS(to: .west)
        let promoters = [world.promoter(Policy(confirmations: 2)), world.promoter(Policy(confirmations: 2))]
        for promoter in promoters { _ = try await promoter.decision(in: world) }
        if isSameMoment {
            // Both have read the group before either of them promotes.
            let gate = Gate()
            world.group.change { $0.gate = gate }
            async let first = promoters[0].events(in: world)
            async let second = promoters[1].events(in: world)
            for _ in 0..<1000 { await Task.yield() }
            gate.open()
            let kinds = await [first, second].flatMap { $0 }.map(\.kind)
            #expect(kinds == ["begun"])
        } else {
            for promoter in promoters { _ = await promoter.events(in: world) }
        }
        for second in 0..<30 {
            if second == 20 { world.group.settle() }
            for promoter in promoters { _ = await promoter.events(in: world) }
            world.clock.advance(by: .seconds(1))
        }
        #expect(world.group.accepted == 1)
        for promoter in promoters { #expect(try await promoter.decision(in: world) == .hold(.inPlace)) }
    }

    /// What the world does before a check.
    private enum Turn: CaseIterable {
        case nothing, east, west, silence, several, settle, abandon, foreign, unreadable, refusal, loss, lossAfter,
            pause
    }

    @Test("No promotion is made that must not be, whatever happens", arguments: 0..<40)
    func random(_ run: UInt64) async throws {
        var random = SeededRandom(seed: 0x5EED + run)
        let world = World()
        let pause = FakePause(.none)
        let policy = Policy(
            confirmations: Int.random(in: 1...3, using: &random),
            holdDown: .seconds(Int.random(in: 0...1, using: &random) * 120),
            detachAfter: Bool.random(using: &random) ? .seconds(120) : nil)
        let promoter = world.promoter(policy, guards: .init(pause: pause))
        var (row, dns, isPaused) = (0, World.Region?.none, false)
        for number in 0..<120 {
            let turn = Turn.allCases.randomElement(using: &random) ?? .nothing
            Self.take(turn, in: world, pause, &dns, &isPaused)
            row = dns == .west && !isPaused ? row + 1 : 0
            let before = world.group.current
            _ = world.journal.take()
            let events = await promoter.events(in: world)
            let journal = world.journal.take()
            let sent = journal.filter { if case .promote = $0 { true } else { $0 == .detach(World.promotion) } }
            let seed = "seed \(run), check \(number), \(turn)"
            #expect(sent.isEmpty || dns == .west && !isPaused, "\(seed)")
            #expect(sent.isEmpty || row >= policy.confirmations, "\(seed)")
            #expect(sent.isEmpty || journal.groupReads > 0, "\(seed)")
            let local = before.members.filter { $0.region == "us-west-2" }
            #expect(sent.isEmpty || local.map(\.role) == [.secondary], "\(seed)")
            #expect(sent.isEmpty || local.first?.isAssociated == true, "\(seed)")
            #expect(journal.promotions.isEmpty || before.status == "available", "\(seed)")
            #expect(events.filter { $0.kind == "begun" }.count <= 1, "\(seed)")
            world.clock.advance(by: .seconds(Int.random(in: 1...40, using: &random)))
        }
        #expect(world.group.overlapping == 0, "seed \(run)")
    }

    private static func take(
        _ turn: Turn, in world: World, _ pause: FakePause, _ dns: inout World.Region?, _ isPaused: inout Bool
    ) {
        let lost = PromotionRefusal.outcomeUnknown(Broken("answer"))
        switch turn {
        case .nothing: break
        case .east, .west:
            let region = turn == .east ? World.Region.east : .west
            dns = region
            world.pointDNS(to: region)
        case .silence:
            dns = nil
            world.resolver.fail(World.name, .timedOut)
        case .several:
            dns = nil
            world.resolver.set(World.name, World.Region.east.address, World.Region.west.address)
        case .settle: world.group.settle()
        case .abandon: world.group.abandon()
        case .foreign: world.group.promoteEast()
        case .unreadable: world.group.change { $0.failures = [Broken("read")] }
        case .refusal: world.group.change { $0.outcomes = [.fails(PromotionRefusal.refused(Broken("refused")))] }
        case .loss: world.group.change { $0.outcomes = [.fails(lost)] }
        case .lossAfter: world.group.change { $0.outcomes = [.acceptedThenFails(lost)] }
        case .pause:
            isPaused.toggle()
            pause.set(isPaused ? .paused(.init()) : .none)
        }
    }
}

/// SplitMix64: the same numbers in each run.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
