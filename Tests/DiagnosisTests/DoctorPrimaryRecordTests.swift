import AWSClient
import Functions
import Testing

@testable import Diagnosis

@Suite("What the doctor says of the name of the primary")
struct DoctorPrimaryRecordTests {
    private static let name = "redis.example.com"
    private static let endpoint = "master.sessions-usw2.abc123.usw2.cache.amazonaws.com"

    /// - Parameter record: of the name; nil for none.
    private static func answers(_ record: String?, primary: String = "us-west-2") -> [String: DoctorWorld.Answer?] {
        let set = record.map { "<ResourceRecordSet><Name>\(name).</Name>\($0)</ResourceRecordSet>" } ?? ""
        let members = ["use1": "us-east-1", "usw2": "us-west-2"].sorted { $0.key < $1.key }.map { id, region in
            DoctorWorld.member("sessions-\(id)", region, region == primary ? "PRIMARY" : "SECONDARY")
        }
        return [
            "ListResourceRecordSets redis.example.com": .init(
                body: "<ListResourceRecordSetsResponse><ResourceRecordSets>\(set)</ResourceRecordSets>"
                    + "<IsTruncated>false</IsTruncated></ListResourceRecordSetsResponse>"),
            "GetHostedZone": .init(
                body: "<GetHostedZoneResponse><HostedZone><Id>/hostedzone/Z0123456789ABCDEFGHIJ</Id>"
                    + "<Name>example.com.</Name><Config><PrivateZone>true</PrivateZone></Config></HostedZone>"
                    + "</GetHostedZoneResponse>"),
            "DescribeGlobalReplicationGroups": DoctorWorld.group(members.joined()),
        ]
    }

    private static func cname(_ target: String) -> String {
        "<Type>CNAME</Type><TTL>10</TTL><ResourceRecords><ResourceRecord><Value>\(target)</Value></ResourceRecord>"
            + "</ResourceRecords>"
    }

    @Test(
        "It says what the next check would do, and changes nothing",
        arguments: [
            (cname(endpoint), "us-west-2", Finding.Code.recordInPlace, Finding.Level.good),
            (cname("elsewhere.example.net"), "us-west-2", .recordDue, .warning),
            (nil, "us-west-2", .recordDue, .warning),
            (cname(endpoint), "us-east-1", .recordOfOtherRegion, .good),
            (
                "<Type>A</Type><TTL>10</TTL><ResourceRecords><ResourceRecord><Value>192.0.2.1</Value></ResourceRecord>"
                    + "</ResourceRecords>", "us-west-2", .recordObstructed, .wrong
            ),
        ] as [(String?, String, Finding.Code, Finding.Level)])
    func readings(_ record: String?, _ primary: String, _ code: Finding.Code, _ level: Finding.Level) async throws {
        let world = DoctorWorld(Self.answers(record, primary: primary))
        let report = await world.examine(["PRIMARY_RECORD_NAME": Self.name, "PRIMARY_ENDPOINT": Self.endpoint])
        let findings = report.findings.filter { $0.subject == .record }
        #expect(findings.map(\.code) == [code])
        #expect(findings.map(\.level) == [level])
        #expect(findings.first?.text.contains(Self.name) == true)
        #expect(!world.asked.contains("ChangeResourceRecordSets"))
    }

    @Test("What may not be read is wrong, and what lies in another zone")
    func unreadable() async {
        var answers = Self.answers(nil)
        answers["GetHostedZone"] = DoctorWorld.denied()
        for (answers, name) in [(answers, Self.name), (Self.answers(nil), "redis.example.net")] {
            let report = await DoctorWorld(answers).examine([
                "PRIMARY_RECORD_NAME": name, "PRIMARY_ENDPOINT": Self.endpoint,
            ])
            #expect(report.findings.filter { $0.subject == .record }.map(\.code) == [.recordUnreadable])
        }
    }

    @Test("Without such a name nothing is asked for it")
    func without() async {
        let world = DoctorWorld(Self.answers(nil))
        let report = await world.examine()
        #expect(report.findings.allSatisfy { $0.subject != .record })
        #expect(!world.asked.contains("GetHostedZone"))
    }

    @Test(
        "The name of a cluster's writer is looked at likewise, in the words of neither kind",
        arguments: [
            ("writer.example.net", DoctorClusterTests.west, Finding.Code.recordInPlace),
            ("elsewhere.example.net", DoctorClusterTests.west, .recordDue),
            ("writer.example.net", DoctorClusterTests.east, .recordOfOtherRegion),
        ])
    func writer(_ target: String, _ writer: String, _ code: Finding.Code) async {
        var answers = Self.answers(Self.cname(target))
        let members = [DoctorClusterTests.east, DoctorClusterTests.west].map {
            DoctorClusterTests.member($0, isWriter: $0 == writer)
        }
        answers["DescribeGlobalClusters"] = DoctorClusterTests.answer(members.joined())
        answers["DescribeDBClusters"] = DoctorWorld.query(
            "DescribeDBClusters",
            "<DBClusters><DBCluster><DBClusterIdentifier>orders-west</DBClusterIdentifier><Status>available</Status>"
                + "<DBClusterArn>\(DoctorClusterTests.west)</DBClusterArn><Endpoint>writer.example.net</Endpoint>"
                + "</DBCluster></DBClusters>")
        let world = DoctorWorld(answers)
        let report = await world.examine([
            "WRITER_RECORD_NAME": Self.name, "GLOBAL_CLUSTER_ID": "orders", "GLOBAL_DATASTORE_ID": nil,
        ])
        let findings = report.findings.filter { $0.subject == .record }
        #expect(findings.map(\.code) == [code])
        for finding in findings { #expect(!"\(finding.text)\(finding.remedy ?? "")".contains("atastore")) }
        #expect(!world.asked.contains("ChangeResourceRecordSets"))
    }

    @Test("The role of the function has to be allowed what it needs, and that of this name alone")
    func permissions() throws {
        func needed(_ variables: [String: String?]) throws -> NeededActions {
            let configuration = try PromoterConfiguration(environment: environment(variables))
            return NeededActions(configuration, unknown: [], region: "us-west-2", account: "1")
        }
        let zone = "arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ"
        let actions = try needed(["PRIMARY_RECORD_NAME": Self.name])
        #expect(actions.harmless.contains(.init(actions: ["route53:GetHostedZone"], resources: [zone])))
        #expect(
            actions.harmless.contains(
                .init(
                    actions: ["elasticache:DescribeReplicationGroups"],
                    resources: ["arn:aws:elasticache:us-west-2:1:replicationgroup:*"])))
        let change = try #require(actions.others.first { $0.actions == ["route53:ChangeResourceRecordSets"] })
        #expect(change.resources == [zone])
        #expect(change.context.map(\.values) == [[Self.name], ["CNAME"], ["CREATE", "DELETE"]])
        let given = try needed(["PRIMARY_RECORD_NAME": Self.name, "PRIMARY_ENDPOINT": Self.endpoint])
        #expect(!given.harmless.contains { $0.actions == ["elasticache:DescribeReplicationGroups"] })
        // Where targets take the place of the zone, it is needed for this.
        let targets = try needed([
            "PRIMARY_RECORD_NAME": Self.name,
            "RECORD_TARGETS": #"{"us-west-2":["app.us-west-2.elb.amazonaws.com"]}"#,
        ])
        #expect(targets.harmless.contains(.init(actions: ["route53:ListResourceRecordSets"], resources: [zone])))
        let cluster = try needed([
            "GLOBAL_CLUSTER_ID": "orders", "WRITER_RECORD_NAME": "w.example.com", "READER_RECORD_NAME": "r.example.com",
        ])
        #expect(
            cluster.harmless.contains(
                .init(actions: ["rds:DescribeDBClusters"], resources: ["arn:aws:rds:us-west-2:1:cluster:*"])))
        #expect(!cluster.harmless.contains { $0.actions == ["elasticache:DescribeReplicationGroups"] })
        // They are changed in one batch.
        #expect(
            cluster.others.filter { $0.actions == ["route53:ChangeResourceRecordSets"] }.map(\.context.first?.values)
                == [["w.example.com", "r.example.com"]])
        let none = try needed([:])
        #expect(!(none.harmless + none.others).contains { $0.actions.contains { $0.hasPrefix("route53:Change") } })
    }
}
