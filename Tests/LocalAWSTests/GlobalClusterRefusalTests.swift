import Foundation
import Testing

@testable import LocalAWS

/// What a global cluster does not do. That the answers are AWS's exceptions is checked with boto3.
@Suite struct GlobalClusterRefusalTests {
    private static let inState = "InvalidDBClusterStateFault"

    private func refusal(_ answer: (status: Int, body: String)) -> String? {
        answer.status == 200 ? nil : answer.body.element("Code")
    }

    private func change(_ aws: LocalAWS, _ key: DBCluster.Key, _ change: (inout DBCluster) -> Void) throws {
        var cluster = try aws.dbCluster(key)
        change(&cluster)
        aws.put(cluster)
    }

    @Test("Of two operations the second is refused while the first is under way", arguments: [0, 30, 62])
    func second(_ seconds: Int) async throws {
        let aws = try Orders.world(threeRegions: true)
        try aws.setFailoverBehavior(.revert, ofGlobalCluster: "orders-global")
        #expect(try await aws.failOver().status == 200)
        aws.clock.advance(by: .seconds(seconds))
        let before = try aws.orders
        for loss in [true, false] {
            #expect(
                refusal(try await aws.failOver(to: Orders.europe, loss: loss)) == "InvalidGlobalClusterStateFault")
        }
        #expect(try aws.orders == before)
    }

    @Test func `The primary is no target`() async throws {
        let aws = try Orders.world()
        #expect(refusal(try await aws.failOver(to: Orders.east)) == Self.inState)
    }

    @Test func `A cluster that is being rebuilt is no target, and in the way of a switchover`() async throws {
        let aws = try Orders.world(threeRegions: true)
        #expect(try await aws.failOver().status == 200)
        aws.clock.advance(by: .seconds(60))
        // Only Europe is behind.
        aws.world.change { $0.globalClusters["orders-global"]?.update(Orders.east) { $0.isConnected = true } }
        #expect(refusal(try await aws.failOver(to: Orders.europe)) == Self.inState)
        #expect(refusal(try await aws.failOver(to: Orders.east, loss: false)) == Self.inState)
        #expect(refusal(try await aws.failOver(to: Orders.east)) == nil)
    }

    @Test("Without an instance that is there nothing can be promoted", arguments: [true, false])
    func headless(_ loss: Bool) async throws {
        let aws = try Orders.world()
        try change(aws, Orders.west) { $0.setStatus(.creating, ofInstance: "orders-usw2-1") }
        #expect(refusal(try await aws.failOver(loss: loss)) == Self.inState)
        try change(aws, Orders.west) { $0.instances = [] }
        #expect(refusal(try await aws.failOver(loss: loss)) == Self.inState)
    }

    @Test("Between two versions of the engine there is only the way of detaching", arguments: [true, false])
    func versions(_ loss: Bool) async throws {
        let aws = try Orders.world()
        try change(aws, Orders.west) { $0.engineVersion = "16.8" }
        #expect(refusal(try await aws.failOver(loss: loss)) == Self.inState)
        #expect(try await aws.detach().status == 200)
        aws.clock.advance(by: .seconds(20))
        #expect(try aws.dbCluster(Orders.west).takesWrites)
    }

    @Test("What is refused changes nothing", arguments: [true, false])
    func refused(_ loss: Bool) async throws {
        let aws = try Orders.world()
        try aws.setFailoverBehavior(.refuse, ofGlobalCluster: "orders-global")
        #expect(refusal(try await aws.failOver(loss: loss)) == Self.inState)
        #expect(try aws.orders.operation == nil)
    }

    @Test func `A global cluster without a primary has nowhere to fail over from`() async throws {
        let aws = try Orders.world()
        aws.world.change { $0.globalClusters["orders-global"]?.update(Orders.east) { $0.isWriter = false } }
        #expect(refusal(try await aws.failOver()) == "InvalidGlobalClusterStateFault")
    }

    @Test func `A region that is down answers nothing`() async throws {
        let aws = try Orders.world()
        aws.takeDown(region: "us-west-2", by: .drop)
        await #expect(throws: Dropped.self) { try await aws.failOver() }
        #expect(try aws.orders.operation == nil)
        #expect(try await aws.failOver(to: Orders.east).status == 400)
    }

    @Test func `A lost answer is lost after the operation began`() async throws {
        let aws = try Orders.world()
        aws.inject(Fault(.dropAfterwards, service: "rds", operation: "FailoverGlobalCluster", times: 1))
        await #expect(throws: Dropped.self) { try await aws.failOver() }
        #expect(try aws.orders.operation?.to == Orders.west)
    }

    @Test func `What is unknown cannot be chosen for`() throws {
        let aws = try Orders.world()
        #expect(throws: LocalAWSError.self) { try aws.setFailoverBehavior(.stall, ofGlobalCluster: "none") }
        #expect(throws: LocalAWSError.self) { try aws.setLag(milliseconds: 1, ofGlobalCluster: "none") }
    }
}
