import Foundation
import LocalAWS
import Testing

@Suite("The command line")
struct CommandLineTests {
    typealias D = Deployment

    static func run(_ arguments: [String], _ environment: [String: String]) async throws -> ChildProcess.Result {
        try await Deployment.run("promoter", arguments, environment: environment)
    }

    @Test(
        "Wrong usage and wrong configuration end with 64, and say what to change",
        arguments: [
            (["--no-such-flag"], [:], "--no-such-flag"), (["check", "--timeout", "0"], [:], "--timeout"),
            (["watch", "--interval", "0"], [:], "--interval"), (["watch", "--count", "0"], [:], "--count"),
            (["check", "--output", "xml"], [:], "--output"), (["nonsense"], [:], "nonsense"),
            ([], ["DNS_NAME": ""], "DNS_NAME"), ([], ["HOSTED_ZONE_ID": "Z 1"], "HOSTED_ZONE_ID"),
            (["-g", "a b"], [:], "GLOBAL_DATASTORE_ID"), ([], ["CONFIRMATIONS": "0"], "CONFIRMATIONS"),
            ([], ["RECORD_REGIONS": "{"], "RECORD_REGIONS"),
            ([], ["AWS_REGION": "", "AWS_DEFAULT_REGION": ""], "AWS_REGION"),
            ([], ["AWS_ENDPOINT_URL": "nonsense"], "AWS_ENDPOINT_URL"), ([], ["AWS_PROFILE": "nobody"], "AWS_PROFILE"),
        ] as [([String], [String: String], String)])
    func usage(arguments: [String], variables: [String: String], named: String) async throws {
        let world = try await Deployment(regions: [])
        let environment = world.aws.environment(forRegion: D.west).merging(D.variables) { $1 }.merging(variables) { $1 }
        let result = try await Self.run(arguments, environment)
        #expect(result.status == 64)
        #expect(result.errors.contains(named))
        #expect(result.output.isEmpty)
        #expect(world.aws.requests.isEmpty)
        await world.stop()
    }

    @Test("A check that fails ends with 1 and says on standard error what was being done")
    func failure() async throws {
        let world = try await Deployment(regions: [])
        world.aws.inject(Fault(.error(status: 403, code: "AccessDenied", message: "not you"), service: "route53"))
        let environment = world.aws.environment(forRegion: D.west).merging(D.variables) { $1 }
        for subcommand in ["check", "status"] {
            let result = try await Self.run([subcommand], environment)
            #expect(result.status == 1)
            #expect(result.errors.contains("ListResourceRecordSets"))
            // Status shows what can be seen all the same: it is for outages.
            #expect(result.output.contains(LocalAWS.Sample.member(in: D.west)) == (subcommand == "status"))
        }
        let watch = try await Self.run(["watch", "--count", "2", "--interval", "0.2"], environment)
        #expect(watch.status == 1)
        await world.stop()
    }

    @Test("Status shows records, answer, members and the decision, and changes nothing", arguments: ["text", "json"])
    func status(format: String) async throws {
        let world = try await Deployment(regions: [])
        try world.aws.setHealthy(false, region: D.east)
        let environment = world.aws.environment(forRegion: D.west).merging(D.variables) { $1 }
        let result = try await Self.run(["status", "-o", format], environment)
        #expect(result.status == 0)
        for fact in [
            LocalAWS.Sample.recordName, LocalAWS.Sample.target(in: D.east).name.withoutFinalDot, "10.1.2.10", "PRIMARY",
            "SECONDARY",
            LocalAWS.Sample.member(in: D.west), "available", "associated",
        ] {
            #expect(result.output.contains(fact), "\(fact)")
        }
        #expect(world.promotionRequests.isEmpty)
        if format == "json" {
            let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
            #expect(object?["activeRegion"] as? String == D.west)
            #expect(object?["hostedZoneId"] as? String == LocalAWS.Sample.zoneID)
            #expect((object?["check"] as? [String: Any])?["decision"] as? String == "promote")
        }
        await world.stop()
    }

    @Test("Watch checks as often as it is told, and confirmations count across its checks")
    func watch() async throws {
        let world = try await Deployment(regions: [])
        try world.aws.setHealthy(false, region: D.east)
        let environment = world.aws.environment(forRegion: D.west).merging(D.variables) { $1 }.merging([
            "CONFIRMATIONS": "3"
        ]) { $1 }
        let result = try await Self.run(
            ["watch", "--count", "4", "--interval", "0.2", "--output", "json"], environment)
        #expect(result.status == 0)
        let checks = try result.output.split(separator: "\n").map {
            try JSONDecoder().decode(D.Check.self, from: Data($0.utf8))
        }
        #expect(checks.map(\.reason) == ["confirming", "confirming", "activeAndSecondary", "promotionUnderWay"])
        #expect(world.promotionRequests.count == 1)
        await world.stop()
    }

    @Test("A result that cannot be written is no success", arguments: ["check", "status"])
    func fullDisk(subcommand: String) async throws {
        let world = try await Deployment(regions: [])
        let environment = world.aws.environment(forRegion: D.east).merging(D.variables) { $1 }
        let command = "exec '\(D.path(of: "promoter"))' \(subcommand) > /dev/full"
        let result = try await ChildProcess.run("/bin/sh", ["-c", command], environment: environment)
        #expect(result.status == 1)
        #expect(result.errors.contains("standard output"))
        await world.stop()
    }

    @Test("The Lambda executable says what it is where Lambda did not start it")
    func bootstrapAlone() async throws {
        let result = try await Deployment.run("bootstrap", environment: [:])
        #expect(result.status == 64)
        #expect(result.errors.contains("AWS_LAMBDA_RUNTIME_API"))
    }

    @Test(
        "Help and version need no configuration",
        arguments: [["--help"], ["--version"], ["help", "status"], ["check", "--help"]])
    func help(arguments: [String]) async throws {
        let result = try await Self.run(arguments, [:])
        #expect(result.status == 0)
        #expect(!result.output.isEmpty)
    }
}
