import Foundation
import LocalAWS
import Testing

@Suite("Doctor and rejoin, as built")
struct DoctorTests {
    typealias D = Deployment

    struct Report: Decodable {
        struct Finding: Decodable {
            var level: String
            var subject: String
            var code: String
            var text: String
            var remedy: String?
        }

        var ok: Bool
        var region: String?
        var findings: [Finding]

        func codes(_ level: String) -> Set<String> { Set(findings.filter { $0.level == level }.map(\.code)) }
    }

    static func examine(
        _ world: Deployment, _ variables: [String: String] = [:], _ arguments: [String] = []
    ) async throws -> (report: Report, status: Int32) {
        let environment = world.aws.environment(forRegion: D.west).merging(D.variables) { $1 }.merging(variables) { $1 }
        let result = try await D.run("promoter", ["doctor", "-o", "json"] + arguments, environment: environment)
        return (try JSONDecoder().decode(Report.self, from: Data(result.output.utf8)), result.status)
    }

    static let careful = ["CONFIRMATIONS": "2", "HOLD_DOWN_SECONDS": "300"]

    @Test("A healthy set-up ends with 0, and nothing is changed")
    func healthy() async throws {
        let world = try await Deployment(regions: [])
        let (report, status) = try await Self.examine(world, Self.careful)
        #expect(status == 0)
        #expect(report.ok)
        #expect(report.region == D.west)
        #expect(report.codes("error").isEmpty)
        #expect(
            report.codes("ok").isSuperset(of: [
                "watched", "caller", "reachable", "allowed", "resolves", "active", "available", "localMember",
            ]))
        #expect(world.promotionRequests.isEmpty)
        await world.stop()
    }

    @Test("A broken set-up ends with 1, and shows all that is broken")
    func broken() async throws {
        let world = try await Deployment(regions: [])
        world.aws.inject(Fault(.error(status: 403, code: "AccessDenied", message: "not you"), service: "route53"))
        let (report, status) = try await Self.examine(
            world, ["HOLD_DOWN_SECONDS": "x", "GLOBAL_DATASTORE_ID": "ldgnf-other", "DRY_RUN": "true"])
        #expect(status == 1)
        #expect(!report.ok)
        #expect(
            report.codes("error").isSuperset(of: ["wrongValue", "denied", "recordsUnreadable", "datastoreMissing"]))
        #expect(report.codes("warning").isSuperset(of: ["dryRun", "oneConfirmation"]))
        #expect(report.codes("ok").isSuperset(of: ["caller", "resolves"]))
        #expect(report.findings.filter { $0.level != "ok" }.allSatisfy { $0.remedy?.isEmpty == false })
        await world.stop()
    }

    @Test("An endpoint that hangs costs its own lines, and no more time than is given")
    func hanging() async throws {
        let world = try await Deployment(regions: [])
        world.aws.inject(Fault(.hang, service: "elasticache"))
        let (report, status) = try await Self.examine(world, Self.careful, ["--timeout", "3"])
        #expect(status == 1)
        #expect(report.codes("error") == ["unreachable", "datastoreUnreadable"])
        #expect(report.codes("ok").isSuperset(of: ["caller", "resolves", "active"]))
        await world.stop()
    }

    @Test("Each finding is a line with its sign")
    func text() async throws {
        let world = try await Deployment(regions: [])
        let environment = world.aws.environment(forRegion: D.west).merging(D.variables) { $1 }
        let result = try await D.run("promoter", ["doctor"], environment: environment)
        #expect(result.status == 0)
        let lines = result.output.split(separator: "\n")
        #expect(lines.count > 5)
        #expect(lines.allSatisfy { $0.hasPrefix("✓ ") || $0.hasPrefix("! ") })
        #expect(result.errors.isEmpty)
        await world.stop()
    }

    @Test("The plan to rejoin has the ids of this account, and is empty while the member is in the datastore")
    func rejoin() async throws {
        let world = try await Deployment(regions: [])
        let environment = world.aws.environment(forRegion: D.west).merging(D.variables) { $1 }
        let usage = try await D.run("promoter", ["rejoin"], environment: environment)
        #expect(usage.status == 64)
        #expect(usage.errors.contains("--plan"))
        let before = try await D.run("promoter", ["rejoin", "--plan"], environment: environment)
        #expect(before.status == 0)
        #expect(!before.output.contains("aws elasticache"))

        let member = LocalAWS.Sample.member(in: D.west)
        try world.aws.world.update { state in
            try state.datastores[LocalAWS.Sample.datastoreID]?.startDisassociation(ofMember: member, region: D.west)
            _ = state.datastores[LocalAWS.Sample.datastoreID]?.finishDisassociation(ofMember: member)
        }
        let after = try await D.run("promoter", ["rejoin", "--plan", "--member", member], environment: environment)
        #expect(after.status == 0)
        #expect(after.output.contains("--primary-replication-group-id \(member)"))
        // It is read where the records lead: this region does not see it any more.
        #expect(after.output.contains("--replication-group-id \(LocalAWS.Sample.member(in: D.east))"))
        #expect(after.errors.isEmpty)
        await world.stop()
    }
}
