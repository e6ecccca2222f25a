import Foundation
import LocalAWS
import Testing

@Suite("The guard against the loss of what has not been replicated")
struct LagTests {
    typealias D = Deployment

    struct Case: CustomTestStringConvertible {
        /// nil: CloudWatch has no datapoints.
        var lag: Double?
        var whenUnknown = "hold"
        var reason: String

        var testDescription: String { "\(lag.map { "\($0) s" } ?? "not known"), \(whenUnknown): \(reason)" }
    }

    static let cases = [
        Case(lag: 5.1, reason: "lagging"), Case(lag: 5.1, whenUnknown: "promote", reason: "lagging"),
        Case(lag: 5, reason: "activeAndSecondary"), Case(lag: nil, reason: "lagUnknown"),
        Case(lag: nil, whenUnknown: "promote", reason: "activeAndSecondary"),
    ]

    static func world(_ testCase: Case) async throws -> Deployment {
        let variables = ["MAX_REPLICATION_LAG_SECONDS": "5", "WHEN_LAG_UNKNOWN": testCase.whenUnknown]
        return try await Deployment(regions: [D.west], variables: variables) { aws in
            try aws.setLag(testCase.lag, ofDatastore: LocalAWS.Sample.datastoreID)
            try aws.setHealthy(false, region: D.east)
        }
    }

    @Test("holds a promotion until the lag is known and small enough, or as the user says", arguments: cases)
    func lag(_ testCase: Case) async throws {
        let world = try await Self.world(testCase)
        #expect(try await world.check(D.west).reason == testCase.reason)
        guard testCase.reason != "activeAndSecondary" else {
            #expect(world.promotionRequests == [D.promotion(of: D.west)])
            return await world.stop()
        }
        #expect(world.promotionRequests.isEmpty)
        try world.aws.setLag(1, ofDatastore: LocalAWS.Sample.datastoreID)
        #expect(try await world.check(D.west).decision == "promote")
        await world.stop()
    }

    @Test(
        "costs a second at most where CloudWatch hangs, and is then decided by WHEN_LAG_UNKNOWN",
        arguments: [
            Case(lag: 0.2, reason: "lagUnknown"), Case(lag: 0.2, whenUnknown: "promote", reason: "activeAndSecondary"),
        ])
    func hanging(_ testCase: Case) async throws {
        let world = try await Self.world(testCase)
        world.aws.inject(Fault(.hang, service: "monitoring"))
        let check = try D.Check(await world.invoke(D.west, timeout: OutageTests.timeout))
        #expect(check.reason == testCase.reason)
        #expect((900..<2000).contains(check.durationMs))
        #expect(world.promotionRequests.isEmpty == (testCase.whenUnknown == "hold"))
        await world.stop()
    }

    @Test(
        "A switchover is refused where the lag is not known, or too large, and nothing is changed",
        arguments: [nil, 1.1])
    func refused(lag: Double?) async throws {
        let world = try await Deployment(regions: [])
        try world.aws.setLag(lag, ofDatastore: LocalAWS.Sample.datastoreID)
        let result = try await world.promoter("switchover", "--yes", "-o", "json", "--timeout", "10")
        #expect(result.status == 1)
        #expect(result.output.isEmpty)
        #expect(!result.errors.isEmpty)
        #expect(world.promotionRequests.isEmpty)
        #expect(world.primaryRegion == D.east)
        await world.stop()
    }

    @Test("A switchover with a small lag is carried out, and followed to its end")
    func switchover() async throws {
        struct Answer: Decodable {
            var outcome: String
        }
        let world = try await Deployment(regions: [])
        world.finishFailoversAtOnce()
        try world.aws.setLag(1, ofDatastore: LocalAWS.Sample.datastoreID)
        let result = try await world.promoter("switchover", "--yes", "-o", "json")
        #expect(result.status == 0)
        #expect(try JSONDecoder().decode(Answer.self, from: Data(result.output.utf8)).outcome == "promoted")
        #expect(world.promotionRequests == [D.promotion(of: D.west)])
        #expect(world.primaryRegion == D.west)
        await world.stop()
    }
}
