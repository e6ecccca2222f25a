import Functions
import JSON
import Testing

@testable import Diagnosis

@Suite("The doctor")
struct DoctorTests {
    static let everything: [String: String?] = [
        "PAUSE_PARAMETER": "/promoter/pause", "NOTIFY_TOPIC_ARN": "arn:aws:sns:us-east-1:111122223333:on-call",
        "MAX_REPLICATION_LAG_SECONDS": "5", "WHEN_LAG_UNKNOWN": "promote",
    ]

    @Test("A healthy set-up has nothing but good findings, and nothing that changes anything is called")
    func healthy() async {
        let world = DoctorWorld()
        let report = await world.examine()
        #expect(!report.hasFailed)
        #expect(
            report.findings.map(\.code) == [
                .watched, .caller, .reachable, .reachable, .allowed, .allowed, .allowed, .resolves, .active, .available,
                .localMember,
            ])
        #expect(report.findings.allSatisfy { $0.level == .good && $0.remedy == nil })
        #expect(!world.asked.contains { $0.hasPrefix("Failover") || $0.hasPrefix("Put") || $0 == "Publish" })
    }

    @Test("All that is configured is looked at: SSM, SNS in the topic's region, CloudWatch, and their permissions")
    func everything() async {
        let world = DoctorWorld()
        let report = await world.examine(Self.everything)
        #expect(report.findings.filter { $0.code == .reachable }.count == 5)
        #expect(report.findings.contains { $0.subject == .endpoint && $0.text.contains("SNS in us-east-1") })
        let allowed = report.findings.filter { $0.code == .allowed }.map(\.text)
        for action in [
            "route53:ListResourceRecordSets", "elasticache:DescribeGlobalReplicationGroups", "ssm:GetParameter",
            "cloudwatch:ListMetrics", "cloudwatch:GetMetricData", "elasticache:FailoverGlobalReplicationGroup",
            "sns:Publish", "ssm:PutParameter",
        ] {
            #expect(allowed.contains { $0.contains(action) }, "\(action)")
        }
        #expect(!report.hasFailed)
    }

    @Test(
        "What goes wrong costs its own line, and the exit code",
        arguments: [
            ("ListResourceRecordSets", DoctorWorld.denied(), [.denied, .recordsUnreadable]),
            ("DescribeGlobalReplicationGroups", DoctorWorld.denied(), [.denied]),
            ("DescribeGlobalReplicationGroups", nil, [.datastoreUnreadable]),
            (
                "DescribeGlobalReplicationGroups", DoctorWorld.denied("GlobalReplicationGroupNotFoundFault"),
                [.datastoreMissing]
            ),
            ("ping elasticache", nil, [.unreachable]), ("ping sns", nil, [.unreachable]),
            ("GetParameter", nil, [.pauseUnreadable]), ("GetParameter", DoctorWorld.deniedInJSON, [.denied]),
            ("ListMetrics", DoctorWorld.denied(), [.denied]), ("GetMetricData", DoctorWorld.denied(), [.denied]),
            ("SimulatePrincipalPolicy", DoctorWorld.simulation("implicitDeny"), [.denied, .denied, .denied]),
            ("GetCallerIdentity", DoctorWorld.denied("ExpiredToken"), [.noCredentials]),
        ] as [(String, DoctorWorld.Answer?, [Finding.Code])])
    func wrong(_ operation: String, _ answer: DoctorWorld.Answer?, _ codes: [Finding.Code]) async {
        let report = await DoctorWorld([operation: answer]).examine(Self.everything)
        #expect(report.codes(.wrong) == codes)
        #expect(report.hasFailed)
        #expect(report.findings.allSatisfy { $0.level == .good || $0.remedy?.isEmpty == false })
    }

    @Test(
        "What may be meant so, or cannot be checked, fails nothing",
        arguments: [
            ("GetCallerIdentity", nil, [.callerUnknown, .notSimulated]),
            ("SimulatePrincipalPolicy", DoctorWorld.denied(), [.notSimulated]),
            ("SimulatePrincipalPolicy", DoctorWorld.denied("NoSuchEntity"), [.notSimulated]),
            ("SimulatePrincipalPolicy", DoctorWorld.Answer(status: 404, body: "no such service"), [.notSimulated]),
            ("SimulatePrincipalPolicy", DoctorWorld.simulation("maybe"), [.notSimulated]),
        ] as [(String, DoctorWorld.Answer?, [Finding.Code])])
    func warnings(_ operation: String, _ answer: DoctorWorld.Answer?, _ codes: [Finding.Code]) async {
        let report = await DoctorWorld([operation: answer]).examine()
        #expect(report.codes(.warning) == codes)
        #expect(!report.hasFailed)
    }

    @Test(
        "Each problem of the configuration is a finding, and the rest is checked all the same",
        arguments: [
            (["CONFIRMATIONS": "0", "DRY_RUN": "x"], 2, [.resolves, .available]),
            (["HOSTED_ZONE_ID": nil], 1, [.resolves, .available]),
            (["GLOBAL_DATASTORE_ID": "a b"], 1, [.resolves, .active]), (["DNS_NAME": "app"], 1, [.available]),
            (["WATCHES": "["], 1, [.available]),
        ] as [([String: String?], Int, [Finding.Code])])
    func configuration(_ changes: [String: String?], _ problems: Int, _ others: [Finding.Code]) async {
        let report = await DoctorWorld().examine(changes)
        #expect(report.codes(.wrong) == Array(repeating: .wrongValue, count: problems))
        for code in others { #expect(report.codes(.good).contains(code), "\(code)") }
    }

    @Test("Of a variable that is wrong it is not said that its default may be an oversight")
    func defaults() async {
        let report = await DoctorWorld().examine(["CONFIRMATIONS": "0", "HOLD_DOWN_SECONDS": nil])
        #expect(report.codes(.warning) == [.noHoldDown])
    }

    @Test("A placeholder for what is missing is never asked for")
    func placeholders() async {
        let world = DoctorWorld()
        _ = await world.examine(["HOSTED_ZONE_ID": nil, "GLOBAL_DATASTORE_ID": nil, "DNS_NAME": nil])
        #expect(!world.asked.contains("ListResourceRecordSets"))
        #expect(!world.asked.contains("DescribeGlobalReplicationGroups"))
    }

    @Test("Of a list the watches that are right are checked")
    func brokenWatch() async {
        let watches =
            #"[{"dnsName":"app"},{"name":"b","dnsName":"b.us-east-1.example.com"},{"dnsNam":"c.example.com"}]"#
        let report = await DoctorWorld().examine(["WATCHES": watches])
        #expect(report.codes(.wrong).filter { $0 == .wrongValue }.count == 2)
        #expect(report.watches == 1)
        #expect(Set(report.findings.compactMap(\.watch)) == ["b"])
    }

    @Test("Without a region nothing is asked, and that is said beside what is wrong besides")
    func noRegion() async {
        let world = DoctorWorld()
        let report = await world.examine(["AWS_REGION": nil, "CONFIRMATIONS": "0"])
        #expect(report.codes(.wrong) == [.wrongValue, .wrongAWSConfiguration])
        #expect(world.asked.isEmpty)
    }

    @Test("A watch that there is not is a finding")
    func noSuchWatch() async {
        #expect(await DoctorWorld().examine(watch: "b").codes(.wrong) == [.noSuchWatch])
    }

    @Test("Route 53 has no part in it where RECORD_TARGETS says what the records are")
    func recordTargets() async {
        let world = DoctorWorld()
        let report = await world.examine([
            "HOSTED_ZONE_ID": nil,
            "RECORD_TARGETS": #"{"us-east-1":["app-1.us-east-1.elb.amazonaws.com"],"us-west-2":["10.0.0.2"]}"#,
        ])
        #expect(!world.asked.contains { $0.contains("route53") || $0 == "ListResourceRecordSets" })
        #expect(report.codes(.warning) == [] && report.codes(.wrong) == [])
    }

    @Test("With a function its own variables are checked, and all its role needs is simulated")
    func function() async {
        let variables =
            #"{"HOSTED_ZONE_ID":"Z1","DNS_NAME":"app.example.com","GLOBAL_DATASTORE_ID":"ldgnf-sessions","#
            + #""CONFIRMATIONS":"3","HOLD_DOWN_SECONDS":"9","CACHE_MAX_AGE_SECONDS":"300"}"#
        let world = DoctorWorld(["GetFunctionConfiguration": DoctorWorld.function(variables: variables)])
        let report = await world.examine(["DNS_NAME": "other.example.com"], function: "promoter")
        #expect(report.findings.first { $0.code == .watched }?.text.contains("app.example.com") == true)
        #expect(!report.findings.contains { $0.code == .differs })
        #expect(
            report.findings.filter { $0.subject == .function }.map(\.code) == [
                .functionExists, .timeoutFits, .concurrencyIsOne,
            ])
        // Not answered by this IAM: those that are harmless, which are simulated for the role as well.
        #expect(report.codes(.warning) == [.slowConfirmations, .notSimulated, .notSimulated])
    }

    @Test("An option that says otherwise than the function is checked, and said")
    func differs() async {
        let report = await DoctorWorld().examine(
            function: "promoter", options: ["DNS_NAME": "app.example.com", "AWS_REGION": "us-west-2"])
        #expect(report.findings.filter { $0.code == .differs }.count == 1)
        // The function of this world has neither of the others.
        #expect(report.codes(.wrong) == [.wrongValue, .wrongValue])
    }

    @Test("A function that is not there is said, and this environment is checked")
    func missingFunction() async {
        let missing = DoctorWorld.Answer(status: 404, body: #"{"__type":"ResourceNotFoundException","message":"no"}"#)
        let report = await DoctorWorld(["GetFunctionConfiguration": missing]).examine(function: "promoter")
        #expect(report.codes(.wrong) == [.functionMissing])
        #expect(report.codes(.good).contains(.watched))
    }
}
