import AWSClient
import NameResolution
import Promotion
import Testing

@Suite("The records of a name")
struct RecordSetReaderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var sets: [ResourceRecordSet]
        var regions: [String: String] = [:]
        var expected: [FailoverRecord]

        init(
            _ name: String, _ sets: [ResourceRecordSet], regions: [String: String] = [:], _ expected: FailoverRecord...
        ) {
            testDescription = name
            self.sets = sets
            self.regions = regions
            self.expected = expected
        }
    }

    static let name = World.name
    static let east = "web-1.us-east-1.elb.amazonaws.com"
    static let west = "web-1.us-west-2.elb.amazonaws.com"

    static func alias(
        to target: String, in zone: String = "Z35SXDOTRQ7X7K", type: String = "A", of name: String = Self.name,
        set identifier: String? = nil, failover: ResourceRecordSet.Failover? = nil, latency region: String? = nil,
        weight: Int? = nil
    ) -> ResourceRecordSet {
        ResourceRecordSet(
            name: name, type: type, setIdentifier: identifier, failover: failover, region: region, weight: weight,
            alias: .init(dnsName: target, hostedZoneID: zone, evaluateTargetHealth: true))
    }

    static func plain(
        _ type: String, _ values: String..., of name: String = Self.name, set identifier: String? = nil,
        latency region: String? = nil, failover: ResourceRecordSet.Failover? = nil, weight: Int? = nil
    ) -> ResourceRecordSet {
        ResourceRecordSet(
            name: name, type: type, setIdentifier: identifier, failover: failover, region: region, weight: weight,
            ttl: 60, values: values)
    }

    static func addresses(_ texts: String...) -> FailoverRecord.Target {
        .addresses(texts.compactMap { IPAddress($0) })
    }

    static let singles = [
        Case(
            "failover aliases",
            [
                alias(to: east, set: "one", failover: .primary), alias(to: west, set: "two", failover: .secondary),
            ],
            .init(label: "one", failover: "PRIMARY", target: .name(east), region: "us-east-1"),
            .init(label: "two", failover: "SECONDARY", target: .name(west), region: "us-west-2")),
        Case(
            "a CNAME, as people write it", [plain("CNAME", "Web-1.US-West-2.ELB.amazonaws.com.")],
            .init(label: name, target: .name(west), region: "us-west-2")),
        Case(
            "addresses, sorted, both families",
            [plain("A", "10.0.0.2", "10.0.0.1", set: "us-east-1"), plain("AAAA", "2001:db8::1", set: "us-west-2")],
            .init(label: "us-east-1", target: addresses("10.0.0.1", "10.0.0.2"), region: "us-east-1"),
            .init(label: "us-west-2", target: addresses("2001:db8::1"), region: "us-west-2")),
        Case(
            "A and AAAA of one target are one record",
            [alias(to: east, set: "one"), alias(to: east, type: "AAAA", set: "one"), alias(to: west, set: "two")],
            .init(label: "one", target: .name(east), region: "us-east-1"),
            .init(label: "two", target: .name(west), region: "us-west-2")),
        Case(
            "other types count for nothing",
            [
                plain("TXT", "\"10.0.0.1\""), plain("MX", "10 mail.example.com"), plain("CAA", "0 issue \"ca\""),
                alias(to: west), plain("HTTPS", "1 ."), alias(to: east, type: "HTTPS", set: "two"),
            ],
            .init(label: name, target: .name(west), region: "us-west-2")),
        Case("values that are no addresses count for nothing", [plain("A", "ten"), plain("AAAA")]),
        Case("a CNAME without a value counts for nothing", [plain("CNAME")]),
        Case("no record", []),

        Case(
            "the host's name comes before RECORD_REGIONS, set identifier and latency region",
            [alias(to: east, set: "us-west-1", latency: "eu-west-1")], regions: ["us-west-1": "ap-south-1"],
            .init(label: "us-west-1", target: .name(east), region: "us-east-1")),
        Case(
            "RECORD_REGIONS comes before set identifier and latency region",
            [plain("CNAME", "a.cdn.example", set: "us-west-1", latency: "eu-west-1")],
            regions: ["us-west-1": "ap-south-1"],
            .init(label: "us-west-1", target: .name("a.cdn.example"), region: "ap-south-1")),
        Case(
            "the set identifier comes before the latency region",
            [plain("CNAME", "a.cdn.example", set: "us-west-1", latency: "eu-west-1")],
            .init(label: "us-west-1", target: .name("a.cdn.example"), region: "us-west-1")),
        Case(
            "the latency region is the last resort",
            [plain("CNAME", "a.cdn.example", set: "blue", latency: "eu-west-1")], regions: ["green": "us-east-1"],
            .init(label: "blue", target: .name("a.cdn.example"), region: "eu-west-1")),
        Case(
            "an unreadable region stays unread", [alias(to: "d1.cloudfront.net", set: "blue")],
            .init(label: "blue", target: .name("d1.cloudfront.net"), region: nil)),
        Case(
            "RECORD_REGIONS gives addresses a region", [plain("A", "10.0.0.1", set: "blue")],
            regions: ["blue": "us-east-1"],
            .init(label: "blue", target: addresses("10.0.0.1"), region: "us-east-1")),
    ]

    @Test("The records of one name are read by their targets and regions", arguments: singles)
    func ofOneName(_ testCase: Case) async throws {
        let world = World()
        world.records.set(testCase.sets)
        let records = try await world.reader(regions: testCase.regions).read(deadline: world.deadline).records
        #expect(records == testCase.expected)
        #expect(world.journal.take() == [.records(World.name)])
    }

    static let chains = [
        Case(
            "the region of the outer set identifier is inherited",
            [
                alias(to: "in.example.com", in: World.zone, set: "us-west-2", failover: .secondary),
                plain("A", "10.0.0.1", of: "in.example.com"),
            ],
            .init(label: "us-west-2", failover: "SECONDARY", target: addresses("10.0.0.1"), region: "us-west-2")),
        Case(
            "that of RECORD_REGIONS is inherited too",
            [
                alias(to: "in.example.com", in: World.zone, type: "CNAME", set: "blue"),
                plain("CNAME", "a.cdn.example", of: "in.example.com"),
            ],
            regions: ["blue": "us-west-2"],
            .init(label: "blue", target: .name("a.cdn.example"), region: "us-west-2")),
        Case(
            "and that of latency routing, through two levels",
            [
                alias(to: "mid.example.com", in: World.zone, set: "blue", latency: "eu-west-1"),
                alias(to: "in.example.com", in: World.zone, of: "mid.example.com"),
                plain("A", "10.0.0.1", of: "in.example.com"),
            ],
            .init(label: "blue", target: addresses("10.0.0.1"), region: "eu-west-1")),
        Case(
            "the inner target's own region wins",
            [
                alias(to: "in.example.com", in: World.zone, set: "us-east-1"),
                alias(to: west, of: "in.example.com"),
            ],
            .init(label: "us-east-1", target: .name(west), region: "us-west-2")),
        Case(
            "and so does the inner set identifier",
            [
                alias(to: "in.example.com", in: World.zone, set: "us-east-1"),
                plain("A", "10.0.0.1", of: "in.example.com", set: "us-west-2"),
            ],
            .init(label: "us-east-1", target: addresses("10.0.0.1"), region: "us-west-2")),
        Case(
            "the inner record's failover role shows where the outer has none",
            [
                alias(to: "in.example.com", in: World.zone),
                alias(to: east, of: "in.example.com", set: "one", failover: .primary),
                alias(to: west, of: "in.example.com", set: "two", failover: .secondary),
            ],
            .init(label: "one", failover: "PRIMARY", target: .name(east), region: "us-east-1"),
            .init(label: "two", failover: "SECONDARY", target: .name(west), region: "us-west-2")),
        Case(
            "an alias follows records of its own type only",
            [
                alias(to: "in.example.com", in: World.zone),
                plain("A", "10.0.0.1", of: "in.example.com", set: "us-east-1"),
                plain("AAAA", "2001:db8::1", of: "in.example.com", set: "us-west-2"),
            ],
            .init(label: "us-east-1", target: addresses("10.0.0.1"), region: "us-east-1")),
        Case(
            "an alias in capitals is followed",
            [
                alias(to: "IN.Example.com.", in: World.zone, set: "us-west-2"),
                plain("A", "10.0.0.1", of: "in.example.com"),
            ],
            .init(label: "us-west-2", target: addresses("10.0.0.1"), region: "us-west-2")),
        Case("an alias to nothing", [alias(to: "in.example.com", in: World.zone)]),
    ]

    @Test("An alias to a record of the same zone is followed", arguments: chains)
    func following(_ testCase: Case) async throws {
        let world = World()
        world.records.set(testCase.sets)
        let records = try await world.reader(regions: testCase.regions).read(deadline: world.deadline).records
        #expect(records == testCase.expected)
    }

    @Test(
        "A zone is the same with and without its prefix",
        arguments: ["Z0ZONE", "/hostedzone/Z0ZONE"], ["Z0ZONE", "/hostedzone/Z0ZONE"])
    func zoneForms(ofReader: String, ofAlias: String) async throws {
        let world = World()
        world.records.set([
            Self.alias(to: "in.example.com", in: ofAlias, set: "us-west-2"),
            Self.plain("A", "10.0.0.1", of: "in.example.com"),
        ])
        let records = try await world.reader(zone: ofReader).read(deadline: world.deadline).records
        #expect(records.map(\.target) == [Self.addresses("10.0.0.1")])
    }

    @Test("An alias of the same name in another zone is a target, not followed")
    func otherZone() async throws {
        let world = World()
        world.records.set([Self.alias(to: "in.example.com", in: "Z0OTHER")])
        let records = try await world.reader().read(deadline: world.deadline).records
        #expect(records.map(\.target) == [.name("in.example.com")])
        #expect(world.journal.take() == [.records(World.name)])
    }
}
