import Foundation
import LocalAWS
import Testing

@Suite("While nothing changes")
struct SteadyStateTests {
    typealias D = Deployment

    @Test("A hundred checks make no call to AWS, in either region", arguments: [D.east, D.west])
    func noCalls(region: String) async throws {
        let world = try await Deployment(regions: [region])
        let expected = region == D.east ? "inPlace" : "standby"
        #expect(try await world.check(region).reason == expected)
        world.aws.clearRequests()
        for _ in 0..<100 { #expect(try await world.check(region).reason == expected) }
        #expect(world.aws.requests.map(\.operation) == [])
        await world.stop()
    }

    @Test("A start costs two calls, made before the first event is asked for")
    func start() async throws {
        let world = try await Deployment(regions: [D.east])
        #expect(try await world.check(D.east).calls == [])
        #expect(
            world.aws.requests.map(\.operation).sorted() == [
                "DescribeGlobalReplicationGroups", "ListResourceRecordSets",
            ])
        await world.stop()
    }

    @Test("A balancer that answers with other addresses each time costs no call either")
    func changingAddresses() async throws {
        let target = LocalAWS.Sample.target(in: D.east)
        let world = try await Deployment(regions: [D.east]) { aws in
            try aws.world.update { $0.targets[target.name]?.addresses = (1...40).map { "10.1.1.\($0)" } }
        }
        #expect(try await world.check(D.east).reason == "inPlace")
        world.aws.clearRequests()
        for _ in 0..<20 {
            // Eight other ones: none that was seen before, until they come round again.
            try world.aws.rotateAddresses(ofTarget: target.name.withoutFinalDot, by: 8)
            #expect(try await world.check(D.east).reason == "inPlace")
        }
        #expect(world.aws.requests.map(\.operation) == [])
        await world.stop()
    }

    @Test("A zone of 5,000 records costs as many requests as one of 5")
    func largeZone() async throws {
        var counts: [Int: [String]] = [:]
        for size in [5, 5000] {
            let world = try await Deployment(regions: [D.east]) { aws in
                try aws.world.update { state in
                    // Before and after the watched name in Route 53's order, so that neither helps.
                    for number in 0..<size {
                        let name = DNSName("\(number % 2 == 0 ? "a" : "z")\(number).example.com")
                        state.zones[LocalAWS.Sample.zoneID]?.put(
                            RecordSet(name: name, type: "A", ttl: 60, values: ["192.0.2.1"]))
                    }
                }
            }
            #expect(try await world.check(D.east).reason == "inPlace")
            counts[size] = world.aws.requests.map(\.operation).sorted()
            await world.stop()
        }
        #expect(counts[5000] == counts[5])
        #expect(counts[5]?.count == 2)
    }

    @Test("A thousand invocations back to back leave no more memory in use")
    func memory() async throws {
        let world = try await Deployment(regions: [D.east, D.west])
        for region in [D.east, D.west] {
            let process = try #require(world.processes[region])
            // The first ones fill the caches and the allocator's pools.
            for _ in 0..<200 { _ = try await world.check(region) }
            let before = try #require(process.residentMemory)
            for _ in 0..<1000 { _ = try await world.check(region) }
            let after = try #require(process.residentMemory)
            // A leak of one small object an invocation would be more: 1,000 times 300 bytes.
            #expect(after - before < 300, "from \(before) to \(after) KiB")
        }
        await world.stop()
    }
}
