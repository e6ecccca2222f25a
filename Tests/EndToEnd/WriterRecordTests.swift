import Foundation
import LocalAWS
import Testing

@Suite("The records of an Aurora writer")
struct WriterRecordTests {
    typealias D = Deployment
    typealias Sample = LocalAWS.Sample

    private static let names = ["writer.example.com", "reader.example.com"]
    private static let variables = AuroraOrderTests.variables.merging([
        "WRITER_RECORD_NAME": names[0], "READER_RECORD_NAME": names[1],
    ]) { $1 }

    /// What the names lead to, as Route 53 has it.
    private static func targets(_ world: Deployment) -> [[String]?] {
        names.map { name in
            let sets = world.aws.world.snapshot.zones[Sample.zoneID]?.records ?? []
            return sets.first { $0.name == DNSName(name) }?.values
        }
    }

    private static func endpoints(_ world: Deployment, _ region: String) throws -> [[String]?] {
        let cluster = try #require(world.aws.dbCluster(Sample.cluster(in: region).id, region: region))
        return [[cluster.endpoint.description], [cluster.readerEndpoint.description]]
    }

    @Test("They are where the writer is: in place, and after a failover or a detachment", arguments: [false, true])
    func follow(isDetached: Bool) async throws {
        let clock = try MovedClock()
        let world = try await Deployment(
            aurora: true, variables: Self.variables.merging(clock.variables) { $1 })
        #expect(try await world.check(D.east).reason == "inPlace")
        #expect(try Self.targets(world) == Self.endpoints(world, D.east))
        #expect(try await world.check(D.west).reason == "standby")
        #expect(try Self.targets(world) == Self.endpoints(world, D.east))

        try world.aws.setHealthy(false, region: D.east)
        if isDetached {
            let result = try await AuroraOrderTests.promoter(world, ["detach", "--yes"])
            #expect(result.status == 0, "\(result.errors)")
        } else {
            #expect(try await world.check(D.west).decision == "promote")
            // Not before it is the writer.
            #expect(try Self.targets(world) == Self.endpoints(world, D.east))
        }
        world.finishFailover()
        try clock.pass(seconds: 60)
        #expect(try await world.check(D.west).reason == (isDetached ? "detached" : "inPlace"))
        #expect(try Self.targets(world) == Self.endpoints(world, D.west))

        // While nothing changes, it asks for nothing.
        world.aws.clearRequests()
        #expect(try await world.check(D.west).reason == (isDetached ? "detached" : "inPlace"))
        #expect(world.aws.requests.map(\.operation) == [])
        await world.stop()
    }
}
