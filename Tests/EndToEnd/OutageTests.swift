import Foundation
import LocalAWS
import Testing

@Suite("When something hangs or fails")
struct OutageTests {
    typealias D = Deployment

    /// Lambda's default timeout, which the original tool's users have.
    static let timeout = Duration.seconds(3)

    enum Hanging: String, CaseIterable, Sendable {
        case route53, describe, failover, everything, dns
    }

    @Test(
        "Every invocation is answered before its deadline, and the next one after the outage works",
        arguments: Hanging.allCases)
    func answeredInTime(hanging: Hanging) async throws {
        let world = try await Deployment(regions: [D.west], start: false)
        try world.aws.setHealthy(false, region: D.east)
        let fault: FaultID? =
            switch hanging {
            case .route53: world.aws.inject(Fault(.hang, service: "route53"))
            case .describe: world.aws.inject(Fault(.hang, operation: "DescribeGlobalReplicationGroups"))
            case .failover: world.aws.inject(Fault(.hang, operation: "FailoverGlobalReplicationGroup"))
            case .everything: world.aws.inject(Fault(.hang))
            case .dns: nil
            }
        if hanging == .dns { world.aws.hostsFile.setHanging(true) }
        try world.launch(D.west)

        for _ in 0..<2 {
            let outcome = try await world.invoke(D.west, timeout: Self.timeout)
            switch outcome {
            case .response(let body):
                // Only DNS that does not answer is something to wait for; the rest are failures.
                let check = try JSONDecoder().decode(D.Check.self, from: body)
                #expect(hanging == .dns && check.reason == "nameServerTimeout", "\(check)")
            case .error(let type, _): #expect(hanging != .dns && type.hasPrefix("Function."), "\(type)")
            default: Issue.record("not answered in time: \(outcome)")
            }
        }
        #expect(world.primaryRegion == D.east)

        if let fault { world.aws.remove(fault) }
        world.aws.hostsFile.setHanging(false)
        #expect(try await world.check(D.west).decision == "promote")
        await world.stop()
    }

    @Test("A promotion whose answer was lost is not asked for twice, and is followed")
    func lostAnswer() async throws {
        let world = try await Deployment()
        try world.aws.setHealthy(false, region: D.east)
        world.aws.inject(Fault(.dropAfterwards, operation: "FailoverGlobalReplicationGroup", times: 1))
        // The read after the lost answer shows that AWS had accepted it.
        let check = try await world.check(D.west)
        #expect(check.reason == "groupStatus")
        // Whoever reads it must not take it for somebody else's promotion.
        #expect(check.message.contains("FailoverGlobalReplicationGroup"))
        #expect(try await !world.check(D.west).message.contains("FailoverGlobalReplicationGroup"))
        world.finishFailover()
        #expect(try await world.check(D.west).reason == "inPlace")
        #expect(world.promotionRequests == [D.promotion(of: D.west)])
        await world.stop()
    }

    @Test("A promotion that AWS could not serve is asked for again, after another look")
    func failedPromotion() async throws {
        let world = try await Deployment(regions: [D.west])
        try world.aws.setHealthy(false, region: D.east)
        world.aws.inject(
            Fault(
                .error(status: 503, code: "ServiceUnavailable", message: "x"),
                operation: "FailoverGlobalReplicationGroup", times: 1))
        let check = try await world.check(D.west)
        #expect(check.decision == "promote")
        let operations = world.aws.requests.filter { $0.service == "elasticache" }.map(\.operation).suffix(4)
        #expect(
            Array(operations) == [
                "DescribeGlobalReplicationGroups", "FailoverGlobalReplicationGroup", "DescribeGlobalReplicationGroups",
                "FailoverGlobalReplicationGroup",
            ])
        await world.stop()
    }

    @Test(
        "An answer that makes no sense fails the check and never promotes",
        arguments: ["DescribeGlobalReplicationGroups", "ListResourceRecordSets"],
        [
            Fault.Effect.raw(
                status: 200, contentType: "text/html", body: "<html><body>Welcome to the hotel</body></html>"),
            .raw(status: 200, contentType: "text/xml", body: ""), .halfAnAnswer,
            .raw(status: 200, contentType: "text/xml", body: "<?xml version=\"1.0\"?><Other/>"),
            .raw(status: 302, contentType: "text/plain", body: "moved"),
            .error(status: 403, code: "AccessDenied", message: "no"), .drop,
        ])
    func nonsense(operation: String, effect: Fault.Effect) async throws {
        let world = try await Deployment(regions: [D.west])
        // In a cold start everything has to be read.
        try world.aws.setHealthy(false, region: D.east)
        world.processes[D.west]?.kill()
        world.aws.clearRequests()
        let fault = world.aws.inject(Fault(effect, operation: operation))
        try world.launch(D.west)
        let outcome = try await world.invoke(D.west)
        guard case .error(let type, let body) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(type.wholeMatch(of: /Function\.[A-Z][a-zA-Z]+/) != nil)
        let report = try JSONDecoder().decode([String: JSONText].self, from: body)
        #expect(report["errorMessage"]?.text.contains(operation) == true)
        #expect(world.promotionRequests.isEmpty)
        world.aws.remove(fault)
        #expect(try await world.check(D.west).decision == "promote")
        await world.stop()
    }

    /// A string or anything else.
    struct JSONText: Decodable {
        var text: String

        init(from decoder: any Decoder) throws {
            text = (try? decoder.singleValueContainer().decode(String.self)) ?? ""
        }
    }

    @Test("With the other region down, and Route 53's control plane with it, the promotion happens all the same")
    func regionDown() async throws {
        let world = try await Deployment()
        #expect(try await world.check(D.west).reason == "standby")
        world.aws.takeDown(region: D.east, by: .drop)
        world.aws.inject(
            Fault(
                .error(status: 403, code: "AccessDenied", message: "x"),
                operation: "FailoverGlobalReplicationGroup", times: 1))
        try world.aws.setHealthy(false, region: D.east)
        world.aws.clearRequests()
        // An error on the way must not send the next check to Route 53, which is not there.
        guard case .error = try await world.invoke(D.west) else {
            Issue.record("no error")
            return
        }
        #expect(try await world.check(D.west).decision == "promote")
        #expect(try await world.check(D.west).reason == "promotionUnderWay")
        world.finishFailover()
        #expect(try await world.check(D.west).reason == "inPlace")
        #expect(world.aws.requests.allSatisfy { $0.service == "elasticache" && $0.region == D.west })
        await world.stop()
    }

    @Test("A name that does not exist holds everything")
    func nameNotFound() async throws {
        let world = try await Deployment(regions: [D.west])
        try world.aws.setResolution(.notFound, of: LocalAWS.Sample.recordName)
        #expect(try await world.check(D.west).reason == "nameNotFound")
        try world.aws.setResolution(.addresses(["192.0.2.1"]), of: LocalAWS.Sample.recordName)
        #expect(try await world.check(D.west).reason == "noRecordMatches")
        let both = [D.east, D.west].flatMap { LocalAWS.Sample.target(in: $0).addresses }
        try world.aws.setResolution(.addresses(both), of: LocalAWS.Sample.recordName)
        #expect(try await world.check(D.west).reason == "ambiguous")
        #expect(world.promotionRequests.isEmpty)
        await world.stop()
    }
}
