import AWSClient
import Functions
import JSON
import Testing

@testable import Diagnosis

@Suite("What the doctor says of the function, its role and the whole")
struct DoctorFunctionChecksTests {
    static func findings(
        handler: String = "promoter", timeout: Int = 60, problem: String? = nil, concurrency: Int? = 1,
        interval: String = "0", rules: Result<[EventRule], AWSError> = .success([rule("rate(1 minute)")])
    ) throws -> [Finding] {
        let function = LambdaFunctionConfiguration(
            arn: "arn", timeoutSeconds: timeout, memoryMB: 128, roleARN: "role", handler: handler, environment: [:],
            environmentProblem: problem, architectures: ["arm64"])
        let reading = FunctionReading(
            name: "promoter", configuration: .success(function), concurrency: .success(concurrency), rules: rules)
        let checked = try PromoterConfiguration(environment: environment(["CHECK_INTERVAL_SECONDS": interval]))
        return FunctionChecks.findings(reading, checked: checked, differences: [])
    }

    static func rule(_ expression: String?, isEnabled: Bool = true) -> EventRule {
        EventRule(name: "r", scheduleExpression: expression, isEnabled: isEnabled)
    }

    @Test(
        "Timeout, interval and schedule have to fit",
        arguments: [
            (9, "0", "rate(1 minute)", .timeoutTooShort), (10, "0", "rate(1 minute)", .timeoutFits),
            (60, "0", "rate(1 minute)", .timeoutFits), (63, "0", "rate(1 minute)", .timeoutLongerThanSchedule),
            (15, "5", "rate(1 minute)", .timeoutLeavesGap), (57, "5", "rate(1 minute)", .timeoutLeavesGap),
            (58, "5", "rate(1 minute)", .timeoutFits), (300, "0.2", "rate(5 minutes)", .timeoutFits),
            (900, "5", "rate(15 minutes)", .timeoutFits), (900, "5", "rate(16 minutes)", .scheduleTooSlow),
            (900, "0", "rate(16 minutes)", .timeoutFits), (15, "5", "cron(0 8 * * ? *)", .timeoutFits),
        ] as [(Int, String, String, Finding.Code)])
    func timeouts(_ timeout: Int, _ interval: String, _ expression: String, _ code: Finding.Code) throws {
        let findings = try Self.findings(
            timeout: timeout, interval: interval, rules: .success([Self.rule(expression)]))
        #expect(findings.map(\.code) == [.functionExists, code, .concurrencyIsOne])
    }

    @Test("Of several rules that are enabled the most frequent one counts")
    func severalRules() throws {
        let rules = [
            Self.rule("rate(1 minute)", isEnabled: false), Self.rule("rate(1 hour)"), Self.rule("rate(5 minutes)"),
            Self.rule(nil),
        ]
        let findings = try Self.findings(timeout: 299, interval: "5", rules: .success(rules))
        #expect(findings.contains { $0.code == .timeoutFits })
    }

    @Test("What keeps the function from running, or from promoting, is an error")
    func wrong() throws {
        let rules = [Self.rule("rate(1 minute)", isEnabled: false)]
        func wrong(_ findings: [Finding]) -> [Finding.Code] { findings.filter { $0.level == .wrong }.map(\.code) }
        #expect(wrong(try Self.findings(rules: .success(rules))) == [.scheduleDisabled])
        #expect(wrong(try Self.findings(concurrency: 0)) == [.concurrencyIsZero])
        #expect(wrong(try Self.findings(handler: "operator")) == [.wrongHandler])
        #expect(wrong(try Self.findings(handler: "index.handler")) == [.wrongHandler])
        #expect(wrong(try Self.findings(handler: "bootstrap")) == [])
        #expect(wrong(try Self.findings(problem: "AccessDeniedException")) == [.variablesUnreadable])
    }

    @Test("What may be meant so is a warning")
    func warnings() throws {
        func warnings(_ findings: [Finding]) -> [Finding.Code] { findings.filter { $0.level == .warning }.map(\.code) }
        #expect(warnings(try Self.findings(concurrency: nil)) == [.concurrencyNotReserved])
        #expect(warnings(try Self.findings(concurrency: 2)) == [.concurrencyNotReserved])
        #expect(warnings(try Self.findings(rules: .success([]))) == [.notScheduled])
        #expect(warnings(try Self.findings(rules: .failure(AWSError(.noAnswer, "no")))) == [.scheduleUnknown])
    }

    @Test(
        "The period of a schedule is read where it is the same each time",
        arguments: [
            ("rate(1 minute)", 60), ("rate(5 minutes)", 300), ("rate(2 hours)", 7200), ("rate(1 day)", 86_400),
            ("cron(* * * * ? *)", 60), ("cron(0/5 * * * ? *)", 300), ("cron(*/15 * * * ? *)", 900),
            ("cron(0/7 * * * ? *)", nil), ("cron(0 * * * ? *)", nil), ("cron(0/5 8 * * ? *)", nil),
            ("rate(0 minutes)", nil),
            ("rate(1 fortnight)", nil), ("rate(99999999999999999999 days)", nil), ("at(2026-01-01T00:00:00)", nil),
            ("", nil), ("rate(", nil), ("rate()", nil), ("cron(0/0 * * * ? *)", nil),
        ] as [(String, Int?)])
    func periods(_ expression: String, _ seconds: Int?) {
        #expect(SchedulePeriod.of(expression) == seconds.map { .seconds($0) })
    }

    @Test(
        "The principal behind a caller is the role of the session, or the user",
        arguments: [
            ("arn:aws:sts::111122223333:assumed-role/promoter/me", "arn:aws:iam::111122223333:role/promoter", true),
            ("arn:aws-cn:sts::111122223333:assumed-role/p/a", "arn:aws-cn:iam::111122223333:role/p", true),
            ("arn:aws:iam::111122223333:role/apps/promoter", "arn:aws:iam::111122223333:role/apps/promoter", false),
            ("arn:aws:iam::111122223333:user/dev/ann", "arn:aws:iam::111122223333:user/dev/ann", false),
            ("arn:aws:iam::111122223333:root", nil, false), ("arn:aws:sts::111122223333:federated-user/x", nil, false),
            ("nonsense", nil, false), ("arn:aws:sts::1:assumed-role/p", nil, false),
        ] as [(String, String?, Bool)])
    func principals(_ arn: String, _ expected: String?, _ mayLackPath: Bool) {
        let principal = Principal(callerARN: arn)
        #expect(principal?.arn == expected)
        #expect((principal?.mayLackPath ?? false) == mayLackPath)
        if expected != nil { #expect(principal?.account == "111122223333") }
    }

    @Test("The resources of the actions are those of the configuration")
    func neededActions() throws {
        let configuration = try PromoterConfiguration(
            environment: environment([
                "PAUSE_PARAMETER": "pause", "WHEN_FAILOVER_REFUSED": "detach",
                "NOTIFY_TOPIC_ARN": "arn:aws-cn:sns:cn-north-1:111122223333:x",
            ]))
        let needed = NeededActions(configuration, unknown: [], region: "cn-north-1", account: "111122223333")
        let datastore = "arn:aws-cn:elasticache::111122223333:globalreplicationgroup:ldgnf-sessions"
        let parameter = "arn:aws-cn:ssm:cn-north-1:111122223333:parameter/pause"
        #expect(
            needed.harmless == [
                .init(
                    actions: ["route53:ListResourceRecordSets"],
                    resources: ["arn:aws-cn:route53:::hostedzone/Z0123456789ABCDEFGHIJ"]),
                .init(actions: ["elasticache:DescribeGlobalReplicationGroups"], resources: [datastore]),
                .init(actions: ["ssm:GetParameter"], resources: [parameter, "\(parameter)-history"]),
            ])
        #expect(
            needed.others == [
                .init(actions: ["elasticache:FailoverGlobalReplicationGroup"], resources: [datastore]),
                .init(actions: ["elasticache:DisassociateGlobalReplicationGroup"], resources: [datastore]),
                .init(actions: ["sns:Publish"], resources: ["arn:aws-cn:sns:cn-north-1:111122223333:x"]),
                .init(actions: ["ssm:PutParameter"], resources: ["\(parameter)-history"]),
            ])
    }

    @Test(
        "An endpoint is slow above a second, whatever the first time took",
        arguments: [(1000, 30_000, Finding.Code.reachable), (1001, 1001, .slow), (5, 900, .reachable)])
    func slow(_ best: Int, _ first: Int, _ code: Finding.Code) {
        let reading = EndpointReading(
            service: .route53, region: "us-east-1",
            times: .success(.init(first: .milliseconds(first), best: .milliseconds(best))))
        #expect(Finding.endpoint(reading).code == code)
    }

    @Test("The oversights of a configuration are said, each once")
    func oversights() throws {
        let watches =
            #"[{"name":"a","dnsName":"a.example.com"},"#
            + #"{"name":"b","dnsName":"b.example.com","globalDatastoreId":"ldgnf-b","confirmations":2}]"#
        let configuration = try PromoterConfiguration(
            environment: environment(["WATCHES": watches, "DRY_RUN": "true", "PAUSED": "true", "METRICS": "off"]))
        let findings = ConfigurationChecks.findings(of: configuration)
        #expect(
            findings.map(\.code) == [
                .watched, .watched, .oneConfirmation, .slowConfirmations, .noHoldDown, .noCacheMaxAge, .dryRun, .paused,
            ])
        #expect(findings.map(\.watch) == ["a", "b"] + Array(repeating: nil, count: 6))
    }

    @Test("Up to ten watches all lines are printed, above that what is well is counted; JSON has all")
    func report() throws {
        func report(_ count: Int) -> DoctorReport {
            let findings = (0..<count).flatMap { index -> [Finding] in
                let active = Finding.active("us-east-1", isOwn: true).of("w\(index)")
                return index == 0 ? [active, Finding.noRecords("w0.example.com").of("w0")] : [active]
            }
            return DoctorReport(findings: findings + [.notScheduled], watches: count, region: "us-east-1")
        }
        #expect(report(10).lines.count == 12)
        let lines = report(11).lines
        #expect(lines.count == 3)
        #expect(lines.last?.contains("10 watches") == true)
        #expect(lines.first?.contains("w0: ") == true)
        let all = try JSONReader(report(11).json).required("findings").array()
        #expect(all.count == 13)
        // With one watch its name would be noise.
        #expect(report(1).lines.allSatisfy { !$0.contains("w0: ") })
    }
}
