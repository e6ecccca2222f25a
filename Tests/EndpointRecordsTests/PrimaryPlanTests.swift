import AWSClient
import EndpointRecords
import Testing

@Suite("The plan for the primary record") struct PrimaryPlanTests {
    private static let endpoint = "master.rg.abc123.use1.cache.amazonaws.com"

    private func plan(
        _ records: [ResourceRecordSet], _ standing: PrimaryStanding, endpoint: String? = endpoint
    ) -> RecordPlan {
        RecordPlan(primary: records, name: "DB.example.com.", endpoint: endpoint, ttl: 10, standing: standing)
    }

    @Test(
        "The primary's region points the record at its own endpoint, wherever it pointed",
        arguments: [
            (nil, true), (Sample.cname("db", "master.other.abc123.usw2.cache.amazonaws.com"), true),
            (Sample.cname("db", "example.net", ttl: 300), true), (Sample.cname("db", endpoint), false),
            (Sample.cname("db", endpoint.uppercased() + "."), false), (Sample.cname("db", endpoint, ttl: 60), true),
        ])
    func pointing(old: ResourceRecordSet?, isChanged: Bool) throws {
        let plan = plan([old].compactMap(\.self), .primary)
        #expect(plan.findings.isEmpty)
        let new = Sample.cname("db", Self.endpoint)
        #expect(plan.changes == (isChanged ? [RecordChange(from: old, to: new)] : []))
    }

    @Test(
        "No other region does",
        arguments: [
            PrimaryStanding.standby(role: "SECONDARY"), .notMember(datastoreID: "ldgnf-x"), .unclear(members: ["a"]),
            .recordOfOutsider(endpoint: "master.gone.abc123.usw2.cache.amazonaws.com", datastoreID: "ldgnf-x"),
        ])
    func standing(standing: PrimaryStanding) throws {
        for records in [[], [Sample.cname("db", "example.net")], [Sample.cname("db", Self.endpoint, ttl: 60)]] {
            let plan = plan(records, standing)
            #expect(plan.changes.isEmpty)
            #expect(plan.findings == [.notPrimary(standing)])
        }
    }

    @Test("Where there is no endpoint yet, the record stays")
    func noEndpoint() throws {
        let plan = plan([Sample.cname("db", "example.net")], .primary, endpoint: nil)
        #expect(plan.changes.isEmpty)
        #expect(plan.findings == [.noPrimaryEndpoint])
    }

    static let occupants: [(ResourceRecordSet, Occupant)] = {
        let alias = ResourceRecordSet.Alias(dnsName: "x", hostedZoneID: "Z", evaluateTargetHealth: true)
        var several = Sample.cname("db", "a")
        several.values.append("b")
        var checked = Sample.cname("db", "a")
        checked.healthCheckID = "h"
        var located = Sample.cname("db", "a", identifier: "x")
        located.otherElements = ["GeoLocation"]
        return [
            (
                ResourceRecordSet(name: "db.example.com", type: "A", ttl: 10, values: ["192.0.2.1"]),
                .init(type: "A", kind: .simple)
            ),
            (ResourceRecordSet(name: "db.example.com", type: "A", alias: alias), .init(type: "A", kind: .alias)),
            (
                ResourceRecordSet(name: "db.example.com", type: "CNAME", alias: alias),
                .init(type: "CNAME", kind: .alias)
            ),
            (
                Sample.cname("db", "a", identifier: "x", weight: 1),
                .init(type: "CNAME", setIdentifier: "x", kind: .weighted)
            ),
            (
                ResourceRecordSet(
                    name: "db.example.com", type: "CNAME", setIdentifier: "x", failover: .secondary, ttl: 1,
                    values: ["a"]), .init(type: "CNAME", setIdentifier: "x", kind: .otherRouting)
            ),
            (several, .init(type: "CNAME", kind: .elaborate)), (checked, .init(type: "CNAME", kind: .elaborate)),
            (located, .init(type: "CNAME", setIdentifier: "x", kind: .otherRouting)),
        ]
    }()

    @Test("Anything but a simple CNAME is left alone, and said on standby as well", arguments: occupants)
    func occupied(set: ResourceRecordSet, occupant: Occupant) throws {
        for standing in [PrimaryStanding.primary, .standby(role: "SECONDARY")] {
            let plan = plan([set], standing)
            #expect(plan.changes.isEmpty)
            #expect(plan.findings == [.occupied(name: "db.example.com", by: occupant)])
        }
        let settings = try Sample.settings(weighted: "all.example.com", primary: "db.example.com")
        let plan = RecordPlan(
            ZoneRecords(primary: [set]), cluster: ClusterView(Sample.group("001p 002r")), standing: .primary,
            settings: settings)
        #expect(plan.changes.map(\.name) == ["read1.example.com", "all.example.com"])
    }

    @Test(
        "A record that points at a cluster outside the datastore is not taken",
        arguments: [
            ("master.gone.abc123.usw2.cache.amazonaws.com", true),
            ("gone.abc123.ng.0001.usw2.cache.amazonaws.com", true),
            ("clustercfg.gone.abc123.usw2.cache.amazonaws.com", true),
            ("gone.abc123.clustercfg.cnn1.cache.amazonaws.com.cn.", true),
            ("master.Other.abc123.usw2.cache.amazonaws.com", false), (endpoint, false),
            ("rg.abc123.ng.0001.use1.cache.amazonaws.com", false), ("placeholder.example.net", false), (nil, false),
        ])
    func outsider(target: String?, isOutsider: Bool) {
        func standing(_ roles: (String, String)) -> PrimaryStanding {
            PrimaryStanding(in: Sample.datastore(roles), region: "us-east-1", groupID: "rg", target: target)
        }
        let own = standing(("PRIMARY", "SECONDARY"))
        if isOutsider {
            guard case .recordOfOutsider(let endpoint, "ldgnf-x") = own else {
                Issue.record("\(own)")
                return
            }
            #expect(endpoint + "." == target || endpoint == target)
        } else {
            #expect(own == .primary)
        }
        #expect(standing(("SECONDARY", "PRIMARY")) == .standby(role: "SECONDARY"))
    }

    @Test(
        "The local member's role is what counts, by region and id",
        arguments: [
            (("PRIMARY", "SECONDARY"), PrimaryStanding.primary), (("primary", "secondary"), .primary),
            (("SECONDARY", "PRIMARY"), .standby(role: "SECONDARY")), (("", "PRIMARY"), .standby(role: "")),
            (("SECONDARY", "SECONDARY"), .standby(role: "SECONDARY")),
            (("PRIMARY", "PRIMARY"), .unclear(members: ["rg (us-east-1)", "other (us-west-2)"])),
            (("Promoting", "PRIMARY"), .standby(role: "Promoting")),
        ])
    func role(roles: (String, String), expected: PrimaryStanding) {
        for id in ["rg", "RG", nil] {
            #expect(PrimaryStanding(in: Sample.datastore(roles), region: "US-East-1", groupID: id) == expected)
        }
    }

    @Test("Who is no member holds, of this group as of this region")
    func notMember() {
        let datastore = Sample.datastore(("PRIMARY", "SECONDARY"))
        for (region, id) in [("us-east-1", "another"), ("eu-west-1", nil), ("us-west-2", "rg"), ("eu-west-1", "rg")] {
            #expect(
                PrimaryStanding(in: datastore, region: region, groupID: id) == .notMember(datastoreID: "ldgnf-x"))
        }
    }

    @Test("Two members in one region, and no id to tell them apart, are not clear")
    func twoLocal() {
        let datastore = Sample.datastore(("PRIMARY", "SECONDARY"), region: "us-west-2")
        #expect(
            PrimaryStanding(in: datastore, region: "us-west-2", groupID: nil)
                == .unclear(members: ["rg (us-west-2)", "other (us-west-2)"]))
        #expect(PrimaryStanding(in: datastore, region: "us-west-2", groupID: "rg") == .primary)
    }

    @Test(
        "It is planned beside the replicas, and first; the endpoint is the group's, in cluster mode the configuration")
    func beside() throws {
        let settings = try Sample.settings(weighted: "all.example.com", primary: "db.example.com")
        for (group, endpoint) in [
            (Sample.group("001p 002r"), Self.endpoint),
            (Sample.group("001p 002r", clusterMode: true), "clustercfg.rg.abc123.use1.cache.amazonaws.com"),
        ] {
            let plan = RecordPlan(
                ZoneRecords(), cluster: ClusterView(group), standing: .primary, settings: settings)
            #expect(plan.changes.map(\.name) == ["db.example.com", "read1.example.com", "all.example.com"])
            #expect(plan.changes.first?.new?.values == [endpoint])
        }
        let own = try Sample.settings(primary: "db.example.com", endpoint: "Own.example.net.")
        let plan = RecordPlan(
            ZoneRecords(), cluster: ClusterView(Sample.group("001r")), standing: .primary, settings: own)
        #expect(plan.changes.map { $0.new?.values } == [["own.example.net"]])
    }
}
