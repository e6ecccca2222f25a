import AWSClient
import Failover
import HTTPTransport
import NameResolution
import Promotion
import Testing

/// The shell with the real facades of Route 53 and ElastiCache, as AWS's XML has it.
@Suite("Promoting through the services' own protocols")
struct ServicesTests {
    let world = World()
    let aws = CannedAWS()

    init() {
        aws.change { $0.recordSets = CannedAWS.aliasSet(.east) + CannedAWS.aliasSet(.west) }
        world.pointDNS(to: .west)
    }

    private func promoter(calls: CallLog = CallLog()) throws -> Promoter {
        let environment = [
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-west-2",
            "AWS_LAMBDA_FUNCTION_NAME": "test",
        ]
        let world = world
        let client = AWSClient(
            configuration: try AWSConfiguration(environment: environment, version: "1"), executor: aws,
            hooks: AWSHooks(now: { world.clock.now }, sleep: { world.clock.pass($0) })
        ) { record in
            calls.record(.init(name: record.action, attempts: record.attempts, duration: record.duration))
        }
        let reader = RecordSetReader(
            service: HostedZoneRecords(route53: Route53(client), hostedZoneID: World.zone), hostedZoneID: World.zone,
            name: "App.Example.COM.")
        return Promoter(
            identity: .init(dnsName: World.name, groupID: World.groupID, ownRegion: "us-west-2"), policy: Policy(),
            timing: .init(now: { world.clock.now }, sleep: { world.clock.pass($0) }),
            finder: ActiveRegionFinder(
                name: "App.Example.COM.", source: reader, resolver: world.resolver, now: { world.clock.now }),
            service: GlobalGroups(GlobalDatastores(ElastiCache(client))).group(
                id: "LDGNF-Sessions", changes: GlobalDatastores(ElastiCache(client))), calls: calls)
    }

    @Test("A promotion names the group as AWS does, the own region and its member")
    func promotion() async throws {
        let result = try await promoter().check(deadline: world.deadline)
        #expect(result.decision == .promote(World.promotion))
        #expect(
            aws.actions
                == ["ListResourceRecordSets", "DescribeGlobalReplicationGroups", "FailoverGlobalReplicationGroup"])
        let parameters = (aws.promotions.first ?? "").split(separator: "&")
        #expect(parameters.contains("GlobalReplicationGroupId=ldgnf-sessions"))
        #expect(parameters.contains("PrimaryRegion=us-west-2"))
        #expect(parameters.contains("PrimaryReplicationGroupId=sessions-west"))
        #expect(
            result.calls.map(\.name)
                == [
                    "route53:ListResourceRecordSets", "elasticache:DescribeGlobalReplicationGroups",
                    "elasticache:FailoverGlobalReplicationGroup",
                ])
        #expect(result.calls.map(\.attempts) == [1, 1, 1])
    }

    @Test("Each result lists the calls of its own check")
    func callsOfOneCheck() async throws {
        let promoter = try promoter()
        _ = await promoter.warmUp(deadline: world.deadline)
        let counts = [
            try await promoter.check(deadline: world.deadline).calls.count,
            try await promoter.check(deadline: world.deadline).calls.count,
            try await promoter.check(deadline: world.deadline).calls.count,
        ]
        // Read and promote; then the group that is being changed, at each check.
        #expect(counts == [2, 1, 1])
    }

    @Test("No call gets more time than the check has")
    func deadline() async throws {
        let deadline = world.clock.now + .seconds(2)
        _ = try await promoter().check(deadline: deadline)
        #expect(aws.deadlines == [deadline, deadline, deadline])
    }

    @Test("AWS's refusal of a group that is being changed is a hold")
    func underWay() async throws {
        aws.change { $0.answers = [.error(400, "InvalidGlobalReplicationGroupState")] }
        #expect(try await promoter().decision(in: world) == .hold(.changeUnderWay))
        #expect(aws.promotions.count == 1)
    }

    @Test(
        "An answer that may have been lost is followed by a read",
        arguments: [
            CannedAWS.Answer.lost, .error(500, "InternalFailure"), .xml(200, "<html>"),
        ])
    func lost(_ answer: CannedAWS.Answer) async throws {
        aws.change { $0.answers = [answer] }
        #expect(try await promoter().decision(in: world) == .promote(World.promotion))
        #expect(
            aws.actions.dropFirst()
                == [
                    "DescribeGlobalReplicationGroups", "FailoverGlobalReplicationGroup",
                    "DescribeGlobalReplicationGroups", "FailoverGlobalReplicationGroup",
                ])
    }

    @Test("A refusal for any other reason fails the check with AWS's code, and is not repeated")
    func refused() async throws {
        aws.change { $0.answers = [.error(403, "AccessDenied")] }
        let calls = CallLog()
        let failure = try await promoter(calls: calls).failure(in: world)
        #expect(failure?.errorType == "AccessDenied")
        #expect(failure?.calls.map(\.name).last == "elasticache:FailoverGlobalReplicationGroup")
        #expect(calls.take() == [])
        #expect(aws.promotions.count == 1)
    }

    @Test("A refusal that is about the group is not asked for again at once", arguments: ["InvalidParameterValue"])
    func refusedForTheGroup(_ code: String) async throws {
        aws.change { $0.answers = [.error(400, code)] }
        let promoter = try promoter()
        #expect(await promoter.failure(in: world)?.errorType == code)
        #expect(try await promoter.decision(in: world) == .hold(.refusedJustNow))
        #expect(aws.promotions.count == 1)
    }

    @Test("Regions and roles compare without case; a status that is missing is not one to promote in")
    func words() async throws {
        aws.change { state in
            state.members[1].region = "US-West-2"
            state.members[1].role = "Secondary"
            state.members[1].status = ""
        }
        let result = try await promoter().check(deadline: world.deadline)
        #expect(result.decision.reason == "memberStatus")
        #expect(result.observation.group.group?.members.map(\.region) == ["us-east-1", "us-west-2"])
        #expect(result.observation.group.group?.members.map(\.role) == [.primary, .secondary])
        #expect(aws.promotions == [])
    }
}
