import Foundation
import Testing

@testable import LocalAWS

@Suite struct GlobalDatastoreTests {
    @Test func `A failover keeps the roles until it ends, then swaps them`() async throws {
        let aws = try LocalAWS.sample()
        let answer = try await aws.failover()
        #expect(answer.status == 200)
        #expect(answer.body.element("Status") == "modifying")
        #expect(aws.datastore("ldgnf-sessions")?.primary?.region == "us-east-1")

        aws.clock.advance(by: .seconds(89))
        #expect(aws.datastore("ldgnf-sessions")?.status == "modifying")
        #expect(aws.datastore("ldgnf-sessions")?.primary?.region == "us-east-1")

        aws.clock.advance(by: .seconds(1))
        #expect(aws.datastore("ldgnf-sessions")?.status == "available")
        #expect(aws.datastore("ldgnf-sessions")?.members.map(\.role) == ["SECONDARY", "PRIMARY"])
    }

    @Test func `On a scaled clock the failover ends by itself, the sooner`() async throws {
        var configuration = LocalAWSConfiguration()
        configuration.clock = .scaled(10_000)
        let aws = try LocalAWS.sampleWorld(configuration)
        let events = aws.events.stream()
        #expect(try await aws.failover().status == 200)
        var ended: Date?
        var started: Date?
        for await event in events {
            if case .failoverStarted = event.kind { started = event.time }
            if case .failoverFinished(_, "us-west-2", true) = event.kind { ended = event.time }
            if ended != nil { break }
        }
        #expect(try #require(ended).timeIntervalSince(try #require(started)) >= 89)
    }

    @Test func `With three regions the one named becomes primary and both others secondary`() async throws {
        let aws = try LocalAWS.sample(threeRegions: true)
        #expect(try await aws.failover(to: "eu-west-1").status == 200)
        aws.clock.advance(by: .seconds(90))
        #expect(aws.datastore("ldgnf-sessions")?.members.map(\.role) == ["SECONDARY", "SECONDARY", "PRIMARY"])
    }

    @Test func `A failover that AWS gives up leaves the roles as they were`() async throws {
        let aws = try LocalAWS.sample()
        try aws.world.update { $0.datastores["ldgnf-sessions"]?.nextFailoverFails = true }
        #expect(try await aws.failover().status == 200)
        aws.clock.advance(by: .seconds(90))
        #expect(aws.datastore("ldgnf-sessions")?.status == "available")
        #expect(aws.datastore("ldgnf-sessions")?.primary?.region == "us-east-1")
        #expect(try await aws.failover().status == 200, "the next one succeeds")
    }

    struct Refusal: Sendable {
        var parameters: [String: String]
        var region = "us-west-2"
        var status: Int
        var code: String
    }

    static let good = [
        "GlobalReplicationGroupId": "ldgnf-sessions", "PrimaryRegion": "us-west-2",
        "PrimaryReplicationGroupId": "sessions-usw2",
    ]

    @Test(
        "A failover is refused with the code that AWS puts on the wire",
        arguments: [
            Refusal(
                parameters: good.merging(["GlobalReplicationGroupId": "ldgnf-other"]) { $1 }, status: 404,
                code: "GlobalReplicationGroupNotFoundFault"
            ),
            Refusal(parameters: good, region: "ap-south-1", status: 404, code: "GlobalReplicationGroupNotFoundFault"),
            Refusal(
                parameters: good.merging(["PrimaryRegion": "eu-west-1"]) { $1 }, status: 400,
                code: "InvalidParameterValue"
            ),
            Refusal(
                parameters: good.merging(["PrimaryReplicationGroupId": "sessions-use1"]) { $1 }, status: 400,
                code: "InvalidParameterValue"
            ),
            Refusal(
                parameters: good.merging(["PrimaryRegion": "us-east-1", "PrimaryReplicationGroupId": "sessions-use1"]) {
                    $1
                },
                status: 400, code: "InvalidGlobalReplicationGroupState"
            ),
            Refusal(
                parameters: good.filter { $0.key != "PrimaryRegion" }, status: 400, code: "InvalidParameterValue"
            ),
        ]
    )
    func refusal(_ refusal: Refusal) async throws {
        let aws = try LocalAWS.sample()
        let request = LocalAWS.query("FailoverGlobalReplicationGroup", refusal.parameters, region: refusal.region)
        let answer = try await aws.ask(request)
        #expect(answer.status == refusal.status)
        #expect(answer.body.element("Code") == refusal.code)
        #expect(aws.datastore("ldgnf-sessions")?.status == "available")
    }

    @Test func `Of two failovers the second is refused while the first is under way`() async throws {
        let aws = try LocalAWS.sample(threeRegions: true)
        #expect(try await aws.failover(to: "us-west-2").status == 200)
        let second = try await aws.failover(to: "eu-west-1")
        #expect(second.body.element("Code") == "InvalidGlobalReplicationGroupState")
        aws.clock.advance(by: .seconds(90))
        #expect(aws.datastore("ldgnf-sessions")?.primary?.region == "us-west-2")
    }

    @Test(
        "Whether a failover away from a region that is down succeeds can be chosen, since AWS does not say",
        arguments: [false, true]
    )
    func oldPrimaryDown(_ needed: Bool) async throws {
        var configuration = LocalAWSConfiguration()
        configuration.clock = .manual
        configuration.failoverNeedsOldPrimary = needed
        let aws = try LocalAWS.sampleWorld(configuration)
        aws.takeDown(region: "us-east-1")
        #expect(try await aws.failover().status == (needed ? 400 : 200))
        aws.bringUp(region: "us-east-1")
        #expect(aws.regionsDown.isEmpty)
        #expect(try await aws.failover().status == (needed ? 200 : 400), "already under way if it was not refused")
    }

    @Test func `Members are shown only when asked for`() async throws {
        let aws = try LocalAWS.sample()
        let without = try await aws.ask(LocalAWS.query("DescribeGlobalReplicationGroups"))
        #expect(!without.body.contains("<Members>"))
        let with = try await aws.ask(LocalAWS.query("DescribeGlobalReplicationGroups", ["ShowMemberInfo": "true"]))
        #expect(with.body.element("ReplicationGroupId") == "sessions-use1")
    }

    @Test func `A list is cut into pages, and the marker leads to the next`() async throws {
        let aws = try LocalAWS.sample()
        try aws.world.update { state in
            for number in 1...20 {
                let id = "ldgnf-\(number)"
                state.datastores[id] = GlobalDatastore(id: id, members: [("a\(number)", "us-west-2")])
            }
        }
        let first = try await aws.ask(LocalAWS.query("DescribeGlobalReplicationGroups", ["MaxRecords": "20"]))
        let marker = try #require(first.body.element("Marker"))
        let second = try await aws.ask(
            LocalAWS.query("DescribeGlobalReplicationGroups", ["MaxRecords": "20", "Marker": marker])
        )
        #expect(second.body.element("GlobalReplicationGroupId") == "ldgnf-sessions")
        #expect(second.body.element("Marker") == nil)
    }

    @Test("A page holds 20 to 100 records", arguments: [("19", 400), ("20", 200), ("100", 200), ("101", 400)])
    func pageSizes(_ size: String, _ status: Int) async throws {
        let aws = try LocalAWS.sample()
        for operation in ["DescribeGlobalReplicationGroups", "DescribeReplicationGroups"] {
            #expect(try await aws.ask(LocalAWS.query(operation, ["MaxRecords": size])).status == status)
        }
    }

    // MARK: Failovers that AWS may not make

    @Test func `A failover that is refused changes nothing`() async throws {
        let aws = try LocalAWS.sample()
        try aws.setFailoverBehavior(.refuse, ofDatastore: "ldgnf-sessions")
        let answer = try await aws.failover()
        #expect(answer.status == 400)
        #expect(answer.body.element("Code") == "InvalidGlobalReplicationGroupState")
        #expect(aws.datastore("ldgnf-sessions")?.status == "available")
    }

    @Test func `A failover that stalls is under way until told otherwise`() async throws {
        let aws = try LocalAWS.sample()
        try aws.setFailoverBehavior(.stall, ofDatastore: "ldgnf-sessions")
        #expect(try await aws.failover().status == 200)
        aws.clock.advance(by: .seconds(100_000))
        #expect(aws.datastore("ldgnf-sessions")?.status == "modifying")
        #expect(aws.datastore("ldgnf-sessions")?.primary?.region == "us-east-1")
        try aws.setFailoverBehavior(.succeed, ofDatastore: "ldgnf-sessions")
        #expect(aws.datastore("ldgnf-sessions")?.status == "available")
        #expect(aws.datastore("ldgnf-sessions")?.primary?.region == "us-west-2")
    }

    @Test func `A failover that is told not to stall after all takes its usual time`() async throws {
        let aws = try LocalAWS.sample()
        try aws.setFailoverBehavior(.stall, ofDatastore: "ldgnf-sessions")
        #expect(try await aws.failover().status == 200)
        aws.clock.advance(by: .seconds(10))
        try aws.setFailoverBehavior(.succeed, ofDatastore: "ldgnf-sessions")
        #expect(aws.datastore("ldgnf-sessions")?.status == "modifying")
        aws.clock.advance(by: .seconds(80))
        #expect(aws.datastore("ldgnf-sessions")?.primary?.region == "us-west-2")
    }

    @Test func `A failover that reverts leaves the roles as they were`() async throws {
        let aws = try LocalAWS.sample()
        try aws.setFailoverBehavior(.revert, ofDatastore: "ldgnf-sessions")
        #expect(try await aws.failover().status == 200)
        #expect(aws.datastore("ldgnf-sessions")?.status == "modifying")
        aws.clock.advance(by: .seconds(90))
        #expect(aws.datastore("ldgnf-sessions")?.status == "available")
        #expect(aws.datastore("ldgnf-sessions")?.primary?.region == "us-east-1")
        #expect(throws: LocalAWSError.self) { try aws.setFailoverBehavior(.succeed, ofDatastore: "ldgnf-none") }
    }
}
