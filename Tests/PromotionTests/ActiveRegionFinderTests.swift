import AWSClient
import Failover
import NameResolution
import Promotion
import Testing

@Suite("Asking DNS for the active region")
struct ActiveRegionFinderTests {
    static let targets = World.Region.allCases.map { Journal.Event.lookUp($0.target) }

    @Test("The first time reads the record set once and looks every target up once")
    func first() async throws {
        let world = World()
        #expect(try await world.finder().find(deadline: world.deadline) == .region("us-east-1"))
        let events = world.journal.take()
        #expect(events.count == 4)
        #expect(events.prefix(2) == [.lookUp(World.name), .records(World.name)])
        for target in Self.targets { #expect(events.contains(target)) }
    }

    @Test("After warming up, not even the first time asks for more than the name")
    func warm() async throws {
        let world = World()
        let finder = world.finder()
        try await finder.warmUp(deadline: world.deadline)
        #expect(world.journal.take().count == 3)
        #expect(try await finder.find(deadline: world.deadline) == .region("us-east-1"))
        #expect(world.journal.take() == [.lookUp(World.name)])
    }

    @Test("While nothing changes it is one look-up; another region is believed only by what its targets resolve to now")
    func steady() async throws {
        let world = World()
        let finder = world.finder()
        _ = try await finder.find(deadline: world.deadline)
        _ = world.journal.take()
        var last = World.Region.east
        for region in [World.Region.east, .east, .west, .west, .east] {
            world.pointDNS(to: region)
            world.clock.advance(by: .seconds(60))
            #expect(try await finder.find(deadline: world.deadline) == .region(region.rawValue))
            let events = world.journal.take()
            #expect(events.first == .lookUp(World.name))
            #expect(Set(events.dropFirst()) == (region == last ? [] : Set(Self.targets)))
            last = region
        }
    }

    @Test("The targets are looked up again once an hour")
    func hourly() async throws {
        let world = World()
        let finder = world.finder()
        for minutes in [0, 59, 1, 59, 1] {
            world.clock.advance(by: .seconds(60 * minutes))
            #expect(try await finder.find(deadline: world.deadline) == .region("us-east-1"))
            let events = world.journal.take()
            #expect(events.lookUps(of: World.Region.east.target) == (minutes == 59 ? 0 : 1))
            #expect(events.recordReads == (minutes == 0 ? 1 : 0))
        }
    }

    @Test("An address that was the own region's of old and is the other's now does not make the own one active")
    func movedAddress() async throws {
        let world = World()
        world.resolver.set(World.Region.west.target, "10.2.0.1", "10.5.0.5")
        let finder = world.finder()
        #expect(try await finder.find(deadline: world.deadline) == .region("us-east-1"))
        world.clock.advance(by: .seconds(1800))
        world.resolver.set(World.Region.west.target, "10.2.0.1")
        world.resolver.set(World.Region.east.target, "10.5.0.5")
        world.resolver.set(World.name, "10.5.0.5")
        #expect(try await finder.find(deadline: world.deadline) == .region("us-east-1"))
    }

    @Test("Labels that were swapped are read again before another region is believed, if they can be")
    func swappedLabels() async throws {
        let plain = { (address: String, region: String) in
            RecordSetReaderTests.plain(
                "A", address, set: region, failover: region == "us-east-1" ? .primary : .secondary)
        }
        for readable in [true, false] {
            let world = World()
            world.records.set([plain("10.1.0.1", "us-east-1"), plain("10.2.0.1", "us-west-2")])
            let finder = world.finder()
            #expect(try await finder.find(deadline: world.deadline) == .region("us-east-1"))
            world.clock.advance(by: .seconds(60))
            world.records.set([plain("10.2.0.1", "us-east-1"), plain("10.1.0.1", "us-west-2")])
            if !readable { world.records.fail(Broken("gone")) }
            world.resolver.set(World.name, "10.2.0.1")
            #expect(try await finder.find(deadline: world.deadline) == .region(readable ? "us-east-1" : "us-west-2"))
        }
    }

    @Test("A region whose record is gone when the records are read again is not believed, whatever DNS still answers")
    func removedRecord() async throws {
        let plain = { (address: String, region: String) in
            RecordSetReaderTests.plain(
                "A", address, set: region, failover: region == "us-east-1" ? .primary : .secondary)
        }
        for rest in [[plain("10.1.0.9", "us-east-1")], []] {
            let world = World()
            world.records.set([plain("10.1.0.1", "us-east-1"), plain("10.2.0.1", "us-west-2")])
            let finder = world.finder()
            #expect(try await finder.find(deadline: world.deadline) == .region("us-east-1"))
            world.clock.advance(by: .seconds(60))
            world.records.set(rest)
            world.resolver.set(World.name, "10.2.0.1")
            let expected = ActiveRegion.Ignorance.noRecordMatches(answer: ["10.2.0.1"])
            for _ in 0..<2 {
                #expect(
                    try await finder.find(deadline: world.deadline) == .unknown(rest.isEmpty ? .noRecords : expected))
            }
        }
    }

    @Test("Records that send each client elsewhere have no active region")
    func routingByClient() async throws {
        let world = World()
        world.records.set([
            RecordSetReaderTests.alias(to: World.Region.east.target, set: "one", latency: "us-east-1"),
            RecordSetReaderTests.alias(to: World.Region.west.target, set: "two", latency: "us-west-2"),
        ])
        world.pointDNS(to: .west)
        #expect(
            try await world.finder().find(deadline: world.deadline) == .unknown(.routingByClient(policy: "latency")))
    }

    @Test("New addresses of a known target cost look-ups of the targets, but no read of the records")
    func newAddresses() async throws {
        let world = World()
        let finder = world.finder()
        _ = try await finder.find(deadline: world.deadline)
        _ = world.journal.take()
        world.resolver.set(World.Region.west.target, "10.2.0.9")
        world.resolver.set(World.name, "10.2.0.9")
        #expect(try await finder.find(deadline: world.deadline) == .region("us-west-2"))
        let events = world.journal.take()
        #expect(events.count == 3)
        #expect(events.recordReads == 0)
        #expect(try await finder.find(deadline: world.deadline) == .region("us-west-2"))
        #expect(world.journal.take() == [.lookUp(World.name)])
    }

    @Test("A record set with other targets is read anew")
    func newRecords() async throws {
        let world = World()
        let finder = world.finder()
        _ = try await finder.find(deadline: world.deadline)
        _ = world.journal.take()
        world.records.set([RecordSetReaderTests.plain("A", "10.7.0.1", set: "eu-west-1")])
        world.resolver.set(World.name, "10.7.0.1")
        #expect(try await finder.find(deadline: world.deadline) == .region("eu-west-1"))
        let events = world.journal.take()
        #expect(events.prefix(1) == [.lookUp(World.name)])
        // Looking the known targets up again comes first: it costs no call of a service.
        let lookUps = events.dropFirst().prefix(2)
        #expect(Self.targets.allSatisfy { lookUps.contains($0) })
        #expect(events.suffix(1) == [.records(World.name)])
    }

    @Test("An answer that fits nothing has the record set read once a check, and no more")
    func noMatch() async throws {
        let world = World()
        let finder = world.finder()
        world.resolver.set(World.name, "10.9.0.2", "10.9.0.1")
        for check in 0..<5 {
            #expect(
                try await finder.find(deadline: world.deadline)
                    == .unknown(.noRecordMatches(answer: ["10.9.0.1", "10.9.0.2"])))
            let events = world.journal.take()
            #expect(events.recordReads == 1)
            #expect(events.lookUps(of: World.name) == 1)
            // The first has just looked them up; after that before and after the records are read.
            #expect(events.lookUps(of: World.Region.east.target) == (check == 0 ? 1 : 2))
        }
    }

    @Test("A zone without records of the name is asked once a check")
    func noRecords() async throws {
        let world = World()
        world.records.set([])
        let finder = world.finder()
        for _ in 0..<3 {
            #expect(try await finder.find(deadline: world.deadline) == .unknown(.noRecords))
            #expect(world.journal.take() == [.lookUp(World.name), .records(World.name)])
        }
    }

    @Test("A record without a readable region is read again by the next check, as somebody may have mended it")
    func unreadable() async throws {
        let world = World()
        let finder = world.finder()
        world.resolver.set(World.name, "10.7.0.1")
        world.records.set([RecordSetReaderTests.plain("A", "10.7.0.1", set: "blue")])
        let unknown = ActiveRegion.unknown(.regionNotReadable(record: "blue", target: "10.7.0.1"))
        for _ in 0..<2 {
            #expect(try await finder.find(deadline: world.deadline) == unknown)
            #expect(world.journal.take() == [.lookUp(World.name), .records(World.name)])
        }
        world.records.set([RecordSetReaderTests.plain("A", "10.7.0.1", set: "us-west-2")])
        #expect(try await finder.find(deadline: world.deadline) == .region("us-west-2"))
    }

    static let failures: [(ResolutionError.Code, ActiveRegion.NameFailure)] = [
        (.notFound, .notFound), (.noData, .noAddresses), (.temporary, .temporary), (.timedOut, .timedOut),
        (.cancelled, .failed("why")), (.invalidName, .failed("why")), (.failed(-4), .failed("why")),
    ]

    @Test("A name that does not resolve is a region not known, and nobody else is asked", arguments: failures)
    func unresolved(_ code: ResolutionError.Code, _ expected: ActiveRegion.NameFailure) async throws {
        let world = World()
        let finder = world.finder()
        world.resolver.fail(World.name, code, reason: "why")
        #expect(try await finder.find(deadline: world.deadline) == .unknown(.nameNotResolved(expected)))
        #expect(world.journal.take() == [.lookUp(World.name)])
        #expect(await finder.lastAnswer == nil)
    }

    @Test("The last answer is that of the last time, or none")
    func lastAnswer() async throws {
        let world = World()
        let finder = world.finder()
        _ = try await finder.find(deadline: world.deadline)
        #expect(await finder.lastAnswer?.addresses == [IPAddress("10.1.0.1")].compactMap { $0 })
        world.resolver.fail(World.name, .temporary)
        _ = try await finder.find(deadline: world.deadline)
        #expect(await finder.lastAnswer == nil)
    }

    @Test(
        "A target that does not resolve keeps no other from being matched",
        arguments: [ResolutionError.Code.notFound, .temporary, .timedOut])
    func downRegion(_ code: ResolutionError.Code) async throws {
        let world = World()
        world.resolver.fail(World.Region.east.target, code)
        world.pointDNS(to: .west)
        #expect(try await world.finder().find(deadline: world.deadline) == .region("us-west-2"))
    }

    @Test("A target that stops resolving is still known by the addresses that it had")
    func remembered() async throws {
        let world = World()
        let finder = world.finder()
        _ = try await finder.find(deadline: world.deadline)
        world.resolver.fail(World.Region.east.target, .temporary)
        world.resolver.set(World.name, "10.9.9.9")
        _ = try await finder.find(deadline: world.deadline)
        world.pointDNS(to: .east)
        #expect(try await finder.find(deadline: world.deadline) == .region("us-east-1"))
    }

    @Test("An answer that fits several regions has the targets looked at anew, and holds if it still does")
    func ambiguous() async throws {
        let world = World()
        let finder = world.finder()
        _ = try await finder.find(deadline: world.deadline)
        // The west gives up an address that the east then has.
        world.resolver.set(World.Region.west.target, "10.2.0.1", "10.5.0.5")
        world.resolver.set(World.name, "10.5.0.5")
        #expect(try await finder.find(deadline: world.deadline) == .region("us-west-2"))
        world.resolver.set(World.Region.west.target, "10.2.0.1")
        world.resolver.set(World.Region.east.target, "10.1.0.1", "10.5.0.5")
        world.resolver.set(World.name, "10.1.0.1", "10.5.0.5")
        world.clock.advance(by: .seconds(60))
        _ = world.journal.take()
        #expect(try await finder.find(deadline: world.deadline) == .region("us-east-1"))
        #expect(world.journal.take().recordReads == 0)

        // Now both have it. That one of them once does not resolve must not decide for the other.
        world.resolver.set(World.Region.west.target, "10.2.0.1", "10.5.0.5")
        world.resolver.set(World.name, "10.5.0.5")
        let both = ActiveRegion.ambiguous(["us-east-1", "us-west-2"])
        for code in [nil, ResolutionError.Code.temporary, nil] {
            world.clock.advance(by: .seconds(60))
            if let code {
                world.resolver.fail(World.Region.east.target, code)
            } else {
                world.resolver.set(World.Region.east.target, "10.1.0.1", "10.5.0.5")
            }
            #expect(try await finder.find(deadline: world.deadline) == both)
        }
    }

    @Test("A record set that cannot be read again stays good for the answers that it explains")
    func kept() async throws {
        let world = World()
        let finder = world.finder()
        _ = try await finder.find(deadline: world.deadline)
        world.records.fail(Broken("gone"))
        world.resolver.set(World.name, "10.9.9.9")
        let error = await thrown(Broken.self) { try await finder.find(deadline: world.deadline) }
        #expect(error == Broken("gone"))
        _ = world.journal.take()
        world.pointDNS(to: .west)
        #expect(try await finder.find(deadline: world.deadline) == .region("us-west-2"))
        #expect(world.journal.take() == [.lookUp(World.name)])
    }

    @Test("A read of the records that fails is thrown, and the next check asks again")
    func failedRead() async throws {
        let world = World()
        let finder = world.finder()
        world.records.fail(Broken("first"), Broken("second"))
        for what in ["first", "second"] {
            let error = await thrown(Broken.self) { try await finder.find(deadline: world.deadline) }
            #expect(error == Broken(what))
        }
        #expect(try await finder.find(deadline: world.deadline) == .region("us-east-1"))
        #expect(world.journal.take().recordReads == 3)
    }

    @Test(
        "Look-ups of targets may take half of the time, and five seconds: one that hangs leaves time to act",
        arguments: [(8, 4), (10, 5), (60, 5)])
    func deadlines(seconds: Int, forTargets: Int) async throws {
        let world = World()
        let deadline = world.clock.now + .seconds(seconds)
        _ = try await world.finder().find(deadline: deadline)
        for (event, given) in world.journal.takeEntries() {
            #expect(given == (Self.targets.contains(event) ? world.clock.now + .seconds(forTargets) : deadline))
        }
    }
}
