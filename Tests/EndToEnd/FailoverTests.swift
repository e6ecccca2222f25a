import Foundation
import LocalAWS
import Testing

@Suite("Failing over and back")
struct FailoverTests {
    typealias D = Deployment

    @Test("Two promoters fail over and back three times, each promotion exactly once")
    func backAndForth() async throws {
        let world = try await Deployment()
        var expected: [[String: String]] = []
        for _ in 0..<3 {
            for (healthy, from, to) in [(false, D.east, D.west), (true, D.west, D.east)] {
                try world.aws.setHealthy(healthy, region: D.east)
                // The promoters run on; neither knows of the other.
                #expect(try await world.check(from).reason == "standby")
                #expect(try await world.check(to).decision == "promote")
                expected.append(D.promotion(of: to))
                #expect(world.promotionRequests == expected)

                // Until AWS is done with it, nobody asks again.
                for _ in 0..<3 {
                    #expect(try await world.check(to).reason == "promotionUnderWay")
                    #expect(try await world.check(from).reason == "standby")
                }
                #expect(world.primaryRegion == from)
                world.finishFailover()
                #expect(world.primaryRegion == to)
                #expect(try await world.check(to).reason == "inPlace")
                #expect(try await world.check(from).reason == "standby")
            }
        }
        #expect(world.promotionRequests == expected)
        #expect(expected.count == 6)
        await world.stop()
    }

    @Test(
        "With three regions each promotes its own member, and the one that DNS never leads to none",
        arguments: [D.west, D.third])
    func threeRegions(second: String) async throws {
        let world = try await Deployment(regions: [D.east, D.west, D.third], threeRegions: true) { aws in
            try aws.world.update { state in
                let alias = RecordSet.Alias(
                    hostedZoneID: LocalAWS.Sample.balancerZoneID(in: second),
                    dnsName: LocalAWS.Sample.target(in: second).name)
                // Takes the place of the sample's secondary record.
                state.zones[LocalAWS.Sample.zoneID]?.put(
                    RecordSet(
                        name: DNSName(LocalAWS.Sample.recordName), type: "A", setIdentifier: "app-\(D.west)",
                        failover: .secondary,
                        alias: alias))
            }
        }
        for region in [D.east, D.west, D.third] {
            #expect(try await world.check(region).reason == (region == D.east ? "inPlace" : "standby"))
        }
        try world.aws.setHealthy(false, region: D.east)
        let bystander = second == D.west ? D.third : D.west
        #expect(try await world.check(D.east).reason == "standby")
        #expect(try await world.check(bystander).reason == "standby")
        #expect(try await world.check(second).decision == "promote")
        world.finishFailover()
        #expect(try await world.check(second).reason == "inPlace")
        #expect(world.promotionRequests == [D.promotion(of: second)])
        #expect(world.aws.requests.last { $0.operation == "FailoverGlobalReplicationGroup" }?.region == second)
        await world.stop()
    }

    @Test("The command line promotes, too: with the original tool's flags, and exit code 0")
    func commandLine() async throws {
        let world = try await Deployment(regions: [])
        try world.aws.setHealthy(false, region: D.east)
        let flags = [
            "--hz", "/hostedzone/\(LocalAWS.Sample.zoneID)", "-d", "APP.example.com.", "-g",
            LocalAWS.Sample.datastoreID,
        ]
        let environment = world.aws.environment(forRegion: D.west)

        let dryRun = try await Deployment.run(
            "promoter", ["check", "--dry-run", "-o", "json"] + flags, environment: environment)
        #expect(dryRun.status == 0)
        #expect(try JSONDecoder().decode(D.Check.self, from: Data(dryRun.output.utf8)).decision == "wouldPromote")
        #expect(world.promotionRequests.isEmpty)

        let result = try await Deployment.run("promoter", flags, environment: environment)
        #expect(result.status == 0)
        #expect(world.promotionRequests == [D.promotion(of: D.west)])
        world.finishFailover()
        #expect(world.primaryRegion == D.west)

        let again = try await Deployment.run(
            "promoter", ["check", "--output", "json"] + flags, environment: environment)
        #expect(again.status == 0)
        #expect(try JSONDecoder().decode(D.Check.self, from: Data(again.output.utf8)).reason == "inPlace")
        #expect(world.promotionRequests.count == 1)
        await world.stop()
    }

    @Test("The command line program runs as the function, too, where Lambda starts it")
    func commandAsFunction() async throws {
        let world = try await Deployment(regions: [D.east], start: false)
        try world.launch(D.east, product: "promoter")
        #expect(try await world.check(D.east).reason == "inPlace")
        await world.stop()
    }
}
