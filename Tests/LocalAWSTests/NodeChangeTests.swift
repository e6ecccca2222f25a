import Foundation
import Testing

@testable import LocalAWS

/// The operations that change nodes, and how they show while they last.
@Suite struct NodeChangeTests {
    private static let key = ReplicationGroup.Key(region: "us-east-1", id: "rg")

    private static func aws(_ group: ReplicationGroup = ReplicationGroupNodeTests.group(replicas: 2)) throws -> LocalAWS
    {
        let aws = try LocalAWS.sample()
        aws.put(group)
        return aws
    }

    private func ask(_ operation: String, _ parameters: [String: String] = [:], _ aws: LocalAWS) async throws -> (
        status: Int, body: String
    ) {
        let parameters = parameters.merging(["ReplicationGroupId": "rg"]) { own, _ in own }
        return try await aws.ask(LocalAWS.query(operation, parameters, region: "us-east-1"))
    }

    /// The roles of the nodes as they are told, `-` where a node has no endpoint; and the status of the group.
    private func view(_ aws: LocalAWS) async throws -> String {
        let body = try await ask("DescribeReplicationGroups", [:], aws).body
        let nodes = body.elements("NodeGroupMember").map { member in
            let number = member.element("CacheClusterId")?.suffix(3) ?? ""
            return "\(number) \(member.element("CurrentRole") ?? "?")" + (member.contains("ReadEndpoint") ? "" : " -")
        }
        return "\(body.element("Status") ?? ""): \(nodes.joined(separator: ", "))"
    }

    // MARK: Failover

    @Test func `A test failover keeps the roles at first, then nobody is primary, then a replica is`() async throws {
        let aws = try Self.aws()
        #expect(try await view(aws) == "available: 001 primary, 002 replica, 003 replica")
        let answer = try await ask("TestFailover", ["NodeGroupId": "0001"], aws)
        #expect(answer.status == 200)
        #expect(answer.body.element("Status") == "modifying")
        aws.clock.advance(by: .seconds(14))
        #expect(try await view(aws) == "modifying: 001 primary, 002 replica, 003 replica")
        aws.clock.advance(by: .seconds(1))
        #expect(try await view(aws) == "modifying: 001 replica, 002 replica, 003 replica")
        aws.clock.advance(by: .seconds(15))
        #expect(try await view(aws) == "modifying: 001 replica, 002 primary, 003 replica")
        aws.clock.advance(by: .seconds(119))
        #expect(try await view(aws).hasPrefix("modifying"), "the lost node is still being replaced")
        aws.clock.advance(by: .seconds(1))
        #expect(try await view(aws) == "available: 001 replica, 002 primary, 003 replica")
    }

    @Test func `Two failovers in a row end with the second one's primary`() async throws {
        let aws = try Self.aws()
        for expected in ["rg-002", "rg-001"] {
            try aws.failOver(Self.key)
            aws.clock.advance(by: .seconds(150))
            #expect(aws.replicationGroup("rg", region: "us-east-1")?.shards[0].primary?.id == expected)
        }
    }

    @Test func `A failover while the lost node is not back yet is of the nodes that are there`() async throws {
        let aws = try Self.aws()
        try aws.failOver(Self.key)
        aws.clock.advance(by: .seconds(30))
        try aws.failOver(Self.key)
        aws.clock.advance(by: .seconds(30))
        #expect(try await view(aws) == "modifying: 001 replica, 002 replica, 003 primary")
        aws.clock.advance(by: .seconds(120))
        #expect(try await view(aws) == "available: 001 replica, 002 replica, 003 primary")
    }

    @Test func `Another primary can be asked for when automatic failover is off`() async throws {
        let aws = try Self.aws()
        let wanted = ["PrimaryClusterId": "rg-003", "ApplyImmediately": "true"]
        let refused = try await ask("ModifyReplicationGroup", wanted, aws)
        #expect(refused.body.element("Code") == "InvalidParameterCombination")
        let off = ["AutomaticFailoverEnabled": "false", "MultiAZEnabled": "false"]
        #expect(try await ask("ModifyReplicationGroup", wanted.merging(off) { $1 }, aws).status == 200)
        aws.clock.advance(by: .seconds(30))
        #expect(try await view(aws) == "available: 001 replica, 002 replica, 003 primary", "nothing was lost")
        #expect(
            try await ask("TestFailover", ["NodeGroupId": "0001"], aws).body.element("Code")
                == "InvalidReplicationGroupState")
    }

    // MARK: Number of replicas

    @Test func `A new replica has no endpoint until it is made`() async throws {
        let aws = try Self.aws()
        let answer = try await ask("IncreaseReplicaCount", ["NewReplicaCount": "4", "ApplyImmediately": "true"], aws)
        #expect(answer.status == 200)
        aws.clock.advance(by: .seconds(299))
        #expect(
            try await view(aws)
                == "modifying: 001 primary, 002 replica, 003 replica, 004 replica -, 005 replica -")
        aws.clock.advance(by: .seconds(1))
        #expect(
            try await view(aws) == "available: 001 primary, 002 replica, 003 replica, 004 replica, 005 replica")
    }

    @Test func `The replicas that are named go, or else those with the highest numbers`() async throws {
        let aws = try Self.aws(ReplicationGroupNodeTests.group(replicas: 4))
        let named = ["ReplicasToRemove.member.1": "rg-002", "ApplyImmediately": "true", "NewReplicaCount": "3"]
        #expect(try await ask("DecreaseReplicaCount", named, aws).status == 200)
        #expect(try await view(aws).hasPrefix("modifying: 001 primary, 002 replica, 003"), "until it is gone")
        aws.clock.advance(by: .seconds(60))
        #expect(try await view(aws) == "available: 001 primary, 003 replica, 004 replica, 005 replica")
        let counted = ["NewReplicaCount": "1", "ApplyImmediately": "true"]
        #expect(try await ask("DecreaseReplicaCount", counted, aws).status == 200)
        aws.clock.advance(by: .seconds(60))
        #expect(try await view(aws) == "available: 001 primary, 003 replica")
    }

    @Test func `Each shard can have a number of its own`() async throws {
        let aws = try Self.aws(ReplicationGroupNodeTests.group(shards: 3))
        let parameters = [
            "ReplicaConfiguration.ConfigureShard.1.NodeGroupId": "0001",
            "ReplicaConfiguration.ConfigureShard.1.NewReplicaCount": "3",
            "ReplicaConfiguration.ConfigureShard.2.NodeGroupId": "0003",
            "ReplicaConfiguration.ConfigureShard.2.NewReplicaCount": "2", "ApplyImmediately": "true",
        ]
        #expect(try await ask("IncreaseReplicaCount", parameters, aws).status == 200)
        let group = try #require(aws.replicationGroup("rg", region: "us-east-1"))
        #expect(group.shards.map(\.replicas.count) == [3, 1, 2])
    }

    // MARK: Replacement

    @Test("A replaced node keeps its id, and is missing meanwhile if so wished", arguments: [true, false])
    func replacement(_ isListed: Bool) async throws {
        let aws = try Self.aws()
        try aws.replace(node: "rg-002", of: Self.key, isListed: isListed)
        let meanwhile = isListed ? "001 primary, 002 replica, 003 replica" : "001 primary, 003 replica"
        #expect(try await view(aws) == "modifying: \(meanwhile)")
        let clusters = try await ask("DescribeCacheClusters", [:], aws).body.elements("CacheClusterId")
        #expect(clusters.contains("rg-002") == isListed)
        aws.clock.advance(by: .seconds(120))
        #expect(try await view(aws) == "available: 001 primary, 002 replica, 003 replica")
    }

    @Test func `A primary that is replaced is a replica when it is back`() async throws {
        let aws = try Self.aws()
        try aws.replace(node: "rg-001", of: Self.key)
        aws.clock.advance(by: .seconds(150))
        #expect(try await view(aws) == "available: 001 replica, 002 primary, 003 replica")
    }

    // MARK: Creation

    @Test func `A group that is created has its nodes when its time has come`() async throws {
        let aws = try LocalAWS.sample()
        let parameters = [
            "ReplicationGroupId": "New-One", "ReplicationGroupDescription": "x", "NumCacheClusters": "2",
            "AutomaticFailoverEnabled": "true", "TransitEncryptionEnabled": "true",
        ]
        let create = LocalAWS.query("CreateReplicationGroup", parameters)
        let body = try await aws.ask(create).body
        #expect(body.element("ReplicationGroupId") == "new-one")
        #expect(body.element("Status") == "creating")
        #expect(body.elements("NodeGroup").isEmpty)
        #expect(try await aws.ask(create).body.element("Code") == "ReplicationGroupAlreadyExists")
        aws.clock.advance(by: .seconds(300))
        let describe = LocalAWS.query("DescribeReplicationGroups", ["ReplicationGroupId": "new-one"])
        let made = try await aws.ask(describe).body
        #expect(made.element("Status") == "available")
        #expect(made.elements("CurrentRole") == ["primary", "replica"])
    }
}
