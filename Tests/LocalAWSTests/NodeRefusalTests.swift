import Foundation
import Testing

@testable import LocalAWS

/// What replication groups do not let happen.
@Suite struct NodeRefusalTests {
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

    struct Refusal: Sendable {
        var operation: String
        var parameters: [String: String]
        var code: String
        var status = 400
    }

    @Test(
        "What ElastiCache does not take is refused with its code, and changes nothing",
        arguments: [
            Refusal(
                operation: "TestFailover", parameters: ["ReplicationGroupId": "none", "NodeGroupId": "0001"],
                code: "ReplicationGroupNotFoundFault", status: 404),
            Refusal(
                operation: "TestFailover", parameters: ["NodeGroupId": "0002"], code: "NodeGroupNotFoundFault",
                status: 404),
            Refusal(operation: "TestFailover", parameters: [:], code: "InvalidParameterValue"),
            Refusal(
                operation: "IncreaseReplicaCount", parameters: ["NewReplicaCount": "3"], code: "InvalidParameterValue"),
            Refusal(
                operation: "IncreaseReplicaCount", parameters: ["ApplyImmediately": "true"],
                code: "InvalidParameterValue"),
            Refusal(
                operation: "IncreaseReplicaCount", parameters: ["NewReplicaCount": "6", "ApplyImmediately": "true"],
                code: "InvalidParameterValue"),
            Refusal(
                operation: "IncreaseReplicaCount", parameters: ["NewReplicaCount": "2", "ApplyImmediately": "true"],
                code: "NoOperationFault"),
            Refusal(
                operation: "IncreaseReplicaCount", parameters: ["NewReplicaCount": "1", "ApplyImmediately": "true"],
                code: "InvalidParameterValue"),
            Refusal(
                operation: "DecreaseReplicaCount", parameters: ["NewReplicaCount": "3", "ApplyImmediately": "true"],
                code: "InvalidParameterValue"),
            // Multi-AZ keeps one.
            Refusal(
                operation: "DecreaseReplicaCount", parameters: ["NewReplicaCount": "0", "ApplyImmediately": "true"],
                code: "InvalidParameterValue"),
            Refusal(
                operation: "DecreaseReplicaCount",
                parameters: ["ReplicasToRemove.member.1": "rg-001", "ApplyImmediately": "true"],
                code: "InvalidParameterValue"),
            Refusal(
                operation: "DecreaseReplicaCount",
                parameters: ["ReplicasToRemove.member.1": "rg-009", "ApplyImmediately": "true"],
                code: "CacheClusterNotFound", status: 404),
            Refusal(
                operation: "ModifyReplicationGroup",
                parameters: ["NotificationTopicArn": "arn:aws:sns:us-east-1:1:none"],
                code: "InvalidParameterValue"),
            // A topic of another region.
            Refusal(
                operation: "ModifyReplicationGroup",
                parameters: ["NotificationTopicArn": "arn:aws:sns:us-west-2:111122223333:promotions"],
                code: "InvalidParameterValue"),
            Refusal(
                operation: "ModifyReplicationGroup", parameters: ["AutomaticFailoverEnabled": "false"],
                code: "InvalidParameterCombination"),
            Refusal(
                operation: "CreateReplicationGroup",
                parameters: ["ReplicationGroupId": "a--b", "ReplicationGroupDescription": "x"],
                code: "InvalidParameterValue"),
            Refusal(
                operation: "CreateReplicationGroup",
                parameters: ["ReplicationGroupId": "b", "ReplicationGroupDescription": "x", "NumNodeGroups": "2"],
                code: "InvalidParameterValue"),
            Refusal(
                operation: "CreateReplicationGroup", parameters: ["ReplicationGroupId": "b"],
                code: "InvalidParameterValue"),
        ])
    func refusal(_ refusal: Refusal) async throws {
        let aws = try Self.aws()
        let before = aws.world.snapshot.replicationGroups
        let answer = try await ask(refusal.operation, refusal.parameters, aws)
        #expect(answer.status == refusal.status)
        #expect(answer.body.element("Code") == refusal.code)
        #expect(aws.world.snapshot.replicationGroups == before)
    }

    @Test(
        "While something is under way no operation begins",
        arguments: ["TestFailover", "IncreaseReplicaCount", "DecreaseReplicaCount", "ModifyReplicationGroup"])
    func underWay(_ operation: String) async throws {
        let aws = try Self.aws()
        aws.put(ReplicationGroupNodeTests.group("sessions-use1", replicas: 2))
        var parameters = ["NodeGroupId": "0001", "NewReplicaCount": "3", "ApplyImmediately": "true"]
        try aws.replace(node: "rg-003", of: Self.key)
        #expect(try await ask(operation, parameters, aws).body.element("Code") == "InvalidReplicationGroupState")
        // The datastore's failover is one of its members' too.
        #expect(try await aws.failover().status == 200)
        parameters["ReplicationGroupId"] = "sessions-use1"
        #expect(try await ask(operation, parameters, aws).body.element("Code") == "InvalidReplicationGroupState")
    }

    @Test func `Without a replica there is no failover`() throws {
        let aws = try Self.aws(ReplicationGroupNodeTests.group(replicas: 0))
        #expect(throws: AWSFailure.self) { try aws.failOver(Self.key) }
        #expect(aws.replicationGroup("rg", region: "us-east-1")?.status == "available")
    }
}
