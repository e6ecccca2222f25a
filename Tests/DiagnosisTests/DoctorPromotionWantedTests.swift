import AWSClient
import Failover
import Functions
import Promotion
import Testing

@testable import Diagnosis

@Suite("What is said where a promotion is wanted, or a member is missing")
struct DoctorPromotionWantedTests {
    static func reading(_ change: (inout GroupReading) -> Void) -> GroupReading {
        var reading = GroupReading(
            id: "ldgnf-x", dnsName: "app.example.com", ownRegion: "us-west-2", policy: Policy(),
            group: .success(
                .init(
                    GlobalReplicationGroup(
                        id: "ldgnf-x", status: "available",
                        members: [DoctorDatastoreChecksTests.east, DoctorDatastoreChecksTests.west]))))
        reading.active = .region("us-west-2")
        change(&reading)
        return reading
    }

    @Test(
        "A member that is secondary where the traffic is, is no good finding",
        arguments: [
            (ActiveRegion.region("us-west-2"), "SECONDARY", Finding.Code.promotionWanted),
            (.region("us-east-1"), "SECONDARY", .localMember), (.region("us-west-2"), "PRIMARY", .localMember),
            (.ambiguous(["us-east-1", "us-west-2"]), "SECONDARY", .localMember), (.notAsked, "SECONDARY", .localMember),
        ])
    func wanted(_ active: ActiveRegion, _ role: String, _ code: Finding.Code) {
        let findings = GroupChecks.findings(
            Self.reading {
                $0.active = active
                let members = [
                    DoctorDatastoreChecksTests.changed(DoctorDatastoreChecksTests.east) {
                        $0.role = role == "PRIMARY" ? "SECONDARY" : "PRIMARY"
                    }, DoctorDatastoreChecksTests.changed(DoctorDatastoreChecksTests.west) { $0.role = role },
                ]
                $0.group = .success(.init(GlobalReplicationGroup(id: "ldgnf-x", status: "available", members: members)))
            })
        #expect(findings.last?.code == code)
        #expect(findings.last?.level == (code == .promotionWanted ? .warning : .good))
    }

    @Test("It is said what a check would come to")
    func foreseen() throws {
        func text(_ change: (inout GroupReading) -> Void) throws -> String {
            try #require(
                GroupChecks.findings(Self.reading(change)).first { $0.code == .promotionWanted }
            ).text
        }
        #expect(try text { _ in }.contains("would promote usw2"))
        #expect(try text { $0.policy.confirmations = 3 }.contains("3 checks"))
        #expect(try text { $0.pause = .paused(.init(by: "ann")) }.contains("ann"))
        #expect(
            try text {
                $0.policy.maximumLag = .seconds(1)
                $0.lag = .known(.seconds(9))
            }.contains("9 s"))
    }

    @Test("The doctor brings DNS, the pause and the datastore together")
    func together() async {
        #expect(await DoctorWorld().examine().codes(.good).contains(.localMember))
        let members =
            DoctorWorld.member("sessions-use1", "us-east-1", "PRIMARY")
            + DoctorWorld.member("sessions-usw2", "us-west-2", "SECONDARY")
        let world = DoctorWorld([
            "DescribeGlobalReplicationGroups": DoctorWorld.group(members),
            "GetParameter": DoctorWorld.Answer(body: #"{"Parameter":{"Name":"/p","Value":"true","Version":1}}"#),
        ])
        let report = await world.examine(["PAUSE_PARAMETER": "/p"])
        #expect(report.codes(.warning).contains(.promotionWanted))
        #expect(report.findings.first { $0.code == .promotionWanted }?.text.contains("paused") == true)
    }

    @Test("A status of the datastore is held against the statuses in which it is promoted")
    func status() throws {
        func finding(_ status: String, _ statuses: [String]) throws -> Finding {
            try #require(
                GroupChecks.findings(
                    Self.reading {
                        $0.policy.promoteInStatus = statuses
                        $0.group = .success(.init(GlobalReplicationGroup(id: "ldgnf-x", status: status, members: [])))
                    }
                ).first)
        }
        // That available is missing is a matter of the configuration: the datastore is well.
        #expect(try finding("available", ["modifying"]).code == .available)
        #expect(try finding("modifying", ["available", "creating"]).remedy?.contains("available or creating") == true)
        #expect(try finding("modifying", ["modifying"]).text.contains("PROMOTE_IN_STATUS"))
    }

    @Test("Where the region has no member, it may have been detached without a record of it")
    func hint() async throws {
        func overview(_ answer: DoctorWorld.Answer) async throws -> Promotion.Overview {
            let world = DoctorWorld(["DescribeGlobalReplicationGroups": answer])
            let variables = environment(["AWS_REGION": "us-west-2"].merging(credentials) { $1 })
            let assembly = try PromoterAssembly(
                environment: variables, configuration: PromoterConfiguration(environment: variables), executor: world,
                resolver: world)
            return await (try #require(assembly.watches.first)).promoter.overview(deadline: .now + .seconds(60))
        }
        let gone = try await overview(DoctorWorld.group(DoctorWorld.member("sessions-use1", "us-east-1", "PRIMARY")))
        #expect(gone.verdict.contains("rejoin --plan"))
        let hidden = try await overview(DoctorWorld.denied("GlobalReplicationGroupNotFoundFault"))
        #expect(hidden.groupFailure?.contains("rejoin --plan") == true)
        let denied = try await overview(DoctorWorld.denied())
        #expect(denied.groupFailure?.contains("rejoin --plan") == false)

        for answer in [
            DoctorWorld.group(DoctorWorld.member("sessions-use1", "us-east-1", "PRIMARY")),
            DoctorWorld.denied("GlobalReplicationGroupNotFoundFault"),
        ] {
            let report = await DoctorWorld(["DescribeGlobalReplicationGroups": answer]).examine()
            let finding = try #require(report.findings.first { $0.subject == .datastore && $0.level == .wrong })
            #expect(finding.remedy?.contains("rejoin --plan") == true)
        }

        #expect(
            Decision.detachmentHint(for: PromotionError(code: .misconfigured, reason: "no member"), .datastore) != nil)
        #expect(Decision.detachmentHint(for: PromotionError(code: .orderRefused, reason: "no"), .datastore) == nil)
    }
}
