import Foundation
import LocalAWS
import Testing

@Suite("The rejoin of an Aurora cluster, as built")
struct RejoinTests {
    typealias D = Deployment

    static let changes: Set<String> = [
        "RemoveFromGlobalCluster", "ModifyGlobalCluster", "CreateGlobalCluster", "CreateDBCluster", "CreateDBInstance",
        "DeleteDBInstance", "DeleteDBCluster", "DeleteGlobalCluster",
    ]

    struct Plan: Decodable {
        var isNeeded: Bool
        var isDone: Bool
        var next: String?
        var steps: [Step]

        struct Step: Decodable {
            var kind: String
            var state: String
            var commands: [String]
        }
    }

    /// What AWS takes its time for is over when it has been accepted.
    static func finishAtOnce(_ aws: LocalAWS) {
        aws.events.observe { [weak aws] event in
            guard case .requestServed(let request) = event.kind, request.status == 200,
                changes.contains(request.operation)
            else { return }
            aws?.clock.advance(by: .seconds(600))
        }
    }

    @Test("After a detachment the command line shows the steps, and takes them when it is told to")
    func wholeWay() async throws {
        let world = try await Deployment(regions: []) { aws in
            aws.putSampleGlobalCluster()
            try aws.setHealthy(false, region: D.east)
            Self.finishAtOnce(aws)
        }
        var environment = world.aws.environment(forRegion: D.west).merging(D.variables) { $1 }
        environment["GLOBAL_DATASTORE_ID"] = nil
        environment["GLOBAL_CLUSTER_ID"] = LocalAWS.Sample.globalClusterID
        environment["AURORA_ACTION"] = "detach"
        environment["PAUSE_PARAMETER"] = D.pauseParameter
        func promoter(_ arguments: String...) async throws -> ChildProcess.Result {
            try await D.run("promoter", arguments, environment: environment)
        }
        func plan(_ result: ChildProcess.Result) throws -> Plan {
            try JSONDecoder().decode(Plan.self, from: Data(result.output.utf8))
        }
        var done: [String] { world.aws.requests.map(\.operation).filter(Self.changes.contains) }

        #expect(try await plan(promoter("rejoin", "-o", "json")).isNeeded == false)
        #expect(try await promoter("check").status == 0)
        #expect(done == ["RemoveFromGlobalCluster"])

        let shown = try await promoter("rejoin", "--plan", "-o", "json")
        #expect(shown.status == 0)
        let steps = try plan(shown)
        #expect(steps.next == "setAside")
        #expect(
            steps.steps.flatMap(\.commands).contains(
                "aws rds --region us-east-1 modify-global-cluster --global-cluster-identifier orders-global"
                    + " --new-global-cluster-identifier orders-global-old"))
        #expect(try await promoter("rejoin", "--apply").status == 64, "nobody is there to confirm it")
        #expect(try await promoter("rejoin", "--apply", "--plan").status == 64)
        #expect(try await promoter("rejoin", "--apply", "--of", "datastore").status == 64)
        #expect(try await promoter("rejoin", "--instances", "17").status == 64)
        let wrong = try await promoter("rejoin", "--apply", "--yes", "--delete-old-cluster", "orders-usw2")
        #expect(wrong.status == 1)
        #expect(done == ["RemoveFromGlobalCluster"])

        let applied = try await promoter("rejoin", "--apply", "--yes", "-o", "json", "--instance-class", "db.r8g.large")
        #expect(applied.status == 0)
        #expect(try plan(applied).isDone)
        #expect(
            done == [
                "RemoveFromGlobalCluster", "ModifyGlobalCluster", "CreateGlobalCluster", "CreateDBCluster",
                "CreateDBInstance",
            ])
        let global = try #require(world.aws.globalCluster(LocalAWS.Sample.globalClusterID))
        #expect(global.writer == LocalAWS.Sample.cluster(in: D.west))
        let secondary = try #require(world.aws.dbCluster("orders-use1-rejoined", region: D.east))
        #expect(global.member(secondary.key)?.isConnected == true)
        #expect(secondary.instances.map(\.instanceClass) == ["db.r8g.large"])
        #expect(try await promoter("rejoin", "--apply", "--yes").status == 0)
        #expect(done.count == 5)

        // Who may write nothing is told at which step it stopped.
        _ = world.aws.inject(
            Fault(
                .error(status: 403, code: "AccessDenied", message: "no"), service: "rds", operation: "DeleteDBInstance")
        )
        let refused = try await promoter("rejoin", "--apply", "--yes", "--delete-old-cluster", "orders-use1")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("deleteInstances"))
        #expect(world.aws.dbCluster("orders-use1", region: D.east)?.instances.count == 1)
        await world.stop()
    }
}
