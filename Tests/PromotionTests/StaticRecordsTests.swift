import Failover
import NameResolution
import Promotion
import Testing

@Suite("Records that the user names")
struct StaticRecordsTests {
    let world = World()

    private func promoter(_ targets: [String: [String]]) -> Promoter {
        let world = world
        return Promoter(
            identity: .init(dnsName: World.name, groupID: World.groupID, ownRegion: "us-west-2"), policy: Policy(),
            timing: .init(now: { world.clock.now }, sleep: { world.clock.pass($0) }),
            finder: ActiveRegionFinder(
                name: World.name, source: StaticRecords(targets: targets), resolver: world.resolver,
                now: { world.clock.now }),
            service: world.group, calls: CallLog())
    }

    static let named = Dictionary(uniqueKeysWithValues: World.Region.allCases.map { ($0.rawValue, [$0.target]) })
    static let addressed = Dictionary(uniqueKeysWithValues: World.Region.allCases.map { ($0.rawValue, [$0.address]) })

    @Test("are those that DNS is compared with, and Route 53 is never asked", arguments: [named, addressed])
    func neverRead(_ targets: [String: [String]]) async throws {
        let promoter = promoter(targets)
        #expect(await promoter.warmUp(deadline: world.deadline).isEmpty)
        #expect(try await promoter.decision(in: world) == .hold(.standby(activeRegion: "us-east-1")))
        // What no target explains is no reason to ask either.
        world.resolver.set(World.name, "10.9.9.9")
        #expect(
            try await promoter.decision(in: world) == .hold(.unknown(.noRecordMatches(answer: ["10.9.9.9"]))))
        world.resolver.fail(World.name, .timedOut)
        _ = try await promoter.decision(in: world)
        world.pointDNS(to: .west)
        world.clock.advance(by: .seconds(7200))
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
        #expect(world.journal.take().recordReads == 0)
    }

    @Test("may be several of a region, names and addresses, in any case and with a final dot")
    func several() async throws {
        let promoter = promoter([
            "us-west-2": ["10.2.0.9", "WEB-1.us-west-2.elb.amazonaws.com.", "2001:db8::1"],
            "us-east-1": [World.Region.east.target],
        ])
        for address in [World.Region.west.address, "10.2.0.9", "2001:db8::1"] {
            world.resolver.set(World.name, address)
            let result = try await promoter.check(deadline: world.deadline)
            #expect(result.observation.active == .region("us-west-2"))
        }
    }

    @Test("of two regions with one target are ambiguous")
    func ambiguous() async throws {
        let promoter = promoter(["us-west-2": ["10.2.0.1"], "us-east-1": ["10.2.0.1"]])
        world.pointDNS(to: .west)
        #expect(try await promoter.decision(in: world) == .hold(.ambiguous(["us-east-1", "us-west-2"])))
    }
}
