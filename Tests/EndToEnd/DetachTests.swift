import Foundation
import LocalAWS
import Testing

@Suite("A member that is detached")
struct DetachTests {
    typealias D = Deployment

    static let variables: [String: String?] = ["WHEN_FAILOVER_REFUSED": "detach", "DETACH_AFTER_SECONDS": "180"]

    struct Plan: Decodable {
        var globalDatastoreId: String
        var isNeeded: Bool
        var steps: [Step]

        struct Step: Decodable {
            var commands: [String]
        }
    }

    static func detachments(_ world: Deployment) -> [[String: String]] {
        world.aws.requests.filter { $0.operation == "DisassociateGlobalReplicationGroup" }.map { request in
            request.parameters.filter { !["Action", "Version"].contains($0.key) }
        }
    }

    @Test("was refused its promotion for as long as the user says, no less; what comes after goes by the history")
    func detached() async throws {
        let clock = try MovedClock()
        let world = try await D(livingBy: clock, Self.variables) { aws in
            try aws.setFailoverBehavior(.refuse, ofDatastore: LocalAWS.Sample.datastoreID)
            try aws.setHealthy(false, region: D.east)
        }
        for _ in 0..<3 {
            #expect(try await world.check(D.west).reason == "changeUnderWay")
            #expect(Self.detachments(world).isEmpty)
            try clock.pass(seconds: 60)
        }
        #expect(try await world.check(D.west).decision == "detach")
        let member = LocalAWS.Sample.member(in: D.west)
        let detachment = [
            "GlobalReplicationGroupId": LocalAWS.Sample.datastoreID, "ReplicationGroupId": member,
            "ReplicationGroupRegion": D.west,
        ]
        #expect(Self.detachments(world) == [detachment])
        // It has left, and AWS does not show the datastore to this region any more.
        world.aws.clock.advance(by: .seconds(60))
        try clock.pass(seconds: 60)
        #expect(try await world.check(D.west).reason == "detached")
        #expect(try await world.history().map(\.outcome) == ["detached"])

        // A new process knows it from there, and makes no error of it.
        let process = try await world.restart(Self.variables)
        for _ in 0..<2 { #expect(try await world.check(D.west).reason == "detached") }
        process.kill()
        #expect(!ContinuousTests.members("level", of: await process.exit().output).contains("ERROR"))
        #expect(Self.detachments(world) == [detachment])

        let result = try await world.promoter("rejoin", "--plan", "-o", "json")
        #expect(result.status == 0)
        let plan = try JSONDecoder().decode(Plan.self, from: Data(result.output.utf8))
        #expect(plan.isNeeded)
        #expect(plan.globalDatastoreId == LocalAWS.Sample.datastoreID)
        let commands = plan.steps.flatMap(\.commands)
        for id in [LocalAWS.Sample.datastoreID, member, LocalAWS.Sample.member(in: D.east)] {
            #expect(commands.contains { $0.split(separator: " ").contains(id[...]) }, "\(id)")
        }
        await world.stop()
    }

    @Test("is an error of a function without that on record, as any region without a member is")
    func notOnRecord() async throws {
        let world = try await Deployment(
            regions: [D.west], variables: Self.variables.merging(["PAUSE_PARAMETER": D.pauseParameter]) { $1 }
        ) { aws in
            try aws.setHealthy(false, region: D.east)
            try aws.world.update { state in
                state.datastores[LocalAWS.Sample.datastoreID]?.members.removeAll { $0.region == D.west }
            }
        }
        guard case .error = try await world.invoke(D.west) else {
            Issue.record("no error")
            return
        }
        #expect(Self.detachments(world).isEmpty)
        await world.stop()
    }
}
