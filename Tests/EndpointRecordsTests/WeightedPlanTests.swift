import AWSClient
import EndpointRecords
import Testing

@Suite("The plan for the weighted record") struct WeightedPlanTests {
    private func plan(
        _ group: ReplicationGroup, _ records: [ResourceRecordSet], policy: RecordSettings.WhenNoReplicas = .keep
    ) throws -> RecordPlan {
        RecordPlan(
            ZoneRecords(weighted: records), cluster: ClusterView(group), standing: nil,
            settings: try Sample.settings(replicas: nil, weighted: "all.example.com", whenNoReplicas: policy))
    }

    @Test(
        "Each replica has its element, and nobody else",
        arguments: [
            ("001p 002r 003r", "002 003", ""), ("001p 002r 003r", "", "+w:002 +w:003"),
            ("001r 002p 003r", "002 003", "-w:002 +w:001"), ("001p 002r", "002 003", "-w:003"),
            ("001p 002r", "002@60", "w:002>002"), ("001p 002? 003r- 005r", "002 003 004", "-w:004 +w:005"),
            ("001p", "002 001", ""), ("001p 002p", "009", ""), ("001r", "009", ""),
        ])
    func elements(nodes: String, before: String, changes: String) throws {
        #expect(try plan(Sample.group(nodes), Sample.weighted(before)).short == changes)
    }

    @Test(
        "Without a replica it is what the policy says", arguments: [("primary", "-w:002 +w:001"), ("delete", "-w:002")])
    func noReplicas(policy: String, changes: String) throws {
        let policy = try #require(RecordSettings.WhenNoReplicas(rawValue: policy))
        #expect(try plan(Sample.group("001p"), Sample.weighted("002"), policy: policy).short == changes)
        if policy == .primary {
            #expect(try plan(Sample.group("001p"), Sample.weighted("001"), policy: policy).changes.isEmpty)
        }
    }

    @Test("An element is a name to point at with weight 1, under the id of its node")
    func shape() throws {
        let plan = try plan(Sample.group("001p 002r"), [])
        #expect(
            plan.changes == [
                RecordChange(
                    from: nil,
                    to: ResourceRecordSet(
                        name: "all.example.com", type: "CNAME", setIdentifier: "rg-002", weight: 1, ttl: 10,
                        values: [Sample.node("002")]))
            ])
    }

    @Test("Another weight, or another node behind the identifier, is put right")
    func putRight() throws {
        var set = Sample.weighted("002")[0]
        set.weight = 7
        #expect(try plan(Sample.group("001p 002r"), [set]).short == "w:002>002")
        set = Sample.weighted("002")[0]
        set.values = [Sample.node("001")]
        #expect(try plan(Sample.group("001p 002r"), [set]).short == "w:001>002")
    }

    @Test("Elements of others stay, and what has a replica's identifier keeps it")
    func foreign() throws {
        var foreign = [
            Sample.cname("all", Sample.node("002"), identifier: "x-001", weight: 1),
            Sample.cname("all", "elsewhere.example.net", identifier: "rg-009", weight: 1),
            Sample.cname("all", Sample.node("003"), identifier: "rg-003", weight: 1),
        ]
        foreign[2].healthCheckID = "h"
        let plan = try plan(Sample.group("001p 002r 003r"), foreign)
        #expect(plan.short == "+w:002")
        #expect(
            plan.findings
                == foreign.map { .foreign(name: $0.name, type: "CNAME", setIdentifier: $0.setIdentifier) }
                + [.identifierTaken(node: "rg-003")])
    }

    @Test("A node with a name of its own has its element under that")
    func importedNode() throws {
        var group = Sample.group("001p 002r")
        let name = "imported.abc123.0001.use1.cache.amazonaws.com"
        group.nodeGroups[0].members[1].cacheClusterID = "imported"
        group.nodeGroups[0].members[1].readEndpoint?.address = name
        let element = Sample.cname("all", name, identifier: "imported", weight: 1)
        #expect(try plan(group, []).changes.map(\.new) == [element])
        let there = try plan(group, [element])
        #expect(there.changes.isEmpty)
        #expect(there.findings.isEmpty)
    }

    static let occupants: [(ResourceRecordSet, Occupant)] = [
        (Sample.cname("all", Sample.node("002")), .init(type: "CNAME", kind: .simpleCNAME)),
        (
            ResourceRecordSet(name: "all.example.com", type: "A", ttl: 1, values: ["192.0.2.1"]),
            .init(type: "A", kind: .simple)
        ),
        (
            ResourceRecordSet(
                name: "all.example.com", type: "A", setIdentifier: "x", weight: 1, ttl: 1, values: ["192.0.2.1"]),
            .init(type: "A", setIdentifier: "x", kind: .weighted)
        ),
        (
            ResourceRecordSet(
                name: "all.example.com", type: "CNAME", setIdentifier: "x", failover: .primary, ttl: 1, values: ["a"]),
            .init(type: "CNAME", setIdentifier: "x", kind: .otherRouting)
        ),
    ]

    @Test("A name that holds anything but weighted CNAMEs is left alone, whatever the cluster is", arguments: occupants)
    func occupied(set: ResourceRecordSet, occupant: Occupant) throws {
        for nodes in ["001p 002r 003r", "001r", "001p"] {
            let plan = try plan(Sample.group(nodes), Sample.weighted("002") + [set])
            #expect(plan.changes.isEmpty)
            #expect(plan.findings.first == .occupied(name: "all.example.com", by: occupant))
        }
        let settings = try Sample.settings(weighted: "all.example.com")
        let plan = RecordPlan(
            ZoneRecords(weighted: [set]), cluster: ClusterView(Sample.group("001p 002r")), standing: nil,
            settings: settings)
        #expect(plan.short == "+1:002")
    }

    @Test("While AWS changes the group, an element stays whose node is not listed")
    func unlisted() throws {
        var group = Sample.group("001p 002r 004r")
        group.status = "modifying"
        let plan = try plan(group, Sample.weighted("002 003"))
        #expect(plan.short == "+w:004")
        #expect(plan.findings == [.unlisted(node: "rg-003", status: "modifying")])
    }
}
