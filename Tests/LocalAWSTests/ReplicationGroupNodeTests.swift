import Foundation
import Testing

@testable import LocalAWS

/// The nodes of replication groups, and how they are told.
@Suite struct ReplicationGroupNodeTests {
    static func group(
        _ id: String = "rg", region: String = "us-east-1", shards: Int = 1, replicas: Int = 1,
        _ change: (inout ReplicationGroup.Options) -> Void = { _ in }
    ) -> ReplicationGroup {
        var options = ReplicationGroup.Options()
        options.clusterMode = shards > 1
        change(&options)
        return ReplicationGroup(id: id, region: region, shards: shards, replicas: replicas, options: options)
    }

    // MARK: Names

    struct Names: Sendable {
        var clusterMode: Bool
        var tls: Bool
        var region = "us-east-1"
        /// Configuration, primary, reader, first node; `*` for the letters that AWS makes up.
        var names: [String?]
    }

    @Test(
        "Endpoints have the forms that AWS gives them",
        arguments: [
            Names(
                clusterMode: false, tls: true,
                names: [nil, "master.rg.*.use1", "replica.rg.*.use1", "rg-001.rg.*.use1"]),
            Names(
                clusterMode: false, tls: false,
                names: [nil, "rg.*.ng.0001.use1", "rg-ro.*.ng.0001.use1", "rg-001.*.0001.use1"]),
            Names(
                clusterMode: true, tls: true, names: ["clustercfg.rg.*.use1", nil, nil, "rg-0001-001.rg.*.use1"]),
            Names(
                clusterMode: true, tls: false, names: ["rg.*.clustercfg.use1", nil, nil, "rg-0001-001.*.0001.use1"]),
        ])
    func endpoints(_ names: Names) throws {
        let group = Self.group { ($0.clusterMode, $0.tls) = (names.clusterMode, names.tls) }
        let node = try #require(group.nodes.first)
        let found = [
            group.configurationEndpoint, group.primaryEndpoint, group.readerEndpoint, group.endpoint(of: node),
        ]
        let hashes = zip(found, names.names).compactMap { found, expected -> Substring? in
            guard let found, let expected else {
                #expect(found == expected)
                return nil
            }
            let parts = "\(expected).cache.amazonaws.com".split(separator: "*")
            #expect(found.hasPrefix(parts[0]) && found.hasSuffix(parts[1]))
            let hash = found.dropFirst(parts[0].count).dropLast(parts[1].count)
            #expect(hash.wholeMatch(of: /[a-z0-9]{6}/) != nil)
            return hash
        }
        #expect(Set(hashes).count == 1, "one for the whole group")
    }

    @Test(
        "The region is in an endpoint in its short form",
        arguments: [
            ("us-east-1", "use1"), ("us-west-2", "usw2"), ("eu-central-1", "euc1"), ("ap-southeast-2", "apse2"),
            ("ap-northeast-3", "apne3"), ("ca-central-1", "cac1"), ("me-south-1", "mes1"), ("us-gov-west-1", "usgw1"),
            ("cn-north-1", "cnn1"), ("cn-northwest-1", "cnw1"), ("eu-south-2", "eus2"),
        ])
    func regionCodes(_ region: String, _ code: String) {
        #expect(RegionCode.short(of: region) == code)
        let end = region.hasPrefix("cn-") ? ".cn" : ""
        #expect(Self.group(region: region).primaryEndpoint?.hasSuffix(".\(code).cache.amazonaws.com\(end)") == true)
    }

    @Test func `Nodes are numbered in their shard, and a free number is taken again`() {
        var group = Self.group(shards: 2, replicas: 2)
        #expect(
            group.nodes.map(\.id) == [
                "rg-0001-001", "rg-0001-002", "rg-0001-003", "rg-0002-001", "rg-0002-002", "rg-0002-003",
            ])
        group.finishRemoving(["rg-0001-002"])
        #expect(group.newNode(in: group.shards[0]).id == "rg-0001-002")
        #expect(group.newNode(in: group.shards[1]).id == "rg-0002-004")
        #expect(Self.group(replicas: 2).nodes.map(\.id) == ["rg-001", "rg-002", "rg-003"])
    }

    // MARK: How they are told

    private func describe(_ aws: LocalAWS, _ operation: String = "DescribeReplicationGroups", _ id: String? = nil)
        async throws -> String
    {
        let parameters = id.map { ["ReplicationGroupId": $0] } ?? [:]
        return try await aws.ask(LocalAWS.query(operation, parameters, region: "us-east-1")).body
    }

    @Test func `A group without cluster mode tells the role and the endpoint of each node`() async throws {
        let aws = try LocalAWS.sample()
        aws.put(Self.group(replicas: 2))
        let body = try await describe(aws, "DescribeReplicationGroups", "rg")
        #expect(body.elements("CurrentRole") == ["primary", "replica", "replica"])
        #expect(body.elements("CacheClusterId") == ["rg-001", "rg-002", "rg-003"])
        #expect(body.elements("ClusterId") == ["rg-001", "rg-002", "rg-003"])
        #expect(body.elements("ReadEndpoint").count == 3)
        #expect(body.element("PrimaryEndpoint")?.element("Port") == "6379")
        #expect(body.element("NodeGroupId") == "0001")
        #expect(body.element("Slots") == nil)
        #expect(body.element("ConfigurationEndpoint") == nil)
    }

    @Test("In cluster mode roles and endpoints of nodes are told on request only", arguments: [false, true])
    func clusterMode(_ tellsNodes: Bool) async throws {
        let aws = try LocalAWS.sample()
        aws.put(Self.group(shards: 3) { $0.tellsNodes = tellsNodes })
        let body = try await describe(aws, "DescribeReplicationGroups", "rg")
        #expect(body.elements("NodeGroupId") == ["0001", "0002", "0003"])
        #expect(body.elements("CurrentRole").count == (tellsNodes ? 6 : 0))
        #expect(body.elements("ReadEndpoint").count == (tellsNodes ? 6 : 0))
        #expect(body.elements("Slots") == ["0-5461", "5462-10922", "10923-16383"])
        #expect(body.element("ConfigurationEndpoint")?.element("Address")?.hasPrefix("clustercfg.rg.") == true)
        #expect(body.elements("PrimaryEndpoint").isEmpty && body.elements("ReaderEndpoint").isEmpty)
        #expect(body.element("ClusterEnabled") == "true")
    }

    @Test func `Each member of a datastore has a primary and a replica unless it is described otherwise`() async throws
    {
        let aws = try LocalAWS.sample()
        #expect(aws.replicationGroup("sessions-use1", region: "us-east-1")?.nodes.map(\.role) == [.primary, .replica])
        aws.put(Self.group("sessions-use1", replicas: 5))
        try aws.world.update { _ in }
        #expect(aws.replicationGroup("sessions-use1", region: "us-east-1")?.nodes.count == 6)
        #expect(aws.replicationGroup("sessions-use1", region: "us-west-2") == nil)
    }

    @Test func `The nodes are the clusters that DescribeCacheClusters tells`() async throws {
        let aws = try LocalAWS.sample()
        aws.put(Self.group(shards: 2))
        let all = try await describe(aws, "DescribeCacheClusters")
        let nodes = ["rg-0001-001", "rg-0001-002", "rg-0002-001", "rg-0002-002"]
        #expect(all.elements("CacheClusterId") == nodes + ["sessions-use1-001", "sessions-use1-002"])
        #expect(all.elements("CacheNode").isEmpty)
        func ask(_ parameters: [String: String]) async throws -> (status: Int, body: String) {
            try await aws.ask(LocalAWS.query("DescribeCacheClusters", parameters, region: "us-east-1"))
        }
        let one = try await ask(["CacheClusterId": "RG-0002-001", "ShowCacheNodeInfo": "true"]).body
        #expect(one.element("ReplicationGroupId") == "rg")
        #expect(one.element("CacheNodeStatus") == "available")
        #expect(one.element("Address")?.hasPrefix("rg-0002-001.rg.") == true)
        let unknown = try await ask(["CacheClusterId": "rg-0003-001"])
        #expect(unknown.status == 404)
        #expect(unknown.body.element("Code") == "CacheClusterNotFound")
        let others = try await ask(["ShowCacheClustersNotInReplicationGroups": "true"]).body
        #expect(others.elements("CacheCluster").isEmpty)
    }

    @Test func `The lag is that of the node that replicates from the other region`() async throws {
        let aws = try LocalAWS.sample()
        let key = ReplicationGroup.Key(region: "us-west-2", id: "sessions-usw2")
        func nodes() -> [String?] {
            let now = aws.clock.now
            return ReplicationLag.all(in: aws.world.snapshot, now: now, worldNow: now)
                .map { $0.metric.dimensions["CacheClusterId"] }
        }
        #expect(nodes() == ["sessions-usw2-001"])
        try aws.failOver(key)
        aws.clock.advance(by: .seconds(60))
        #expect(nodes() == ["sessions-usw2-002"])
        aws.put(Self.group("sessions-usw2", region: "us-west-2", shards: 2))
        #expect(nodes() == ["sessions-usw2-0001-001", "sessions-usw2-0002-001"])
    }
}
