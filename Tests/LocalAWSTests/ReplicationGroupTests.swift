import Foundation
import Testing

@testable import LocalAWS

/// Members that leave their datastore, and replication groups as their own region knows them.
@Suite struct ReplicationGroupTests {
    private func detach(_ region: String, _ aws: LocalAWS) async throws -> (status: Int, body: String) {
        try await aws.ask(
            LocalAWS.query(
                "DisassociateGlobalReplicationGroup",
                [
                    "GlobalReplicationGroupId": "ldgnf-sessions", "ReplicationGroupRegion": region,
                    "ReplicationGroupId": LocalAWS.Sample.member(in: region),
                ]
            )
        )
    }

    private func localGroups(in region: String, _ aws: LocalAWS) async throws -> String {
        try await aws.ask(LocalAWS.query("DescribeReplicationGroups", region: region)).body
    }

    @Test func `A detached member leaves after its time and stands alone`() async throws {
        let aws = try LocalAWS.sample()
        let answer = try await detach("us-west-2", aws)
        #expect(answer.status == 200)
        #expect(answer.body.element("Status") == "modifying")
        aws.clock.advance(by: .seconds(19))
        #expect(aws.datastore("ldgnf-sessions")?.members.map(\.status) == ["associated", "disassociating"])
        #expect(try await localGroups(in: "us-west-2", aws).element("GlobalReplicationGroupId") == "ldgnf-sessions")

        aws.clock.advance(by: .seconds(1))
        #expect(aws.datastore("ldgnf-sessions")?.members.map(\.region) == ["us-east-1"])
        #expect(aws.datastore("ldgnf-sessions")?.status == "primary-only")
        let alone = try await localGroups(in: "us-west-2", aws)
        #expect(alone.element("ReplicationGroupId") == "sessions-usw2")
        #expect(alone.element("Status") == "available")
        #expect(alone.element("GlobalReplicationGroupId") == nil)
    }

    @Test func `With a third member the datastore is available after a detachment`() async throws {
        let aws = try LocalAWS.sample(threeRegions: true)
        #expect(try await detach("us-west-2", aws).status == 200)
        aws.clock.advance(by: .seconds(20))
        #expect(aws.datastore("ldgnf-sessions")?.status == "available")
        #expect(try await detach("eu-west-1", aws).status == 404, "us-west-2 does not see the datastore any more")
    }

    @Test func `Neither the primary is detached, nor a stranger, nor while something is under way`() async throws {
        let aws = try LocalAWS.sample(threeRegions: true)
        #expect(try await detach("us-east-1", aws).body.element("Code") == "InvalidParameterValue")
        #expect(try await detach("ap-south-1", aws).body.element("Code") == "InvalidParameterValue")
        #expect(try await detach("us-west-2", aws).status == 200)
        #expect(try await detach("eu-west-1", aws).body.element("Code") == "InvalidGlobalReplicationGroupState")
        #expect(try await aws.failover().body.element("Code") == "InvalidGlobalReplicationGroupState")
        aws.clock.advance(by: .seconds(20))
        #expect(aws.datastore("ldgnf-sessions")?.members.map(\.region) == ["us-east-1", "eu-west-1"])
    }

    // MARK: Local groups

    @Test func `Each region knows its own replication group and the role it has`() async throws {
        let aws = try LocalAWS.sample()
        for (region, role) in [("us-east-1", "PRIMARY"), ("us-west-2", "SECONDARY")] {
            let groups = try await localGroups(in: region, aws)
            #expect(groups.element("ReplicationGroupId") == LocalAWS.Sample.member(in: region))
            #expect(groups.element("GlobalReplicationGroupMemberRole") == role)
            #expect(groups.element("ClusterId") == "\(LocalAWS.Sample.member(in: region))-001")
        }
        let one = LocalAWS.query("DescribeReplicationGroups", ["ReplicationGroupId": "Sessions-USW2"])
        #expect(try await aws.ask(one).body.element("ReplicationGroupId") == "sessions-usw2")
        let other = LocalAWS.query("DescribeReplicationGroups", ["ReplicationGroupId": "sessions-use1"])
        let refused = try await aws.ask(other)
        #expect(refused.status == 404)
        #expect(refused.body.element("Code") == "ReplicationGroupNotFoundFault")
    }
}
