import Failover
import Functions
import JSON
import Testing

@testable import Diagnosis

@Suite("What is looked at for the plan to rejoin")
struct RejoinSurveyTests {
    static let alone = DoctorWorld.group(DoctorWorld.member("sessions-use1", "us-east-1", "PRIMARY"))

    static func plan(
        _ answers: [String: DoctorWorld.Answer?] = [:], member: String? = nil, region: String = "us-west-2",
        id: String = "ldgnf-sessions", history: String? = nil
    ) async throws -> RejoinPlan {
        var answers = answers
        if let history {
            answers["GetParameter"] = DoctorWorld.Answer(
                body: #"{"Parameter":{"Name":"/p-history","Value":"\#(history)","Version":1}}"#)
        }
        let world = DoctorWorld(["DescribeGlobalReplicationGroups": Self.alone].merging(answers) { $1 })
        return try await plan(world, member: member, region: region, id: id)
    }

    static func plan(
        _ world: DoctorWorld, member: String? = nil, region: String = "us-west-2", id: String = "ldgnf-sessions"
    ) async throws -> RejoinPlan {
        let variables = environment(
            ["AWS_REGION": region, "PAUSE_PARAMETER": "/p", "GLOBAL_DATASTORE_ID": id].merging(credentials) { $1 })
        let assembly = try PromoterAssembly(
            environment: variables, configuration: PromoterConfiguration(environment: variables), executor: world,
            resolver: world)
        let watch = try #require(assembly.watches.first)
        return await RejoinPlanner(assembly: assembly).plan(
            for: watch, member: member, deadline: .now + .seconds(60)
        ).plan
    }

    @Test("A member that is given has to be there, and to stand alone; else it is to be found")
    func given() async throws {
        func isFound(_ member: String, _ answer: DoctorWorld.Answer?) async throws -> Bool {
            let plan = try await Self.plan(["DescribeReplicationGroups": answer], member: member)
            #expect(plan.isNeeded)
            #expect(plan.notes.contains { $0.contains(member) })
            let create = try #require(RejoinPlanTests.commands(plan, .create).first)
            #expect(
                create.contains("--primary-replication-group-id \(member) ") == !plan.steps.contains {
                    $0.kind == .findMember
                })
            return create.contains("--primary-replication-group-id \(member) ")
        }
        #expect(try await isFound("my", DoctorWorld.replicationGroups(["my": nil])))
        #expect(try await !isFound("my", DoctorWorld.replicationGroups(["other": nil])))
        #expect(try await !isFound("my", DoctorWorld.denied("ReplicationGroupNotFoundFault")))
        #expect(try await !isFound("my", DoctorWorld.replicationGroups(["my": "ldgnf-other"])))
        // What could not be looked at may well be right.
        #expect(try await isFound("my", DoctorWorld.denied()))
    }

    @Test("Of one that is a member of a datastore it is said of which, and as what")
    func membership() async throws {
        let plan = try await Self.plan(
            ["DescribeReplicationGroups": DoctorWorld.replicationGroups(["my": "ldgnf-other"])], member: "my")
        #expect(plan.notes.contains { $0.contains("ldgnf-other") && $0.contains("SECONDARY") })
    }

    @Test(
        "The region whose member is given up is asked whether it is back",
        arguments: [
            (nil, RejoinSurvey.OtherRegion.State.silent("")),
            (DoctorWorld.replicationGroups(["sessions-use1": nil]), .answers(memberStatus: "available")),
            (DoctorWorld.replicationGroups([:]), .answersWithoutMember),
            (DoctorWorld.denied("ReplicationGroupNotFoundFault"), .answersWithoutMember),
            (DoctorWorld.denied(), .answers(memberStatus: "of unknown status (AccessDenied)")),
        ] as [(DoctorWorld.Answer?, RejoinSurvey.OtherRegion.State)])
    func otherRegion(_ answer: DoctorWorld.Answer?, _ expected: RejoinSurvey.OtherRegion.State) async throws {
        let plan = try await Self.plan(["DescribeReplicationGroups": answer])
        let note = try #require(plan.notes.first { $0.hasPrefix("us-east-1") })
        let survey = RejoinSurvey(others: [.init(region: "us-east-1", memberID: "sessions-use1", state: expected)])
        let wanted = try #require(
            survey.notes(region: "us-west-2", GlobalGroup(id: "g", status: "s", members: [])).first)
        if case .silent = expected { #expect(note.hasPrefix(wanted)) } else { #expect(note == wanted) }
        #expect(plan.steps.first { $0.kind == .awaitRegions }?.commands.count == 1)
    }

    @Test("In the region that still has its member it is said where the plan is to be made")
    func wrongRegion() async throws {
        let plan = try await Self.plan(region: "us-east-1")
        #expect(!plan.isNeeded)
        #expect(plan.text.contains("promoter rejoin --plan --region us-west-2"))
        #expect(plan.text.contains("sessions-use1 in us-east-1"))
        guard case .array(let notes)? = plan.json["notes"] else {
            Issue.record("no notes")
            return
        }
        #expect(notes.count == plan.notes.count)
        let whole = DoctorWorld.group(
            DoctorWorld.member("sessions-use1", "us-east-1", "PRIMARY")
                + DoctorWorld.member("sessions-usw2", "us-west-2", "SECONDARY"))
        let healthy = try await Self.plan(["DescribeGlobalReplicationGroups": whole], region: "us-east-1")
        #expect(!healthy.text.contains("--region us-west-2"))
    }

    @Test("A region that is asked for the datastore and does not answer is named, and taken for the old one")
    func silentRegion() async throws {
        // This region does not see the datastore, and the other is down.
        let hidden = DoctorWorld.denied("GlobalReplicationGroupNotFoundFault")
        let world = DoctorWorld(
            ["DescribeGlobalReplicationGroups": hidden], silentHosts: ["elasticache.us-east-1.amazonaws.com"])
        let plan = try await Self.plan(world, member: "my")
        #expect(plan.notes.contains { $0.hasPrefix("us-east-1 ") })
        let commands = RejoinPlanTests.commands(plan, .awaitRegions)
        #expect(commands.contains { $0.contains("--region us-east-1 --replication-group-id OLD_MEMBER") })
    }

    @Test("The history is found whatever the case of the id")
    func history() async throws {
        let history =
            #"[{\"time\":\"t\",\"watch\":\"w\",\"group\":\"ldgnf-sessions\",\"member\":\"old\","#
            + #"\"region\":\"us-west-2\",\"outcome\":\"detached\"}]"#
        let plan = try await Self.plan(id: "LDGNF-Sessions", history: history)
        #expect(!plan.steps.contains { $0.kind == .findMember })
    }

    @Test("Both functions of each region are told the new id, and Terraform's variable is named")
    func configure() throws {
        let plan = RejoinPlanTests.plan([RejoinPlanTests.east])
        let step = try #require(plan.steps.first { $0.kind == .configure })
        for region in ["us-east-1", "us-west-2"] {
            for function in ["promoter", "promoter-operator"] {
                #expect(
                    step.commands.contains {
                        $0.hasPrefix("aws lambda update")
                            && $0.contains("--region \(region) --function-name \(function) ")
                    })
            }
        }
        #expect(step.explanation.contains("global_datastore_id"))
    }
}
