import Foundation
import Testing

@testable import LocalAWS

/// Clusters that leave their global cluster.
@Suite struct GlobalClusterDetachTests {
    @Test func `A detached cluster is no member at once, and takes writes when it is promoted`() async throws {
        let aws = try Orders.world()
        #expect(try await aws.detach().status == 200)
        #expect(try aws.orders.members.map(\.cluster) == [Orders.east])
        func west() throws -> [String] {
            let cluster = try aws.dbCluster(Orders.west)
            return [cluster.status.rawValue, cluster.takesWrites ? "writes" : "reads"]
        }
        #expect(try west() == ["available", "reads"])
        aws.clock.advance(by: .seconds(5))
        #expect(try west() == ["promoting", "reads"])
        aws.clock.advance(by: .seconds(14))
        #expect(try west() == ["promoting", "reads"])
        aws.clock.advance(by: .seconds(1))
        #expect(try west() == ["available", "writes"])
        #expect(try aws.dbCluster(Orders.east).takesWrites, "it knows of nothing")
        #expect(try aws.orders.writer == Orders.east)
    }

    @Test func `In AWS the list may have the member for a while: it cannot be had twice`() async throws {
        let aws = try Orders.world { $0.auroraTimes.listing = .seconds(8) }
        #expect(try await aws.detach().status == 200)
        #expect(try aws.orders.members.map(\.cluster) == [Orders.east, Orders.west])
        #expect(try await aws.detach().body.element("Code") == "DBClusterNotFoundFault")
        #expect(try await aws.failOver().body.element("Code") == "DBClusterNotFoundFault")
        aws.clock.advance(by: .seconds(8))
        #expect(try aws.orders.members.map(\.cluster) == [Orders.east])
        aws.clock.advance(by: .seconds(12))
        #expect(try aws.dbCluster(Orders.west).takesWrites)
    }

    @Test("The target of what is under way takes it along, whatever its phase", arguments: [0, 30, 600])
    func target(_ seconds: Int) async throws {
        let aws = try Orders.world()
        try aws.setFailoverBehavior(.stall, ofGlobalCluster: "orders-global")
        #expect(try await aws.failOver().status == 200)
        aws.clock.advance(by: .seconds(seconds))
        #expect(try await aws.detach().status == 200)
        #expect(try aws.orders.operation == nil)
        try aws.setFailoverBehavior(.succeed, ofGlobalCluster: "orders-global")
        aws.clock.advance(by: .seconds(60))
        #expect(try aws.orders.writer == Orders.east)
        #expect(try aws.dbCluster(Orders.west).takesWrites)
        #expect(try aws.dbCluster(Orders.east).takesWrites)
    }

    @Test func `A third cluster leaves without disturbing what is under way`() async throws {
        let aws = try Orders.world(threeRegions: true)
        #expect(try await aws.failOver().status == 200)
        #expect(try await aws.detach(Orders.europe).status == 200)
        aws.clock.advance(by: .seconds(60))
        #expect(try aws.orders.writer == Orders.west)
        #expect(try aws.orders.members.count == 2)
    }

    @Test func `A cluster leaves while the primary's region is down`() async throws {
        let aws = try Orders.world()
        aws.takeDown(region: "us-east-1")
        #expect(try await aws.failOver(loss: false).status == 200)
        aws.clock.advance(by: .seconds(600))
        #expect(try await aws.detach().status == 200)
        aws.clock.advance(by: .seconds(20))
        #expect(try aws.dbCluster(Orders.west).takesWrites)
        aws.bringUp(region: "us-east-1")
        #expect(try aws.orders.writer == Orders.east)
    }

    @Test func `The primary leaves last, and stays what it is`() async throws {
        let aws = try Orders.world()
        #expect(try await aws.detach(Orders.east).body.element("Code") == "InvalidGlobalClusterStateFault")
        #expect(try await aws.detach().status == 200)
        #expect(try await aws.detach(Orders.east).status == 200)
        #expect(try aws.orders.members.isEmpty)
        aws.clock.advance(by: .seconds(5))
        #expect(try aws.dbCluster(Orders.east).status == .available)
        #expect(try aws.dbCluster(Orders.east).takesWrites)
    }

    @Test func `Before it is promoted nothing else is done to it`() async throws {
        let aws = try Orders.world()
        #expect(try await aws.detach().status == 200)
        for seconds in [0, 5] {
            aws.clock.advance(by: .seconds(seconds))
            let requests = [
                (
                    "CreateGlobalCluster",
                    ["GlobalClusterIdentifier": "n", "SourceDBClusterIdentifier": Orders.west.arn]
                ),
                (
                    "ModifyDBCluster",
                    ["DBClusterIdentifier": "orders-usw2", "NewDBClusterIdentifier": "n", "ApplyImmediately": "true"]
                ),
                ("DeleteDBCluster", ["DBClusterIdentifier": "orders-usw2", "SkipFinalSnapshot": "true"]),
                (
                    "CreateDBInstance",
                    [
                        "DBInstanceIdentifier": "n", "DBClusterIdentifier": "orders-usw2", "DBInstanceClass": "c",
                        "Engine": "aurora-postgresql",
                    ]
                ),
            ]
            for (action, parameters) in requests {
                let answer = try await aws.rds(action, parameters)
                #expect(answer.body.element("Code") == "InvalidDBClusterStateFault", "\(action)")
            }
        }
        aws.clock.advance(by: .seconds(15))
        #expect(try aws.dbCluster(Orders.west).takesWrites)
    }

    @Test func `It is told in the timeline, with the number that RDS gives it`() async throws {
        let aws = try Orders.world()
        let timeline = AuroraTimeline(of: aws)
        #expect(try await aws.failOver(loss: false).status == 200)
        #expect(try await aws.detach().status == 200)
        aws.clock.advance(by: .seconds(20))
        let events = await timeline.events { if case .promoted = $0 { true } else { false } }
        #expect(events.map(\.number) == [181, 187, 228, nil])
        #expect(events.map(\.kind).suffix(2) == [.detached(Orders.west), .promoted(Orders.west)])
    }
}
