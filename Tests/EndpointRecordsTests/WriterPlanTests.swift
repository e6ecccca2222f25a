import AWSClient
import EndpointRecords
import Testing

@Suite("The records of a global cluster's writer")
struct WriterPlanTests {
    private static func group(_ change: (inout GlobalCluster) -> Void = { _ in }) -> GlobalCluster {
        var group = GlobalCluster(
            id: "orders", status: "available",
            members: ["us-east-1", "us-west-2"].map { region in
                .init(
                    clusterARN: "arn:aws:rds:\(region):1:cluster:orders", region: region,
                    isWriter: region == "us-west-2")
            })
        change(&group)
        return group
    }

    @Test("Who the primary is, is what the global cluster says, unless it is about to be another one")
    func standing() {
        func standing(_ region: String = "us-west-2", _ change: (inout GlobalCluster) -> Void = { _ in })
            -> PrimaryStanding
        {
            PrimaryStanding(in: Self.group(change), region: region)
        }
        #expect(standing() == .primary)
        #expect(standing("US-West-2") == .primary)
        #expect(standing("us-east-1") == .standby(role: "a secondary"))
        #expect(standing("eu-west-1") == .notMember(datastoreID: "orders"))
        #expect(
            standing { $0.failoverState = .init(status: "failing-over") }
                == .underWay(groupID: "orders", status: "failing-over"))
        #expect(standing("us-east-1") { $0.failoverState = .init(status: "pending") } == .standby(role: "a secondary"))
        let arns = ["us-east-1", "us-west-2"].map { "arn:aws:rds:\($0):1:cluster:orders" }
        #expect(standing { $0.members[0].isWriter = true } == .unclear(members: arns))
        let twice = standing { $0.members[0].region = "us-west-2" }
        #expect(twice == .unclear(members: arns))
    }

    private static func cname(_ name: String, _ target: String) -> ResourceRecordSet {
        ResourceRecordSet(name: name, type: "CNAME", ttl: 10, values: [target])
    }

    private static func plan(
        _ records: [[ResourceRecordSet]], _ standing: PrimaryStanding = .primary,
        endpoints: [String?] = ["w.aws", "r.aws"]
    ) -> RecordPlan {
        let names = ["w.example.com", "r.example.com"]
        return RecordPlan(
            primaries: names.indices.map { (names[$0], records[$0], endpoints[$0]) }, ttl: 10, standing: standing)
    }

    @Test("Both are changed in one plan, each as far as it has to be")
    func both() {
        let writer = Self.cname("w.example.com", "w.aws")
        let reader = Self.cname("r.example.com", "r.aws")
        let none = Self.plan([[], []])
        #expect(none.changes == [.init(from: nil, to: writer), .init(from: nil, to: reader)])
        #expect(none.findings == [])
        let old = Self.cname("r.example.com", "old.aws")
        #expect(Self.plan([[writer], [old]]).changes == [.init(from: old, to: reader)])
        #expect(Self.plan([[writer], [reader]]).changes == [])
    }

    @Test("What keeps one of them does not keep the other, and what they have in common is said once")
    func findings() {
        let occupant = ResourceRecordSet(name: "r.example.com", type: "A", ttl: 10, values: ["192.0.2.1"])
        let occupied = Self.plan([[], [occupant]])
        #expect(occupied.changes.map(\.name) == ["w.example.com"])
        #expect(occupied.findings == [.occupied(name: "r.example.com", by: .init(type: "A", kind: .simple))])
        let without = Self.plan([[], []], endpoints: ["w.aws", nil])
        #expect(without.changes.map(\.name) == ["w.example.com"])
        #expect(without.findings == [.noPrimaryEndpoint])
        let standby = PrimaryStanding.standby(role: "a secondary")
        #expect(Self.plan([[], []], standby).changes == [])
        #expect(Self.plan([[], []], standby).findings == [.notPrimary(standby)])
    }
}
