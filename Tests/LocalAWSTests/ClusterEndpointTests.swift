import Foundation
import Testing

@testable import LocalAWS

/// What DNS answers to the endpoints of a replication group, and to records that lead to them.
@Suite struct ClusterEndpointTests {
    private static let key = ReplicationGroup.Key(region: "us-east-1", id: "rg")

    private static func aws(_ group: ReplicationGroup = ReplicationGroupNodeTests.group(replicas: 2)) throws -> LocalAWS
    {
        let aws = try LocalAWS.sample()
        aws.put(group)
        return aws
    }

    private func group(_ aws: LocalAWS) throws -> ReplicationGroup {
        try #require(aws.replicationGroup("rg", region: "us-east-1"))
    }

    /// The nodes that a name leads to, by the ends of their numbers.
    private func nodes(_ name: String?, _ aws: LocalAWS) throws -> [String] {
        let group = try group(aws)
        let addresses = aws.world.snapshot.answers[DNSName(try #require(name))]?.addresses ?? []
        return addresses.map { address in
            group.nodes.first { group.address(of: $0) == address }.map { String($0.id.suffix(3)) } ?? address
        }
    }

    @Test func `The primary's name follows the primary, and the reader's the replicas`() throws {
        let aws = try Self.aws()
        let group = try group(aws)
        func view() throws -> [[String]] {
            [try nodes(group.primaryEndpoint, aws), try nodes(group.readerEndpoint, aws)]
        }
        #expect(try view() == [["001"], ["002", "003"]])
        try aws.failOver(Self.key)
        aws.clock.advance(by: .seconds(29))
        #expect(try view() == [["001"], ["002", "003"]], "until the failover is over")
        aws.clock.advance(by: .seconds(1))
        #expect(try view() == [["002"], ["001", "003"]])
        aws.put(ReplicationGroupNodeTests.group(replicas: 0))
        #expect(try view() == [["001"], ["001"]])
    }

    @Test func `A new replica has an answer when it has an endpoint, and one that is gone has none`() throws {
        let aws = try Self.aws()
        try aws.addReplicas(to: Self.key)
        aws.clock.advance(by: .seconds(299))
        #expect(try nodes(group(aws).readerEndpoint, aws) == ["002", "003"])
        aws.clock.advance(by: .seconds(1))
        let last = try #require(try group(aws).nodes.last)
        let name = try group(aws).endpoint(of: last)
        #expect(try nodes(name, aws) == ["004"])
        try aws.remove(replicas: [last.id], from: Self.key)
        aws.clock.advance(by: .seconds(60))
        #expect(try nodes(name, aws) == [])
    }

    @Test func `A cluster's configuration endpoint leads to all nodes`() throws {
        let aws = try Self.aws(ReplicationGroupNodeTests.group(shards: 18, replicas: 5))
        let group = try group(aws)
        let addresses = aws.world.snapshot.answers[DNSName(group.configurationEndpoint ?? "")]?.addresses ?? []
        #expect(Set(addresses) == Set(group.nodes.map(group.address)))
        #expect(Set(addresses).count == 108)
    }

    @Test func `A record that leads to a primary's name is told when it leads elsewhere, the name itself is not`()
        async throws
    {
        let aws = try Self.aws()
        let primary = try #require(try group(aws).primaryEndpoint)
        try aws.world.update { state in
            state.zones["Z0LOCALPROMOTER"]?.put(
                RecordSet(name: DNSName("cache.example.com"), type: "CNAME", ttl: 10, values: [primary]))
        }
        #expect(aws.activeRegion(of: "cache.example.com") == "us-east-1")
        #expect(aws.world.snapshot.answers[DNSName("cache.example.com")]?.canonicalName == DNSName(primary))
        let events = aws.events.stream()
        try aws.failOver(Self.key)
        aws.clock.advance(by: .seconds(30))
        let other = try #require(aws.replicationGroup("sessions-usw2", region: "us-west-2")?.primaryEndpoint)
        try aws.world.update { state in
            state.zones["Z0LOCALPROMOTER"]?.put(
                RecordSet(name: DNSName("cache.example.com"), type: "CNAME", ttl: 10, values: [other]))
        }
        var told: [String] = []
        for await event in events {
            guard case .answerChanged(let name, _, let to, _) = event.kind else { continue }
            told.append("\(name) \(to ?? "nowhere")")
            if to == "us-west-2" { break }
        }
        #expect(told == ["cache.example.com us-east-1", "cache.example.com us-west-2"])
    }
}
