import Foundation
import Testing

@testable import LocalAWS

/// What a replication group tells its topic.
@Suite struct ClusterEventTests {
    private static let key = ReplicationGroup.Key(region: "us-east-1", id: "rg")

    /// A group with two replicas and a topic, and what the topic was told: values by key, in order.
    private static func world() throws -> (aws: LocalAWS, told: () throws -> [[String: String]]) {
        let aws = try LocalAWS.sample()
        let topic = aws.addTopic("events", region: "us-east-1")
        aws.put(ReplicationGroupNodeTests.group(replicas: 2))
        try aws.update(key) { $0.topicARN = topic }
        return (aws, { try aws.messages(topic).map { try object($0.message) } })
    }

    /// Each member of the datastore has a topic.
    private static func sample() throws -> LocalAWS {
        let aws = try LocalAWS.sample()
        for region in ["us-east-1", "us-west-2"] {
            let key = ReplicationGroup.Key(region: region, id: LocalAWS.Sample.member(in: region))
            try aws.update(key) { $0.topicARN = LocalAWS.Sample.topicARN(in: region) }
        }
        return aws
    }

    private static func object(_ message: String) throws -> [String: String] {
        try JSONDecoder().decode([String: String].self, from: Data(message.utf8))
    }

    private func ask(_ operation: String, _ parameters: [String: String], _ aws: LocalAWS) async throws -> Int {
        let parameters = parameters.merging(["ReplicationGroupId": "rg"]) { own, _ in own }
        return try await aws.ask(LocalAWS.query(operation, parameters, region: "us-east-1")).status
    }

    private static let failover: [[String: String]] = [
        ["ElastiCache:FailoverComplete": "rg-002"],
        [
            "ElastiCache:FailoverComplete": "rg", "Cache Cluster ID": "rg-002", "Replication Group ID": "rg",
        ],
        ["ElastiCache:CacheNodeReplaceStarted": "rg-001", "Replication Group ID": "rg"],
    ]
    private static let recovery = [
        "ElastiCache:CacheNodeReplaceComplete": "rg-001", "Replication Group ID": "rg",
    ]

    @Test func `A failover is told of the node and of the group, when it is over, and then that the lost node is back`()
        async throws
    {
        let (aws, told) = try Self.world()
        try aws.failOver(Self.key)
        aws.clock.advance(by: .seconds(29))
        #expect(try told().isEmpty)
        aws.clock.advance(by: .seconds(1))
        #expect(try told() == Self.failover)
        aws.clock.advance(by: .seconds(120))
        #expect(try told() == Self.failover + [Self.recovery])
    }

    @Test func `A test failover is told when it is called, too`() async throws {
        let (aws, told) = try Self.world()
        #expect(try await ask("TestFailover", ["NodeGroupId": "0001"], aws) == 200)
        let called = ["ElastiCache:TestFailoverApiCalled": "rg", "Node Group ID": "0001"]
        #expect(try told() == [called])
        aws.clock.advance(by: .seconds(150))
        #expect(try told() == [called] + Self.failover + [Self.recovery])
    }

    @Test func `Replicas that come and go are told one by one`() async throws {
        let (aws, told) = try Self.world()
        let all = ["Replication Group ID": "rg"]
        #expect(
            try await ask("IncreaseReplicaCount", ["NewReplicaCount": "4", "ApplyImmediately": "true"], aws) == 200)
        let started = ["rg-004", "rg-005"].map {
            all.merging(["ElastiCache:ReplicationGroupIncreaseReplicaCountStarted": $0]) { $1 }
        }
        #expect(try told() == started)
        aws.clock.advance(by: .seconds(300))
        let made = ["rg-004", "rg-005"].flatMap { node in
            ["CacheClusterProvisioningComplete", "ReplicationGroupIncreaseReplicaCountFinished"].map { name in
                all.merging(["ElastiCache:\(name)": node]) { $1 }
            }
        }
        #expect(try told() == started + made)
        try aws.remove(replicas: ["rg-003"], from: Self.key)
        #expect(try told().count == 6)
        aws.clock.advance(by: .seconds(60))
        #expect(try told().last == all.merging(["ElastiCache:DeleteCacheClusterComplete": "rg-003"]) { $1 })
    }

    @Test func `A replacement is told when it begins and when it ends`() async throws {
        let (aws, told) = try Self.world()
        try aws.replace(node: "rg-003", of: Self.key)
        aws.clock.advance(by: .seconds(120))
        let names = ["CacheNodeReplaceStarted", "CacheNodeReplaceComplete"]
        #expect(try told() == names.map { ["ElastiCache:\($0)": "rg-003", "Replication Group ID": "rg"] })
    }

    @Test func `The member that a global failover promotes tells it as plain text, and no other does`() async throws {
        let aws = try Self.sample()
        #expect(try await aws.failover().status == 200)
        aws.clock.advance(by: .seconds(89))
        #expect(aws.messages.isEmpty)
        aws.clock.advance(by: .seconds(1))
        #expect(aws.messages.map(\.message) == ["ElastiCache:ReplicationGroupPromotedAsPrimary : sessions-usw2"])
        #expect(aws.messages.first?.topicARN == LocalAWS.Sample.topicARN(in: "us-west-2"))
    }

    @Test func `A global failover that comes to nothing promotes nobody`() async throws {
        let aws = try Self.sample()
        try aws.setFailoverBehavior(.revert, ofDatastore: "ldgnf-sessions")
        #expect(try await aws.failover().status == 200)
        aws.clock.advance(by: .seconds(90))
        #expect(aws.messages.isEmpty)
    }

    @Test func `The topic is chosen by ModifyReplicationGroup, and may be inactive`() async throws {
        let (aws, told) = try Self.world()
        let other = aws.addTopic("other", region: "us-east-1")
        #expect(try await ask("ModifyReplicationGroup", ["NotificationTopicArn": other], aws) == 200)
        let clusters = LocalAWS.query("DescribeCacheClusters", ["CacheClusterId": "rg-001"], region: "us-east-1")
        #expect(try await aws.ask(clusters).body.element("TopicArn") == other)
        try aws.replace(node: "rg-003", of: Self.key)
        #expect(try told().isEmpty)
        #expect(aws.messages(other).count == 1)
        #expect(aws.messages(other).first?.subject == "ElastiCache Notification Message")
        aws.clock.advance(by: .seconds(120))
        #expect(try await ask("ModifyReplicationGroup", ["NotificationTopicStatus": "inactive"], aws) == 200)
        #expect(try await aws.ask(clusters).body.element("TopicStatus") == "inactive")
        try aws.replace(node: "rg-003", of: Self.key)
        #expect(aws.messages(other).count == 2)
    }
}
