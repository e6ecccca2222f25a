import Failover
import Functions
import JSON
import Testing

@testable import Diagnosis

@Suite("The plan to rejoin a datastore")
struct RejoinPlanTests {
    static let east = GlobalGroup.Member(id: "use1", region: "us-east-1", role: .primary, status: "associated")
    static let west = GlobalGroup.Member(id: "usw2", region: "us-west-2", role: .secondary, status: "associated")
    static let ireland = GlobalGroup.Member(id: "euw1", region: "eu-west-1", role: .secondary, status: "associated")

    static func plan(_ members: [GlobalGroup.Member], detached: String? = "usw2") -> RejoinPlan {
        RejoinPlan(
            group: GlobalGroup(id: "ldgnf-sessions-1", status: "available", members: members),
            survey: RejoinSurvey(member: detached.map { .standsAlone(id: $0, status: "available") } ?? .unknown),
            region: "us-west-2")
    }

    static func commands(_ plan: RejoinPlan, _ kind: RejoinPlan.Kind) -> [String] {
        plan.steps.first { $0.kind == kind }?.commands ?? []
    }

    @Test("As long as the local member is in the datastore nothing needs rejoining")
    func notNeeded() {
        #expect(!Self.plan([Self.east, Self.west]).isNeeded)
        #expect(Self.plan([Self.east, Self.west]).steps.isEmpty)
        #expect(!Self.plan([Self.east, Self.west], detached: nil).text.contains(RejoinPlan.costs))
    }

    @Test("A member on its way out counts as out, by its own id", arguments: ["disassociating", "Disassociated"])
    func leaving(_ status: String) {
        var leaving = Self.west
        leaving.status = status
        let plan = Self.plan([Self.east, leaving], detached: nil)
        #expect(plan.steps.first?.kind == .awaitRegions)
        #expect(Self.commands(plan, .create).contains { $0.contains("--primary-replication-group-id usw2") })
        #expect(!Self.commands(plan, .deleteMembers).contains { $0.contains("usw2") })
    }

    @Test("With two regions: no secondary is left to be taken out")
    func twoRegions() {
        let plan = Self.plan([Self.east])
        #expect(
            plan.steps.map(\.kind) == [
                .awaitRegions, .pause, .compare, .deleteGlobal, .create, .deleteMembers, .addSecondary, .configure,
                .check, .resume,
            ])
        for (kind, count) in [(RejoinPlan.Kind.pause, 2), (.configure, 4), (.check, 2), (.resume, 2)] {
            let commands = Self.commands(plan, kind)
            #expect(commands.count == count)
            for region in ["us-east-1", "us-west-2"] {
                #expect(commands.contains { $0.contains("--region \(region)") })
            }
        }
    }

    @Test("With three regions the remaining secondary is taken out, deleted and made again, too, and the primary first")
    func threeRegions() {
        let plan = Self.plan([Self.ireland, Self.east])
        let out = Self.commands(plan, .disassociate)
        #expect(out.contains { $0.contains("--replication-group-id euw1 --replication-group-region eu-west-1") })
        #expect(out.allSatisfy { !$0.contains("use1 ") })
        let deleted = Self.commands(plan, .deleteMembers).filter { $0.contains("delete-replication-group") }
        #expect(deleted.map { $0.contains("euw1") } == [true, false])
        #expect(deleted.allSatisfy { $0.contains("--final-snapshot-identifier") })
        let added = Self.commands(plan, .addSecondary).filter { $0.contains("create-replication-group") }
        #expect(added.map { $0.contains("use1") } == [true, false])
        #expect(Self.commands(plan, .resume).count == 3)
    }

    @Test("The new datastore is made of the detached member, in its region, with the suffix of the old id")
    func create() throws {
        let command = try #require(Self.commands(Self.plan([Self.east]), .create).first)
        for part in [
            "--region us-west-2", "--global-replication-group-id-suffix sessions-1 ",
            "--primary-replication-group-id usw2",
        ] {
            #expect(command.contains(part), "\(part)")
        }
    }

    @Test("The detached member's cluster is never deleted, and the old primary is retained with its datastore")
    func keepsLiveData() {
        let commands = Self.plan([Self.east, Self.ireland]).steps.flatMap(\.commands)
        #expect(!commands.contains { $0.contains(" delete-") && $0.contains("usw2") })
        #expect(
            commands.filter { $0.contains("delete-global-replication-group") }.allSatisfy {
                $0.contains("--retain-primary-replication-group")
            })
    }

    @Test("A member that is not on record is to be found first")
    func unknownMember() {
        let plan = Self.plan([Self.east], detached: nil)
        #expect(plan.steps.first?.kind == .findMember)
        #expect(Self.commands(plan, .create).contains { $0.contains("DETACHED_MEMBER") })
    }

    @Test("Where the datastore could not be read, what is not known is left to be filled in")
    func unreadable() {
        let plan = Self.plan([])
        #expect(plan.isNeeded)
        #expect(Self.commands(plan, .deleteMembers).contains { $0.contains("OLD_MEMBER") && $0.contains("OLD_REGION") })
    }

    @Test("What it costs is said before the first step, in text and in JSON")
    func costs() throws {
        let plan = Self.plan([Self.east])
        #expect(plan.text.hasPrefix(RejoinPlan.costs))
        #expect(plan.json["costs"] == .string(RejoinPlan.costs))
        let text = plan.text
        for step in plan.steps { for command in step.commands { #expect(text.contains(command)) } }
    }

    @Test(
        "The detached member comes from the history of this region and this datastore, unless it is given",
        arguments: [
            ("us-west-2", "ldgnf-sessions", "detached", nil, "old"),
            ("us-west-2", "ldgnf-sessions", "detached", "my", "my"),
            ("us-east-1", "ldgnf-sessions", "detached", nil, "DETACHED_MEMBER"),
            ("us-west-2", "ldgnf-other", "detached", nil, "DETACHED_MEMBER"),
            ("us-west-2", "ldgnf-sessions", "finished", nil, "DETACHED_MEMBER"),
        ] as [(String, String, String, String?, String)])
    func history(_ region: String, _ group: String, _ outcome: String, _ given: String?, _ expected: String)
        async throws
    {
        let entries =
            #"[{\"time\":\"t\",\"watch\":\"w\",\"group\":\"\#(group)\",\"member\":\"old\",\"region\":\"\#(region)\","#
            + #"\"outcome\":\"\#(outcome)\"}]"#
        let world = DoctorWorld([
            "GetParameter": DoctorWorld.Answer(
                body: #"{"Parameter":{"Name":"/p-history","Value":"\#(entries)","Version":1}}"#),
            "DescribeGlobalReplicationGroups": DoctorWorld.group(
                DoctorWorld.member("sessions-use1", "us-east-1", "PRIMARY")),
        ])
        let variables = environment(
            ["AWS_REGION": "us-west-2", "PAUSE_PARAMETER": "/p"].merging(credentials) { $1 })
        let assembly = try PromoterAssembly(
            environment: variables, configuration: PromoterConfiguration(environment: variables), executor: world,
            resolver: world)
        let watch = try #require(assembly.watches.first)
        let (plan, problem) = await RejoinPlanner(assembly: assembly).plan(
            for: watch, member: given, deadline: .now + .seconds(60))
        #expect(problem == nil)
        #expect(Self.commands(plan, .create).contains { $0.contains("--primary-replication-group-id \(expected) ") })
    }
}
