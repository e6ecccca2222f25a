import AWSClient
import Functions
import Testing

@testable import Diagnosis

@Suite("What the doctor says of whom is told, and of what cannot be reached")
struct DoctorTopicChecksTests {
    static let topic = "arn:aws:sns:us-west-2:111122223333:on-call"

    static func attributes(_ confirmed: String) -> DoctorWorld.Answer {
        DoctorWorld.query(
            "GetTopicAttributes",
            "<Attributes><entry><key>SubscriptionsConfirmed</key><value>\(confirmed)</value></entry></Attributes>")
    }

    @Test(
        "A topic has to exist, to be a standard one, and to have somebody who listens",
        arguments: [
            (topic, attributes("1"), [Finding.Code.topicExists], Finding.Level.good),
            (topic, attributes("0"), [.topicWithoutSubscription], .warning),
            // What SNS does not tell to everybody is no finding.
            (topic, DoctorWorld.query("GetTopicAttributes", "<Attributes/>"), [.topicExists], .good),
            (topic, DoctorWorld.denied("NotFound"), [.topicMissing], .wrong),
            (topic, DoctorWorld.denied("AuthorizationError"), [.topicUnreadable], .warning),
            (topic, nil, [.topicUnreadable], .warning),
            (
                "arn:aws:sns:us-east-1:111122223333:on-call", DoctorWorld.denied("NotFound"), [.topicMissing],
                .wrong
            ),
            ("arn:aws:sns:eu-west-1:111122223333:on-call", attributes("1"), [.topicExists], .good),
        ] as [(String, DoctorWorld.Answer?, [Finding.Code], Finding.Level)])
    func topics(_ arn: String, _ answer: DoctorWorld.Answer?, _ codes: [Finding.Code], _ level: Finding.Level) async {
        let report = await DoctorWorld(["GetTopicAttributes": answer]).examine(["NOTIFY_TOPIC_ARN": arn])
        let findings = report.findings.filter { $0.subject == .notification }
        #expect(findings.map(\.code) == codes)
        #expect(findings.allSatisfy { $0.level == level && $0.text.contains(arn) })
    }

    @Test("A FIFO topic is refused, and none is asked for")
    func fifo() async {
        let world = DoctorWorld()
        let report = await world.examine(["NOTIFY_TOPIC_ARN": "\(Self.topic).fifo"])
        #expect(report.codes(.wrong) == [.wrongValue])
        #expect(!world.asked.contains("GetTopicAttributes"))
    }

    @Test("A topic in the region whose outage promotes here may be down with it")
    func otherRegion() async {
        let report = await DoctorWorld().examine(["NOTIFY_TOPIC_ARN": "arn:aws:sns:us-east-1:111122223333:on-call"])
        let findings = report.findings.filter { $0.subject == .notification }
        #expect(findings.map(\.code) == [.topicExists, .topicInOtherRegion])
        #expect(findings.last?.level == .warning)
    }

    @Test("Topics of several watches are looked at once each")
    func once() async {
        let world = DoctorWorld()
        let watches = #"[{"name":"a"},{"name":"b","globalDatastoreId":"ldgnf-b"}]"#
        _ = await world.examine(["NOTIFY_TOPIC_ARN": Self.topic, "WATCHES": watches])
        #expect(world.asked.filter { $0 == "GetTopicAttributes" }.count == 1)
    }

    @Test("A pause parameter that there is not is said, and is no error")
    func missingParameter() async {
        let missing = DoctorWorld.Answer(status: 400, body: #"{"__type":"ParameterNotFound","message":"no"}"#)
        let report = await DoctorWorld(["GetParameter": missing]).examine(["PAUSE_PARAMETER": "/p"])
        #expect(report.findings.filter { $0.subject == .pause }.map(\.code) == [.pauseParameterMissing])
        #expect(!report.hasFailed)
        let there = await DoctorWorld().examine(["PAUSE_PARAMETER": "/p"])
        #expect(there.findings.filter { $0.subject == .pause }.map(\.code) == [.running])
    }

    @Test(
        "What keeps the simulation from being made is what is to be mended",
        arguments: [(DoctorWorld.denied(), true), (nil, false)] as [(DoctorWorld.Answer?, Bool)])
    func simulation(_ answer: DoctorWorld.Answer?, _ isAboutPermissions: Bool) async throws {
        let report = await DoctorWorld(["SimulatePrincipalPolicy": answer]).examine()
        let finding = try #require(report.findings.first { $0.code == .notSimulated })
        #expect(finding.remedy?.contains("iam:SimulatePrincipalPolicy") == isAboutPermissions)
    }

    @Test("IAM is asked while the datastore is still being read: one that hangs takes no time from the other")
    func atTheSameTime() async {
        let world = DoctorWorld(held: ["DescribeGlobalReplicationGroups": "SimulatePrincipalPolicy"])
        #expect(!(await world.examine().hasFailed))
    }

    @Test("Without a caller no permission of his is missing")
    func noCaller() async throws {
        let report = await DoctorWorld(["GetCallerIdentity": nil]).examine()
        let finding = try #require(report.findings.first { $0.code == .notSimulated })
        #expect(finding.remedy?.contains("Allow") == false)
    }

    @Test("What has not answered in time may have had too little of it; what cannot be reached at all, not")
    func timeout() {
        func remedy(_ code: AWSError.Code) -> String? {
            let reading = EndpointReading(
                service: .elastiCache, region: "us-west-2", times: .failure(AWSError(code, "no")))
            return Finding.endpoint(reading).remedy
        }
        #expect(remedy(.deadlineExceeded)?.contains("--timeout") == true)
        #expect(remedy(.noAnswer)?.contains("--timeout") == false)
    }

    @Test("Of what changes nothing it is not said that it may have been carried out")
    func outcome() {
        var error = AWSError(.noAnswer, "no")
        let clause = Finding.clause(error)
        error.outcomeIsUnknown = true
        #expect(Finding.clause(error) == clause)
    }

    @Test("An endpoint that has answered once was reached")
    func reachedOnce() async throws {
        let configuration = try AWSConfiguration(
            environment: environment(["AWS_REGION": "us-west-2"].merging(credentials) { $1 }), version: "1")
        let world = DoctorWorld(answersBeforeSilence: 1)
        let reading = await EndpointReading.take(
            .elastiCache, region: "us-west-2", client: AWSClient(configuration: configuration, executor: world),
            deadline: .now + .seconds(60))
        #expect(Finding.endpoint(reading).level != .wrong)
        #expect(world.asked.count > 1)
    }
}
