import AWSClient
import Failover
import Functions
import NameResolution
import Promotion
import Testing

@testable import Diagnosis

@Suite("What the doctor says of DNS and of the pause")
struct DoctorNameChecksTests {
    static let east = FailoverRecord(
        label: "east", failover: "PRIMARY", target: .name("app.us-east-1.elb.amazonaws.com"), region: "us-east-1")
    static let west = FailoverRecord(
        label: "west", failover: "SECONDARY", target: .name("app.us-west-2.elb.amazonaws.com"), region: "us-west-2")
    static let blue = FailoverRecord(label: "blue", target: .name("x.cloudfront.net"), region: nil)
    static let gone = ResolutionError(.notFound, name: "x", reason: "no")

    static func reading(_ change: (inout NameReading) -> Void) -> NameReading {
        var reading = NameReading(
            dnsName: "app.example.com", ownRegion: "us-west-2",
            answer: .success(ResolvedName(canonicalName: "app.example.com", addresses: [])), duration: .milliseconds(3),
            records: .success([east, west]), active: .region("us-east-1"))
        change(&reading)
        return reading
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var reading: NameReading
        var codes: [Finding.Code]
        var level: Finding.Level

        init(
            _ testDescription: String, _ codes: [Finding.Code], _ level: Finding.Level,
            _ change: (inout NameReading) -> Void
        ) {
            self.testDescription = testDescription
            self.codes = codes
            self.level = level
            reading = DoctorNameChecksTests.reading(change)
        }
    }

    static let cases: [Case] = [
        Case("name unknown", [.doesNotResolve], .wrong) {
            $0.answer = .failure(gone)
            $0.active = .unknown(.nameNotResolved(.notFound))
        },
        Case("records unreadable", [.recordsUnreadable], .wrong) {
            $0.records = .failure(AWSError(.noAnswer, "no"))
            $0.active = .notAsked
        },
        Case("no records", [.noRecords], .wrong) {
            $0.records = .success([])
            $0.active = .unknown(.noRecords)
        },
        Case("routing by client", [.routingByClient], .wrong) {
            $0.active = .unknown(.routingByClient(policy: "latency"))
        },
        Case("no record matches", [.activeUnknown], .wrong) {
            $0.active = .unknown(.noRecordMatches(answer: ["10.0.0.9"]))
        },
        Case("several regions", [.activeUnknown], .warning) { $0.active = .ambiguous(["us-east-1", "us-west-2"]) },
        Case("region unreadable, said once", [.regionUnreadable], .wrong) {
            $0.records = .success([east, blue])
            $0.active = .unknown(.regionNotReadable(record: "blue", target: "x"))
        },
        Case("own target unknown", [.targetUnresolved], .wrong) {
            $0.unresolved = ["app.us-west-2.elb.amazonaws.com": gone]
        },
        Case("another's target unknown", [.targetUnresolved], .warning) {
            $0.unresolved = ["app.us-east-1.elb.amazonaws.com": gone]
        },
        Case("no record leads here", [.noRecordOfThisRegion], .warning) { $0.records = .success([east]) },
    ]

    @Test("Each thing that can be wrong has a finding of its level, and only that one", arguments: cases)
    func bad(_ testCase: Case) {
        let bad = NameChecks.findings(testCase.reading).filter { $0.level != .good }
        #expect(bad.map(\.code) == testCase.codes)
        #expect(bad.map(\.level) == [testCase.level])
    }

    @Test("Without records the name alone is looked at")
    func nameOnly() {
        let reading = Self.reading {
            $0.records = nil
            $0.active = .notAsked
        }
        #expect(NameChecks.findings(reading).map(\.code) == [.resolves])
    }

    @Test("The active region is said, and whether it is this one", arguments: ["us-east-1", "us-west-2"])
    func active(_ region: String) {
        let findings = NameChecks.findings(Self.reading { $0.active = .region(region) })
        #expect(findings.map(\.code) == [.resolves, .active])
        #expect(findings.last?.text.contains(region) == true)
    }

    @Test("A region that cannot be read is to be named in RECORD_REGIONS, by its record")
    func remedy() throws {
        let findings = NameChecks.findings(Self.reading { $0.records = .success([Self.blue]) })
        let remedy = try #require(findings.first { $0.code == .regionUnreadable }?.remedy)
        #expect(remedy.contains("RECORD_REGIONS") && remedy.contains("blue"))
    }

    @Test(
        "A pause is a warning, and one that cannot be read an error, unless the permissions say so",
        arguments: [
            (PauseKnowledge.none, nil, Finding.Level.good),
            (.paused(.init(by: "ann", since: "2026-01-01")), nil, .warning),
            (.unknown("no"), "Throttling", .wrong), (.unknown("no"), "AccessDeniedException", nil),
        ] as [(PauseKnowledge, String?, Finding.Level?)])
    func pause(_ knowledge: PauseKnowledge, _ awsCode: String?, _ level: Finding.Level?) {
        var error = AWSError(.refused, "no")
        error.awsCode = awsCode
        let reading = PauseReading(parameter: "/p", knowledge: knowledge, failures: awsCode == nil ? [] : [error])
        let finding = Finding.pause(reading)
        #expect(finding?.level == level)
        if case .paused = knowledge {
            #expect(finding?.text.contains("ann") == true && finding?.text.contains("2026-01-01") == true)
        }
    }
}
