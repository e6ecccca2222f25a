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

        /// What is wrong, as `SUBJECT CODE`.
        var errors: Set<String> { Set(findings.filter { $0.level == "error" }.map { "\($0.subject) \($0.code)" }) }
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

    static let everything = careful.merging([
        "CHECK_INTERVAL_SECONDS": "1", "CACHE_MAX_AGE_SECONDS": "300",
        "PAUSE_PARAMETER": D.pauseParameter, "NOTIFY_TOPIC_ARN": D.topic, "MAX_REPLICATION_LAG_SECONDS": "5",
        "WHEN_FAILOVER_REFUSED": "detach",
    ]) { $1 }

    @Test(
        "A set-up with all that there is ends with 0, with or without Route 53, as it is here or as it is deployed",
        arguments: [false, true], [false, true])
    func everything(hasTargets: Bool, isDeployed: Bool) async throws {
        let world = try await Deployment(regions: [])
        world.aws.setParameter(D.pauseParameter, to: "running", region: D.west)
        var variables = Self.everything
        if hasTargets { variables["RECORD_TARGETS"] = StaticStabilityTests.recordTargets }
        if isDeployed {
            var settings = FunctionSettings()
            settings.environment = D.variables.merging(variables) { $1 }
            settings.reservedConcurrency = 1
            try await world.aws.addFunction(name: "promoter", region: D.west, settings: settings)
        }
        let (report, status) = try await Self.examine(
            world, isDeployed ? [:] : variables, isDeployed ? ["--function", "promoter"] : [])
        #expect(report.errors == [])
        #expect(status == 0)
        #expect(report.ok)
        #expect(report.codes("warning") == [])
        #expect(report.codes("ok").isSuperset(of: ["running", "lag", "localMember"]))
        #expect(report.codes("ok").contains("functionExists") == isDeployed)
        // Each of the services that are configured was asked.
        let used = Set(world.aws.requests.map(\.service))
        #expect(used.isSuperset(of: ["elasticache", "ssm", "sns", "monitoring", "sts", "iam"]))
        #expect(used.contains("route53") == !hasTargets)
        // And nothing was tried out that changes something.
        let changes = ["Failover", "Disassociate", "Put", "Publish"]
        #expect(!world.aws.requests.contains { request in changes.contains { request.operation.hasPrefix($0) } })
        await world.stop()
    }

    enum Defect: String, CaseIterable {
        case promotionDenied, detachmentDenied, historyDenied, topicDenied, topicUnreachable, noLocalMember, wrongZone
        case metricsDenied, pauseDenied

        /// - Returns: variables that are wrong.
        func make(in aws: LocalAWS) throws -> [String: String] {
            let refusal = Fault.Effect.error(status: 403, code: "AccessDenied", message: "not you")
            let refusalInJSON = Fault.Effect.error(status: 400, code: "AccessDeniedException", message: "not you")
            switch self {
            case .promotionDenied: aws.deny(actions: ["elasticache:FailoverGlobalReplicationGroup"])
            case .detachmentDenied: aws.deny(actions: ["elasticache:DisassociateGlobalReplicationGroup"])
            case .historyDenied: aws.deny(actions: ["ssm:PutParameter"])
            case .topicDenied: aws.deny(actions: ["sns:Publish"])
            case .topicUnreachable: aws.inject(Fault(.drop, service: "sns"))
            case .noLocalMember:
                try aws.world.update { state in
                    state.datastores[LocalAWS.Sample.datastoreID]?.members.removeAll { $0.region == D.west }
                }
            case .wrongZone: return ["HOSTED_ZONE_ID": "Z0OTHER"]
            case .metricsDenied: aws.inject(Fault(refusal, operation: "GetMetricData"))
            case .pauseDenied: aws.inject(Fault(refusalInJSON, operation: "GetParameter"))
            }
            return [:]
        }

        var errors: Set<String> {
            switch self {
            case .promotionDenied, .detachmentDenied, .historyDenied, .topicDenied, .metricsDenied, .pauseDenied:
                ["permission denied"]
            case .topicUnreachable: ["endpoint unreachable"]
            // AWS does not show a datastore to a region that has no member of it.
            case .noLocalMember: ["datastore datastoreMissing"]
            case .wrongZone: ["dns recordsUnreadable"]
            }
        }

        /// The action, of a permission that is missing.
        var action: String? {
            switch self {
            case .promotionDenied: "elasticache:FailoverGlobalReplicationGroup"
            case .detachmentDenied: "elasticache:DisassociateGlobalReplicationGroup"
            case .historyDenied: "ssm:PutParameter"
            case .topicDenied: "sns:Publish"
            case .metricsDenied: "cloudwatch:GetMetricData"
            case .pauseDenied: "ssm:GetParameter"
            case .topicUnreachable, .noLocalMember, .wrongZone: nil
            }
        }
    }

    @Test(
        "Of a set-up with all that there is one thing that is wrong is one error, of its kind",
        arguments: Defect.allCases)
    func defect(_ defect: Defect) async throws {
        let world = try await Deployment(regions: [])
        world.aws.setParameter(D.pauseParameter, to: "running", region: D.west)
        let variables = try defect.make(in: world.aws)
        let (report, status) = try await Self.examine(world, Self.everything.merging(variables) { $1 })
        #expect(report.errors == defect.errors)
        #expect(status == 1)
        let errors = report.findings.filter { $0.level == "error" }
        #expect(errors.count == 1)
        if let action = defect.action { #expect(errors.first?.text.contains(action) == true) }
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
        let usage = try await D.run("promoter", ["rejoin", "--apply"], environment: environment)
        #expect(usage.status != 0, "the steps for a datastore are people's")
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
