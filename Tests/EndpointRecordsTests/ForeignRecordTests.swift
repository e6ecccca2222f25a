import AWSClient
import EndpointRecords
import Testing

@Suite("Records of others") struct ForeignRecordTests {
    /// - Parameter settings: nil for those of numbered records.
    private func plan(_ group: ReplicationGroup, _ records: [ResourceRecordSet]) throws -> RecordPlan {
        RecordPlan(
            ZoneRecords(numbered: records), cluster: ClusterView(group), standing: nil, settings: try Sample.settings())
    }

    private static func with(_ change: (inout ResourceRecordSet) -> Void) -> ResourceRecordSet {
        var set = Sample.cname("read1", Sample.node("009"))
        change(&set)
        return set
    }

    static let foreign: [ResourceRecordSet] = [
        ResourceRecordSet(name: "read1.example.com", type: "A", ttl: 10, values: ["192.0.2.1"]),
        ResourceRecordSet(name: "read1.example.com", type: "TXT", ttl: 10, values: ["\"x\""]),
        Sample.cname("read1", "elsewhere.example.net"), Sample.cname("read1", ""),
        with { $0.values.append("other") }, with { $0.healthCheckID = "h" }, with { $0.setIdentifier = "a" },
        with { ($0.setIdentifier, $0.weight) = ("rg-009", 1) }, with { $0.otherElements = ["GeoLocation"] },
        with { ($0.setIdentifier, $0.failover) = ("a", .primary) }, with { $0.ttl = nil },
        with {
            ($0.ttl, $0.values) = (nil, [])
            $0.alias = .init(dnsName: Sample.node("009"), hostedZoneID: "Z", evaluateTargetHealth: false)
        },
    ]

    @Test("Under a name of ours, what is not ours is left alone, said, and its number not given", arguments: foreign)
    func untouched(set: ResourceRecordSet) throws {
        let plan = try plan(Sample.group("001p 002r 003r"), [set] + Sample.records("3:003"))
        #expect(plan.short == "+2:002")
        #expect(
            plan.findings == [.foreign(name: "read1.example.com", type: set.type, setIdentifier: set.setIdentifier)])
    }

    @Test("Several record sets of one name are none of ours")
    func severalOfAName() throws {
        let sets = [Sample.cname("read1", Sample.node("002")), Sample.cname("read1", Sample.node("003"))]
        let plan = try plan(Sample.group("001p 002r"), sets)
        #expect(plan.short == "+2:002")
        #expect(plan.findings.count == 2)
    }

    /// First labels, and what follows on them.
    static let names: [(name: String, tls: String, withShards: String)] = [
        ("rg-009.rg.abc123.use1.cache.amazonaws.com", "ours", "ours"),
        ("RG-009.rg.abc123.use1.cache.amazonaws.com.", "ours", "ours"),
        ("rg-009.abc123.0001.use1.cache.amazonaws.com", "ours", "ours"),
        ("rg-0001-009.rg.abc123.use1.cache.amazonaws.com", "", "ours"),
        ("rg-0001-009.abc123.0001.use1.cache.amazonaws.com", "", "ours"),
        // Of the group rg-2, in the same account and region, which have the same hash.
        ("rg-2-001.abc123.0001.use1.cache.amazonaws.com", "", ""),
        ("rg-2-001.rg-2.abc123.use1.cache.amazonaws.com", "", ""),
        ("rg-009.rg-2.abc123.use1.cache.amazonaws.com", "", ""),
        // Endpoints, not nodes.
        ("rg-ro.abc123.ng.0001.use1.cache.amazonaws.com", "", ""),
        ("rg.abc123.ng.0001.use1.cache.amazonaws.com", "", ""),
        ("master.rg.abc123.use1.cache.amazonaws.com", "", ""), ("replica.rg.abc123.use1.cache.amazonaws.com", "", ""),
        ("clustercfg.rg.abc123.use1.cache.amazonaws.com", "", ""),
        // Another account, region or domain.
        ("rg-009.rg.other1.use1.cache.amazonaws.com", "", ""), ("rg-009.rg.abc123.usw2.cache.amazonaws.com", "", ""),
        ("rg-009.other1.0001.use1.cache.amazonaws.com", "", ""), ("rg-009.rg.abc123.use1.cache.example.com", "", ""),
        ("rg-009", "", ""), ("rg-009.", "", ""), ("rg-.rg.abc123.use1.cache.amazonaws.com", "", ""),
        ("rg-9a.rg.abc123.use1.cache.amazonaws.com", "", ""), ("rg-1-2-3.rg.abc123.use1.cache.amazonaws.com", "", ""),
        ("other-009.rg.abc123.use1.cache.amazonaws.com", "", ""), (".rg.abc123.use1.cache.amazonaws.com", "", ""),
    ]

    @Test("A node of ours is told by the whole of its name, also when it is gone", arguments: names, [true, false])
    func nodeNames(example: (name: String, tls: String, withShards: String), tls: Bool) throws {
        let record = Sample.cname("read1", example.name)
        // Whichever form the nodes have that are left.
        let group = Sample.group("001p", tls: tls)
        let deleting = try Sample.settings(whenNoReplicas: .delete)
        func isOurs(_ group: ReplicationGroup) throws -> Bool {
            let plan = RecordPlan(
                ZoneRecords(numbered: [record]), cluster: ClusterView(group), standing: nil, settings: deleting)
            #expect(plan.changes.isEmpty == plan.findings.contains { if case .foreign = $0 { true } else { false } })
            return !plan.changes.isEmpty
        }
        #expect(try isOurs(group) == (example.tls == "ours"))
        let shards = Sample.group("001p", "001p", tls: tls)
        #expect(try isOurs(shards) == (example.withShards == "ours"))
    }

    @Test("Endpoints of the group tell of its nodes' names where these have others")
    func endpointsAlone() throws {
        var group = Sample.group("001p")
        group.nodeGroups[0].members[0].readEndpoint?.address = "imported.abc123.0001.use1.cache.amazonaws.com"
        for endpoint in ["rg.abc123.ng.0001.use1", "rg-ro.abc123.ng.0001.use1", "master.rg.abc123.use1"] {
            group.nodeGroups[0].primaryEndpoint = .init(address: "\(endpoint).cache.amazonaws.com")
            let plan = RecordPlan(
                ZoneRecords(numbered: Sample.records("1:009 2:008", tls: endpoint.hasPrefix("m"))),
                cluster: ClusterView(group), standing: nil, settings: try Sample.settings(whenNoReplicas: .delete))
            #expect(plan.short == "-1:009 -2:008")
        }
    }

    @Test("A node that has a name of its own, from before the group was made of it, has a record like the others")
    func importedNode() throws {
        var group = Sample.group("001p 002r 003r")
        let name = "imported.abc123.0001.use1.cache.amazonaws.com"
        group.nodeGroups[0].members[1].cacheClusterID = "imported"
        group.nodeGroups[0].members[1].readEndpoint?.address = name
        let made = try plan(group, Sample.records("2:003"))
        #expect(made.changes.map(\.new) == [Sample.cname("read1", name)])
        #expect(try plan(group, Sample.records("2:003") + [Sample.cname("read1", name)]).changes.isEmpty)
    }

    @Test(
        "A name with another number is none of ours",
        arguments: ["read01", "read0", "read", "read-1", "read1a", "reader1", "read99999999999999999999"])
    func otherNumbers(label: String) throws {
        let plan = try plan(Sample.group("001p 002r"), [Sample.cname(label, Sample.node("002"))])
        #expect(plan.short == "+1:002")
        #expect(plan.findings.count == 1)
    }
}
