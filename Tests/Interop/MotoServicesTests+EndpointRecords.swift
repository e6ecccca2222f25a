import AWSClient
import EndpointRecords
import Synchronization
import Testing

extension MotoServicesTests {
    /// The nodes of `rg`, the first of them its primary, and where `read1.example.com` and so on point then.
    private static let steps: [(nodes: [Int], records: [String])] = [
        ([1, 2, 3], ["read1 2", "read2 3"]), ([2, 1, 3], ["read1 1", "read2 3"]), ([1, 2, 3], ["read1 2", "read2 3"]),
        ([1, 2, 3, 4], ["read1 2", "read2 3", "read3 4"]), ([1, 2, 4], ["read1 2", "read3 4"]),
        ([1, 2, 3, 4], ["read1 2", "read2 3", "read3 4"]), ([4, 2, 3, 5], ["read1 2", "read2 3", "read3 5"]), ([4], []),
    ]

    /// Records of a cluster in moto's Route 53.
    func endpointRecords(_ moto: MotoServices) async throws {
        // With the time to live of what boto3 has made, so that what is left of them would show.
        let settings = try RecordSettings(
            replicationGroupID: "rg", region: "us-west-2", replicaName: "read.example.com",
            weightedName: "all.example.com", ttl: 60, whenNoReplicas: .delete)
        let cluster = Cluster()
        let route53 = Route53(moto.client)
        let zone = Route53Zone(route53, id: moto.made.zone)
        let sync = RecordSync(settings: settings, zone: zone, cluster: cluster)
        for step in Self.steps {
            cluster.nodes.withLock { $0 = step.nodes }
            let report = try await sync.sync(deadline: .now + .seconds(30))
            #expect(report.batches.allSatisfy { $0.timeToSync != nil })
            let sets = try await zone.recordSets(numberedAfter: "read.example.com", deadline: .now + .seconds(30))
            #expect(
                sets.map { "\($0.name.prefix { $0 != "." }) \($0.values[0].dropFirst(5).prefix(1))" } == step.records)
            let weighted = try await route53.listResourceRecordSets(
                hostedZoneID: moto.made.zone, name: "all.example.com", deadline: .now + .seconds(30))
            #expect(
                Set(weighted.compactMap(\.setIdentifier)) == Set(step.nodes.dropFirst().map { "rg-00\($0)" }))
            #expect(try await sync.plan(deadline: .now + .seconds(30)).planned.isEmpty)
        }
    }

    private final class Cluster: ClusterService {
        let nodes = Mutex<[Int]>([])

        func describeReplicationGroup(id: String, deadline: ContinuousClock.Instant) async throws -> ReplicationGroup {
            let members = nodes.withLock { $0 }.enumerated().map { place, node in
                ReplicationGroup.Member(
                    cacheClusterID: "rg-00\(node)", currentRole: place == 0 ? "primary" : "replica",
                    readEndpoint: .init(address: "rg-00\(node).rg.abc123.usw2.cache.amazonaws.com"))
            }
            return ReplicationGroup(
                id: "rg", status: "available", nodeGroups: [.init(id: "0001", members: members)])
        }

        func describeGlobalReplicationGroup(
            id: String, deadline: ContinuousClock.Instant
        ) async throws -> GlobalReplicationGroup {
            throw AWSError(.notFound, "there is none")
        }
    }
}
