import Foundation
import Testing

@testable import LocalAWS

/// Switchovers and failovers of Aurora's global clusters.
@Suite struct GlobalClusterTests {
    private func phase(_ aws: LocalAWS) throws -> String? { try aws.orders.operation?.status }

    @Test(
        "An operation is verified first, and keeps the roles until it ends",
        arguments: [(true, "failing-over"), (false, "switching-over")])
    func phases(_ loss: Bool, _ status: String) async throws {
        let aws = try Orders.world()
        #expect(try await aws.failOver(loss: loss).status == 200)
        #expect(try phase(aws) == "pending")
        #expect(try aws.orders.status == "available")
        aws.clock.advance(by: .seconds(4))
        #expect(try phase(aws) == "pending")
        aws.clock.advance(by: .seconds(1))
        #expect(try phase(aws) == status)
        #expect(try aws.orders.status == status)
        #expect(try [Orders.east, Orders.west].map { aws.status(of: try aws.dbCluster($0)) } == [status, status])
        aws.clock.advance(by: .seconds(54))
        #expect(try aws.orders.writer == Orders.east)
        #expect(try aws.dbCluster(Orders.east).takesWrites)
        aws.clock.advance(by: .seconds(1))
        #expect(try phase(aws) == nil)
        #expect(try aws.orders.writer == Orders.west)
        #expect(try aws.dbCluster(Orders.west).takesWrites)
        #expect(try !aws.dbCluster(Orders.east).takesWrites)
        #expect(try aws.orders.status == "available")
    }

    @Test func `How long they take can be chosen, each by itself`() async throws {
        let aws = try Orders.world {
            $0.auroraTimes.failover = .seconds(10)
            $0.auroraTimes.switchover = .seconds(600)
        }
        #expect(try await aws.failOver().status == 200)
        aws.clock.advance(by: .seconds(10))
        #expect(try aws.orders.writer == Orders.west)
        aws.clock.advance(by: .seconds(120))
        #expect(try await aws.failOver(to: Orders.east, loss: false).status == 200)
        aws.clock.advance(by: .seconds(599))
        #expect(try aws.orders.writer == Orders.west)
        aws.clock.advance(by: .seconds(1))
        #expect(try aws.orders.writer == Orders.east)
    }

    @Test func `After a failover all others are rebuilt, after a switchover none`() async throws {
        let aws = try Orders.world(threeRegions: true)
        #expect(try await aws.failOver().status == 200)
        aws.clock.advance(by: .seconds(60))
        #expect(try aws.waitingRegions == ["us-east-1", "eu-west-1"])
        aws.clock.advance(by: .seconds(119))
        #expect(try aws.waitingRegions == ["us-east-1", "eu-west-1"])
        aws.clock.advance(by: .seconds(1))
        #expect(try aws.waitingRegions == [])
        #expect(try await aws.failOver(to: Orders.europe, loss: false).status == 200)
        aws.clock.advance(by: .seconds(60))
        #expect(try aws.orders.writer == Orders.europe)
        #expect(try aws.waitingRegions == [])
    }

    @Test func `A rebuilding that began before the last failover does not end what that one began`() async throws {
        let aws = try Orders.world(threeRegions: true) { $0.auroraTimes.resync = .seconds(100) }
        #expect(try await aws.failOver().status == 200)
        aws.clock.advance(by: .seconds(60))
        aws.world.change { $0.globalClusters["orders-global"]?.update(Orders.east) { $0.isConnected = true } }
        #expect(try await aws.failOver(to: Orders.east).status == 200)
        aws.clock.advance(by: .seconds(60))
        aws.clock.advance(by: .seconds(40))
        #expect(try aws.waitingRegions == ["us-west-2", "eu-west-1"])
        aws.clock.advance(by: .seconds(60))
        #expect(try aws.waitingRegions == [])
    }

    // MARK: Regions that are down

    @Test func `A failover away from a dead region works, and the old primary is rebuilt when it is back`() async throws
    {
        let aws = try Orders.world()
        aws.takeDown(region: "us-east-1")
        #expect(try await aws.failOver().status == 200)
        aws.clock.advance(by: .seconds(60))
        #expect(try aws.orders.writer == Orders.west)
        aws.clock.advance(by: .seconds(10_000))
        #expect(try aws.waitingRegions == ["us-east-1"])
        aws.bringUp(region: "us-east-1")
        aws.clock.advance(by: .seconds(119))
        #expect(try aws.waitingRegions == ["us-east-1"])
        aws.clock.advance(by: .seconds(1))
        #expect(try aws.waitingRegions == [])
    }

    @Test func `A rebuilding takes its whole time after the region is back, whatever else is mended meanwhile`()
        async throws
    {
        let aws = try Orders.world()
        aws.takeDown(region: "us-east-1")
        #expect(try await aws.failOver().status == 200)
        aws.clock.advance(by: .seconds(60))
        aws.remove(aws.inject(Fault(.drop, service: "sts")))
        aws.clock.advance(by: .seconds(100))
        aws.bringUp(region: "us-east-1")
        aws.clock.advance(by: .seconds(119))
        #expect(try aws.waitingRegions == ["us-east-1"])
        aws.clock.advance(by: .seconds(1))
        #expect(try aws.waitingRegions == [])
    }

    @Test func `A region that is lost while it is rebuilt begins anew when it is back`() async throws {
        let aws = try Orders.world()
        #expect(try await aws.failOver().status == 200)
        aws.clock.advance(by: .seconds(100))
        aws.takeDown(region: "us-east-1")
        aws.clock.advance(by: .seconds(1000))
        #expect(try aws.waitingRegions == ["us-east-1"])
        aws.bringUp(region: "us-east-1")
        aws.clock.advance(by: .seconds(120))
        #expect(try aws.waitingRegions == [])
    }

    @Test func `A switchover away from a dead region stands still until the region is back`() async throws {
        let aws = try Orders.world()
        aws.takeDown(region: "us-east-1")
        #expect(try await aws.failOver(loss: false).status == 200)
        aws.clock.advance(by: .seconds(10_000))
        #expect(try phase(aws) == "switching-over")
        #expect(try aws.orders.operation?.isStalled == true)
        #expect(try aws.orders.writer == Orders.east)
        aws.bringUp(region: "us-east-1")
        #expect(try phase(aws) == nil)
        #expect(try aws.orders.writer == Orders.west)
    }

    @Test(
        "What leads into a dead region stands still, and a third region is not in the way",
        arguments: [("us-west-2", true, false), ("us-west-2", false, false), ("eu-west-1", true, true)])
    func otherRegions(_ down: String, _ loss: Bool, _ ends: Bool) async throws {
        let aws = try Orders.world(threeRegions: true)
        #expect(try await aws.failOver(loss: loss).status == 200)
        aws.takeDown(region: down)
        aws.clock.advance(by: .seconds(60))
        #expect(try aws.orders.writer == (ends ? Orders.west : Orders.east))
        #expect(try (aws.orders.operation == nil) == ends)
    }

    @Test func `A region that is back does not end what somebody stalled, which is told once`() async throws {
        let aws = try Orders.world()
        let timeline = AuroraTimeline(of: aws)
        aws.takeDown(region: "us-east-1")
        try aws.setFailoverBehavior(.stall, ofGlobalCluster: "orders-global")
        #expect(try await aws.failOver(loss: false).status == 200)
        aws.clock.advance(by: .seconds(60))
        aws.bringUp(region: "us-east-1")
        #expect(try phase(aws) == "switching-over")
        aws.takeDown(region: "us-east-1")
        try aws.setFailoverBehavior(.succeed, ofGlobalCluster: "orders-global")
        #expect(try phase(aws) == "switching-over", "the region is down")
        aws.bringUp(region: "us-east-1")
        #expect(try aws.orders.writer == Orders.west)
        let events = await timeline.events { if case .operationFinished = $0 { true } else { false } }
        #expect(events.filter { if case .operationStalled = $0.kind { true } else { false } }.count == 1)
    }

    // MARK: What AWS may do

    @Test func `An operation that stalls is under way until told otherwise`() async throws {
        let aws = try Orders.world()
        try aws.setFailoverBehavior(.stall, ofGlobalCluster: "orders-global")
        #expect(try await aws.failOver().status == 200)
        aws.clock.advance(by: .seconds(10))
        #expect(try aws.orders.operation?.isStalled == false)
        aws.clock.advance(by: .seconds(100_000))
        #expect(try phase(aws) == "failing-over")
        try aws.setFailoverBehavior(.succeed, ofGlobalCluster: "orders-global")
        #expect(try aws.orders.writer == Orders.west)
    }

    @Test func `One that is told not to stall after all takes its usual time`() async throws {
        let aws = try Orders.world()
        try aws.setFailoverBehavior(.stall, ofGlobalCluster: "orders-global")
        #expect(try await aws.failOver().status == 200)
        try aws.setFailoverBehavior(.succeed, ofGlobalCluster: "orders-global")
        aws.clock.advance(by: .seconds(59))
        #expect(try aws.orders.writer == Orders.east)
        aws.clock.advance(by: .seconds(1))
        #expect(try aws.orders.writer == Orders.west)
    }

    @Test("One that comes to nothing is cancelled first", arguments: [FailoverBehavior.revert, .refuse])
    func reverted(_ behavior: FailoverBehavior) async throws {
        let aws = try Orders.world()
        #expect(try await aws.failOver().status == 200)
        try aws.setFailoverBehavior(behavior, ofGlobalCluster: "orders-global")
        aws.clock.advance(by: .seconds(60))
        #expect(try phase(aws) == "cancelling")
        aws.clock.advance(by: .seconds(5))
        #expect(try phase(aws) == nil)
        #expect(try aws.orders.writer == Orders.east)
        #expect(try aws.waitingRegions == [])
        try aws.setFailoverBehavior(.succeed, ofGlobalCluster: "orders-global")
        #expect(try await aws.failOver().status == 200, "the next one succeeds")
        aws.clock.advance(by: .seconds(60))
        #expect(try aws.orders.writer == Orders.west)
    }

    @Test func `On a clock that runs by itself an operation ends by itself`() async throws {
        let aws = try Orders.world { $0.clock = .scaled(10_000) }
        let timeline = AuroraTimeline(of: aws)
        #expect(try await aws.failOver().status == 200)
        let events = await timeline.events { if case .connected = $0 { true } else { false } }
        #expect(events.map(\.globalCluster) == ["orders-global", "orders-global", "orders-global"])
        #expect(events.map(\.number) == [nil, 238, nil])
        #expect(events.last?.kind == .connected(Orders.east))
    }
}
