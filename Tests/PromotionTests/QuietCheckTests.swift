import Failover
import NameResolution
import Promotion
import Testing

/// Checks that find nothing to do, and what they may cost.
@Suite("A check that finds nothing to do")
struct QuietCheckTests {
    @Test(
        "calls no service after the first, in whichever region, warmed up or not", arguments: World.Region.allCases,
        [true, false])
    func steadyState(active: World.Region, warm: Bool) async throws {
        let world = World()
        if active == .west { world.group.change { $0.group = Self.westIsPrimary($0.group) } }
        world.pointDNS(to: active)
        let promoter = world.promoter()
        if warm { _ = await promoter.warmUp(deadline: world.deadline) }
        let expected = Decision.hold(active == .west ? .inPlace : .standby(activeRegion: "us-east-1"))
        #expect(try await promoter.decision(in: world) == expected)
        #expect(world.journal.take().serviceCalls.count == (active == .west || warm ? 2 : 1))
        var lookUps = 0
        for _ in 0..<100 {
            world.clock.advance(by: .seconds(60))
            #expect(try await promoter.decision(in: world) == expected)
            let events = world.journal.take()
            #expect(events.serviceCalls == [])
            #expect(events.lookUps(of: World.name) == 1)
            lookUps += events.count
        }
        // One a check; and once an hour those of the two targets.
        #expect(lookUps == 100 + 2)
    }

    static func westIsPrimary(_ group: GlobalGroup) -> GlobalGroup {
        var group = group
        for index in group.members.indices {
            group.members[index].role = group.members[index].region == "us-west-2" ? .primary : .secondary
        }
        return group
    }

    static let ages: [(Duration?, checks: [Int], reads: Int)] = [
        (nil, [0, 60, 119, 180, 260], 1),
        (.seconds(60), [0, 30, 59], 1),
        (.seconds(60), [0, 60, 119, 120], 3),
        (.seconds(60), [0, 10, 20, 90, 100], 2),
    ]

    @Test("Members are read again when they are as old as they may get", arguments: ages)
    func cacheMaxAge(_ maximum: Duration?, checks: [Int], reads: Int) async throws {
        let world = World()
        world.group.change { $0.group = Self.westIsPrimary($0.group) }
        world.pointDNS(to: .west)
        let promoter = world.promoter(cacheMaxAge: maximum)
        var elapsed = 0
        for second in checks {
            world.clock.advance(by: .seconds(second - elapsed))
            elapsed = second
            #expect(try await promoter.decision(in: world) == .hold(.inPlace))
        }
        #expect(world.journal.take().groupReads == reads)
    }

    @Test("Being primary while the group is changed is not remembered: the old primary is, until the swap")
    func inPlaceOnlyFor() async throws {
        let world = World()
        let truth = GroupTruth(world)
        world.pointDNS(to: .west)
        let promoter = world.promoter()
        // The other region's promotion is under way when DNS is back here.
        world.group.change { $0.group.status = "modifying" }
        #expect(try await promoter.decision(in: world) == .hold(.inPlace))
        truth.restore()
        world.group.change { $0.group.status = "available" }
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
    }

    @Test("On a schedule slower than a check every 90 s each check reads the members", arguments: [(90, 1), (91, 4)])
    func slowSchedule(seconds: Int, reads: Int) async throws {
        let world = World()
        _ = GroupTruth(world)
        world.pointDNS(to: .west)
        let promoter = world.promoter()
        for _ in 0..<4 {
            #expect(try await promoter.decision(in: world) == .hold(.inPlace))
            world.clock.advance(by: .seconds(seconds))
        }
        #expect(world.journal.take().groupReads == reads)
    }

    @Test("After checks that did not come the members are read anew: another region may have promoted meanwhile")
    func missingChecks() async throws {
        let world = World()
        let truth = GroupTruth(world)
        world.pointDNS(to: .west)
        let promoter = world.promoter()
        for _ in 0..<3 {
            #expect(try await promoter.decision(in: world) == .hold(.inPlace))
            world.clock.advance(by: .seconds(60))
        }
        // Nobody ran this function while DNS moved away and back.
        truth.restore()
        world.clock.advance(by: .seconds(600))
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
    }

    @Test("After such a gap the targets are looked at anew, too: the address may be the other region's by now")
    func movedAddressAfterGap() async throws {
        let world = World()
        _ = GroupTruth(world)
        world.pointDNS(to: .west)
        let promoter = world.promoter()
        #expect(try await promoter.decision(in: world) == .hold(.inPlace))
        world.resolver.set(World.Region.east.target, World.Region.west.address)
        world.resolver.set(World.Region.west.target, "10.2.0.9")
        world.clock.advance(by: .seconds(600))
        #expect(try await promoter.decision(in: world) == .hold(.standby(activeRegion: "us-east-1")))
    }

    @Test("Old members that say primary do not hide that the role has gone")
    func cacheMaxAgeFindsTheTruth() async throws {
        let world = World()
        let secondary = GroupTruth(world)
        world.pointDNS(to: .west)
        let promoter = world.promoter(cacheMaxAge: .seconds(60))
        #expect(try await promoter.decision(in: world) == .hold(.inPlace))
        secondary.restore()
        world.clock.advance(by: .seconds(60))
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
        #expect(world.journal.take().groupReads == 2)
    }

    /// The group with the west as primary, and the way back to what it was.
    struct GroupTruth {
        let world: World
        init(_ world: World) {
            self.world = world
            world.group.change { $0.group = QuietCheckTests.westIsPrimary($0.group) }
        }
        func restore() {
            world.group.change { state in
                for index in state.group.members.indices {
                    let isEast = state.group.members[index].region == "us-east-1"
                    state.group.members[index].role = isEast ? .primary : .secondary
                }
            }
        }
    }

    @Test("While DNS was not heard of, others may have promoted: the members are read anew", arguments: [true, false])
    func silenceForgetsMembers(isAmbiguous: Bool) async throws {
        let world = World()
        let truth = GroupTruth(world)
        world.pointDNS(to: .west)
        let promoter = world.promoter()
        #expect(try await promoter.decision(in: world) == .hold(.inPlace))
        if isAmbiguous {
            world.resolver.set(World.name, World.Region.east.address, World.Region.west.address)
            #expect(try await promoter.decision(in: world) == .hold(.ambiguous(["us-east-1", "us-west-2"])))
        } else {
            world.resolver.fail(World.name, .timedOut)
            #expect(try await promoter.decision(in: world) == .hold(.unknown(.nameNotResolved(.timedOut))))
        }
        truth.restore()
        world.pointDNS(to: .west)
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
    }

    @Test("A paused promoter asks nobody, not even DNS")
    func paused() async throws {
        let world = World()
        world.pointDNS(to: .west)
        let promoter = world.promoter(Policy(paused: true))
        _ = await promoter.warmUp(deadline: world.deadline)
        let result = try await promoter.check(deadline: world.deadline)
        #expect(result.decision == .hold(.paused))
        #expect(result.answer == nil)
        #expect(world.journal.take() == [])
    }

    @Test("A result tells what was seen")
    func result() async throws {
        let world = World()
        world.pointDNS(to: .west)
        let result = try await world.promoter(Policy(confirmations: 2)).check(deadline: world.deadline)
        #expect(result.observation.active == .region("us-west-2"))
        #expect(result.observation.group.group?.id == World.groupID)
        #expect(result.answer?.addresses == [IPAddress("10.2.0.1")].compactMap { $0 })
        #expect(result.identity.dnsName == World.name)
        #expect(result.duration == .zero)
    }
}
