import AWSClient
import EndpointRecords
import Testing

@Suite("The plan for replicas") struct ReplicaPlanTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var rule: String
        var nodes: [String]
        var records: String
        var changes: String
        var policy = RecordSettings.WhenNoReplicas.keep

        init(
            _ rule: String, _ nodes: String..., records: String, changes: String,
            policy: RecordSettings.WhenNoReplicas = .keep
        ) {
            (self.rule, self.nodes, self.records, self.changes, self.policy) = (rule, nodes, records, changes, policy)
        }

        var testDescription: String { rule }
        var group: ReplicationGroup {
            nodes.count > 1 ? Sample.group(nodes[0], nodes[1]) : Sample.group(nodes[0])
        }
    }

    private func plan(
        _ group: ReplicationGroup, _ records: [ResourceRecordSet], policy: RecordSettings.WhenNoReplicas = .keep
    ) throws -> RecordPlan {
        RecordPlan(
            ZoneRecords(numbered: records), cluster: ClusterView(group), standing: nil,
            settings: try Sample.settings(whenNoReplicas: policy))
    }

    static let cases = [
        Case("All is well: nothing changes", "001p 002r 003r", records: "1:002 2:003", changes: ""),
        Case(
            "Each replica gets a record, in the order of the ids", "003r 001p 002r", records: "",
            changes: "+1:002 +2:003"),
        Case(
            "A failover changes the record of the new primary", "001r 002p 003r", records: "1:002 2:003",
            changes: "1:002>001"),
        Case(
            "Two failovers in a row change it twice over", "001r 002r 003p", records: "1:001 2:003",
            changes: "2:003>002"),
        Case("A new replica gets the lowest number", "001p 002r 003r 004r", records: "2:002 3:003", changes: "+1:004"),
        Case("Numbers are not moved together", "001p 003r", records: "1:002 2:003", changes: "-1:002"),
        Case("The record of a replica that is gone is deleted", "001p 002r", records: "1:002 2:003", changes: "-2:003"),
        Case(
            "A record whose node is gone is taken before a number that nobody has", "001p 002r 004r",
            records: "1:002 3:003", changes: "3:003>004"),
        Case(
            "Of several that are free, the lowest number comes first", "001p 005r", records: "1:002 2:003 3:004",
            changes: "1:002>005 -2:003 -3:004"),
        Case(
            "New ones are taken in the order of their ids", "001p 004r 005r 006r", records: "1:002 2:003",
            changes: "1:002>004 2:003>005 +3:006"),
        Case(
            "Of two records of a replica the lowest number stays", "001p 002r", records: "3:002 1:002 2:002",
            changes: "-2:002 -3:002"),
        Case(
            "The second record of a replica serves another one", "001p 002r 003r", records: "1:002 4:002",
            changes: "4:002>003"),
        Case("Another TTL is changed", "001p 002r 003r", records: "1:002@60 2:003", changes: "1:002>002"),
        Case(
            "In cluster mode the replicas of all shards have records", "001p 002r", "001r 002p", records: "1:0001-002",
            changes: "+2:0002-001"),
        Case(
            "In cluster mode a record points at no shard's primary", "001p 002r", "001r 002p",
            records: "1:0001-001 2:0002-002", changes: "1:0001-001>0001-002 2:0002-002>0002-001"),
        Case("No replica, and it is to be kept", "001p", records: "1:002 2:001@60", changes: ""),
        Case(
            "No replica, and it is to be the primary", "001p", records: "1:002 3:003", changes: "1:002>001 3:003>001",
            policy: .primary),
        Case("It is the primary already", "001p", records: "1:001 3:001", changes: "", policy: .primary),
        Case(
            "No replica and no record: number 1 is the primary", "001p", records: "", changes: "+1:001",
            policy: .primary),
        Case(
            "No replica, and the records are to be deleted", "001p", records: "1:002 3:001", changes: "-1:002 -3:001",
            policy: .delete),
        Case(
            "Replicas are back: none points at the primary any more", "001p 002r", records: "1:001 2:001",
            changes: "1:001>002 -2:001", policy: .primary),
        Case(
            "In cluster mode without a replica it is the first shard's primary", "001p", "001p",
            records: "1:0001-002 2:0002-001", changes: "1:0001-002>0001-001 2:0002-001>0001-001", policy: .primary),
        Case("A replica that is being made has no record yet", "001p 002r 003?- 004r-", records: "1:002", changes: ""),
        Case(
            "A node without a role keeps the record that it has", "001p 002? 003r", records: "1:002 2:003 3:004",
            changes: "-3:004"),
        Case("A node without an endpoint keeps it, too", "001p 002r- 003r", records: "1:002", changes: "+2:003"),
        Case(
            "It keeps it without any replica left", "001p 002?", records: "1:002 2:003", changes: "-2:003",
            policy: .delete),
        Case(
            "It keeps it where the others are to be the primary", "001p 002r-", records: "1:002 2:003",
            changes: "2:003>001", policy: .primary),
    ]

    @Test("As little changes as will do", arguments: cases)
    func changes(example: Case) throws {
        let records = Sample.records(example.records)
        let plan = try plan(example.group, records, policy: example.policy)
        #expect(plan.short == example.changes)
        // What is deleted is what was read, to the letter.
        for case let old? in plan.changes.map(\.old) { #expect(records.contains(old)) }
        for case let new? in plan.changes.map(\.new) { #expect(new.ttl == 10) }
    }

    @Test(
        "Where it cannot be told what the replicas are, nothing changes, and it is said why",
        arguments: [
            (Sample.group(), ClusterView.Unsettled.noShards),
            (Sample.group("001r 002r"), .noPrimary(shard: "0001", withoutRole: [])),
            (Sample.group("001? 002?"), .noPrimary(shard: "0001", withoutRole: ["rg-001", "rg-002"])),
            (Sample.group("001? 002r"), .noPrimary(shard: "0001", withoutRole: ["rg-001"])),
            (Sample.group("001p 002p"), .severalPrimaries(shard: "0001", nodes: ["rg-001", "rg-002"])),
            (Sample.group("001p- 002r"), .primaryWithoutName(shard: "0001", node: "rg-001")),
            (Sample.group("001p 002r", "001r 002r"), .noPrimary(shard: "0002", withoutRole: [])),
            (Sample.group("001p 002r 002r"), .nodeTwice("rg-002")),
            (Sample.group("001p 002r", ""), .noPrimary(shard: "0002", withoutRole: [])),
        ])
    func unsettled(group: ReplicationGroup, why: ClusterView.Unsettled) throws {
        for policy in RecordSettings.WhenNoReplicas.allCases {
            let plan = try plan(group, Sample.records("1:009 2:001@60"), policy: policy)
            #expect(plan.changes.isEmpty)
            #expect(plan.findings.contains(.unsettled(why)))
        }
    }

    @Test("Roles are known in any case, and a role of another name is none")
    func roles() throws {
        var group = Sample.group("001p 002r 003r")
        group.nodeGroups[0].members[0].currentRole = "PRIMARY"
        group.nodeGroups[0].members[1].currentRole = "Replica"
        group.nodeGroups[0].members[2].currentRole = "observer"
        let plan = try plan(group, [])
        #expect(plan.short == "+1:002")
        #expect(plan.findings == [.waiting(.init(node: "rg-003", missing: .role))])
    }

    @Test("A member that is in no shard yet keeps the record that it has")
    func memberOutsideShards() throws {
        var group = Sample.group("001p 003r")
        group.memberClusters = ["rg-001", "rg-002", "rg-003"]
        let plan = try plan(group, Sample.records("1:002 2:004"))
        #expect(plan.short == "2:004>003")
        #expect(plan.findings == [.waiting(.init(node: "rg-002", missing: .all))])
    }

    @Test("What is waited for and what there is none of is said")
    func findings() throws {
        let waiting = try plan(Sample.group("001p 002r- 003? 004?-"), [])
        #expect(
            waiting.findings == [
                .waiting(.init(node: "rg-002", missing: .name)), .waiting(.init(node: "rg-003", missing: .role)),
                .waiting(.init(node: "rg-004", missing: .all)), .noReplicas(.keep),
            ])
        for policy in RecordSettings.WhenNoReplicas.allCases {
            #expect(try plan(Sample.group("001p"), [], policy: policy).findings == [.noReplicas(policy)])
        }
    }

    @Test(
        "While AWS changes the group, the record of a node that it does not list stays, and nobody gets its number",
        arguments: ["modifying", "Available", "snapshotting", "deleting"])
    func unlisted(status: String) throws {
        var group = Sample.group("001p 002r")
        group.status = status
        let plan = try plan(group, Sample.records("1:003 2:002 3:001"))
        // The primary's is none of them.
        #expect(plan.short == (status == "Available" ? "-1:003 -3:001" : "-3:001"))
        let unlisted = Finding.unlisted(node: "rg-003", status: status)
        #expect(plan.findings == (status == "Available" ? [] : [unlisted]))
        group.nodeGroups[0].members.append(Sample.group("004r").nodeGroups[0].members[0])
        #expect(
            try self.plan(group, Sample.records("1:003 2:002")).short
                == (status == "Available" ? "1:003>004" : "+3:004"))
    }

    @Test("So it does where no replica is left", arguments: RecordSettings.WhenNoReplicas.allCases)
    func unlistedAlone(policy: RecordSettings.WhenNoReplicas) throws {
        var group = Sample.group("001p")
        group.status = "modifying"
        #expect(try plan(group, Sample.records("1:002"), policy: policy).changes.isEmpty)
    }

    @Test("A target in capitals or with a final dot is the same target")
    func spelling() throws {
        let records = [Sample.cname("read1", Sample.node("002").uppercased() + ".")]
        #expect(try plan(Sample.group("001p 002r"), records).changes.isEmpty)
        let plan = try plan(Sample.group("001r 002p"), records)
        #expect(plan.changes == [RecordChange(from: records[0], to: Sample.cname("read1", Sample.node("001")))])
    }

    @Test("When TLS is turned on or off, each replica keeps its number", arguments: [true, false])
    func tls(isOn: Bool) throws {
        let plan = try plan(Sample.group("001p 002r 003r", tls: isOn), Sample.records("2:002 5:003 7:004", tls: !isOn))
        #expect(plan.short == "2:002>002 5:003>003 -7:004")
        #expect(plan.changes.compactMap { $0.new?.values } == ["002", "003"].map { [Sample.node($0, tls: isOn)] })
    }
}
