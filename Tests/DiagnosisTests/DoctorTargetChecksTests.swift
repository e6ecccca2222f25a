import Functions
import NameResolution
import Promotion
import Testing

@testable import Diagnosis

@Suite("What the doctor says of the regions of targets")
struct DoctorTargetChecksTests {
    static func dns(
        _ variables: [String: String?], _ answers: [String: DoctorWorld.Answer?] = [:]
    ) async -> [Finding] {
        await DoctorWorld(answers).examine(variables).findings.filter { $0.subject == .dns && $0.level != .good }
    }

    @Test(
        "A target under another region than its name says is an error, and one that says none is to be looked at",
        arguments: [
            (#"{"us-east-1":["a.us-east-1.elb.amazonaws.com"],"us-west-2":["b.us-west-2.elb.amazonaws.com"]}"#, []),
            (
                #"{"us-east-1":["b.us-west-2.elb.amazonaws.com"],"us-west-2":["a.us-east-1.elb.amazonaws.com"]}"#,
                [Finding.Code.targetOfOtherRegion, .targetOfOtherRegion]
            ),
            (
                #"{"us-east-1":["b.us-west-2.elb.amazonaws.com"],"us-west-2":["10.9.9.9"]}"#,
                [.targetOfOtherRegion]
            ),
            (
                #"{"us-east-1":["us-east-1.example.com","a.us-east-1.example.com"],"us-west-2":["10.0.0.2"]}"#,
                [.targetRegionUnknown]
            ),
        ] as [(String, [Finding.Code])])
    func given(_ targets: String, _ codes: [Finding.Code]) async {
        let findings = await Self.dns(["HOSTED_ZONE_ID": nil, "RECORD_TARGETS": targets])
        #expect(findings.map(\.code).filter { $0 != .activeUnknown } == codes)
        #expect(
            findings.filter { $0.code == .targetOfOtherRegion }.allSatisfy {
                $0.level == .wrong && $0.text.contains("us-east-1") && $0.text.contains("us-west-2")
            })
        #expect(findings.filter { $0.code == .targetRegionUnknown }.allSatisfy { $0.level == .warning })
    }

    @Test(
        "What two regions have in common is an error, whoever says the records",
        arguments: [
            // The world has 10.0.0.2 for every name that is not of us-east-1.
            (#"{"us-east-1":["10.0.0.2"],"us-west-2":["b.us-west-2.elb.amazonaws.com"]}"#, 1),
            (#"{"us-east-1":["10.0.0.1","10.0.0.2"],"us-west-2":["10.0.0.2","10.0.0.3"]}"#, 1),
            (#"{"us-east-1":["10.0.0.1","10.0.0.1"],"us-west-2":["10.0.0.2"]}"#, 0),
        ])
    func shared(_ targets: String, _ count: Int) async {
        let findings = await Self.dns(["HOSTED_ZONE_ID": nil, "RECORD_TARGETS": targets])
        let shared = findings.filter { $0.code == .sharedTarget }
        #expect(shared.count == count)
        #expect(shared.allSatisfy { $0.level == .wrong && $0.text.contains("10.0.0.2") })
        #expect(shared.allSatisfy { !$0.text.contains("10.0.0.1") && !$0.text.contains("10.0.0.3") })
    }

    @Test("A name that does not resolve is shared if both regions have it")
    func unresolved() {
        let name = FailoverRecord.Target.name("app.example.org")
        let reading = DoctorNameChecksTests.reading {
            $0.records = .success([
                FailoverRecord(label: "east", target: name, region: "us-east-1"),
                FailoverRecord(label: "west", target: name, region: "us-west-2"),
            ])
            $0.unresolved = ["app.example.org": DoctorNameChecksTests.gone]
        }
        #expect(NameChecks.findings(reading).contains { $0.code == .sharedTarget })
    }

    @Test(
        "An entry of RECORD_REGIONS that no record has, or that the target's name overrules, is said",
        arguments: [
            (#"{"blue":"us-east-1"}"#, [Finding.Code.recordRegionUnused], "blue"),
            (#"{"us-east-1":"us-east-1"}"#, [], ""),
            (#"{"us-east-1":"eu-west-1"}"#, [.recordRegionOverruled], "eu-west-1"),
            (
                #"{"us-east-1":"eu-west-1","blue":"us-east-1"}"#, [.recordRegionUnused, .recordRegionOverruled],
                "us-east-1"
            ),
        ] as [(String, [Finding.Code], String)])
    func recordRegions(_ regions: String, _ codes: [Finding.Code], _ word: String) async {
        let findings = await Self.dns(["RECORD_REGIONS": regions])
        #expect(Set(findings.map(\.code)) == Set(codes))
        #expect(findings.count == codes.count)
        #expect(findings.allSatisfy { $0.level == .warning })
        #expect(word.isEmpty || findings.contains { $0.text.contains(word) })
    }

    @Test("An entry for a record behind an alias of the zone is used")
    func alias() async {
        func set(_ name: String, _ identifier: String, _ rest: String) -> String {
            "<ResourceRecordSet><Name>\(name).</Name><Type>A</Type><SetIdentifier>\(identifier)</SetIdentifier>"
                + "<Failover>PRIMARY</Failover>\(rest)</ResourceRecordSet>"
        }
        let target =
            "<AliasTarget><HostedZoneId>Z0123456789ABCDEFGHIJ</HostedZoneId><DNSName>blue.example.com.</DNSName>"
            + "<EvaluateTargetHealth>true</EvaluateTargetHealth></AliasTarget>"
        let address =
            "<TTL>60</TTL><ResourceRecords><ResourceRecord><Value>10.0.0.2</Value></ResourceRecord></ResourceRecords>"
        // Both are in whatever is asked for; the reader stops where the name differs.
        let records = set("app.example.com", "outer", target) + set("blue.example.com", "inner", address)
        let answer = DoctorWorld.Answer(
            body: "<ListResourceRecordSetsResponse><ResourceRecordSets>\(records)</ResourceRecordSets>"
                + "<IsTruncated>false</IsTruncated></ListResourceRecordSetsResponse>")
        let findings = await Self.dns(
            ["RECORD_REGIONS": #"{"inner":"us-west-2"}"#], ["ListResourceRecordSets": answer])
        #expect(!findings.contains { $0.code == .recordRegionUnused })
        #expect(!findings.contains { $0.code == .regionUnreadable })
    }

    @Test("With RECORD_TARGETS nothing of RECORD_REGIONS is used")
    func ignored() async {
        let findings = await Self.dns([
            "HOSTED_ZONE_ID": nil, "RECORD_TARGETS": #"{"us-east-1":["10.0.0.1"],"us-west-2":["10.0.0.2"]}"#,
            "RECORD_REGIONS": #"{"us-east-1":"us-east-1"}"#,
        ])
        #expect(findings.map(\.code) == [.recordRegionUnused])
    }
}
