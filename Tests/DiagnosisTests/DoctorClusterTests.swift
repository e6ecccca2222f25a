import AWSClient
import Failover
import Functions
import Promotion
import Testing

@testable import Diagnosis

@Suite("What the doctor says of a global cluster")
struct DoctorClusterTests {
    static let east = "arn:aws:rds:us-east-1:111122223333:cluster:orders-east"
    static let west = "arn:aws:rds:us-west-2:111122223333:cluster:orders-west"

    static func cluster(_ change: (inout GlobalCluster) -> Void = { _ in }) -> GlobalCluster {
        var cluster = GlobalCluster(
            id: "orders", status: "available",
            members: [
                .init(clusterARN: east, region: "us-east-1", isWriter: true),
                .init(clusterARN: west, region: "us-west-2", isWriter: false, synchronizationStatus: "connected"),
            ])
        change(&cluster)
        return cluster
    }

    private func codes(_ change: (inout GlobalCluster) -> Void, isDetachmentOnRecord: Bool = false) -> [Finding.Code] {
        let reading = GroupReading(
            kind: .cluster, id: "orders", dnsName: "app.example.com", ownRegion: "us-west-2", policy: Policy(),
            group: .success(.init(Self.cluster(change))), isDetachmentOnRecord: isDetachmentOnRecord)
        let findings = GroupChecks.findings(reading)
        #expect(findings.allSatisfy { $0.subject == .cluster })
        for finding in findings {
            for word in ["atastore", "lastiCache", "LDGNF"] {
                #expect(!"\(finding.text) \(finding.remedy ?? "")".contains(word))
            }
        }
        return findings.map(\.code)
    }

    @Test("Each state of it has its finding")
    func states() {
        #expect(codes { _ in } == [.available, .localMember])
        #expect(codes { $0.failoverState = .init(status: "failing-over") } == [.groupStatus, .localMember])
        #expect(codes { $0.members[1].synchronizationStatus = "pending-resync" } == [.available, .memberNotAssociated])
        #expect(codes { $0.members[0].isWriter = false } == [.available, .noPrimary, .localMember])
        #expect(codes { $0.members[1].isWriter = true } == [.available, .severalPrimaries, .localMember])
        #expect(codes { $0.members.removeLast() } == [.available, .noLocalMember])
        #expect(codes({ $0.members.removeLast() }, isDetachmentOnRecord: true) == [.available, .detached])
    }

    static func answer(_ members: String) -> DoctorWorld.Answer {
        DoctorWorld.query(
            "DescribeGlobalClusters",
            "<GlobalClusters><GlobalClusterMember><GlobalClusterIdentifier>orders</GlobalClusterIdentifier>"
                + "<Status>available</Status><GlobalClusterMembers>\(members)</GlobalClusterMembers>"
                + "</GlobalClusterMember></GlobalClusters>")
    }

    static func member(_ arn: String, isWriter: Bool) -> String {
        "<GlobalClusterMember><DBClusterArn>\(arn)</DBClusterArn><IsWriter>\(isWriter)</IsWriter></GlobalClusterMember>"
    }

    static let world: [String: DoctorWorld.Answer?] = [
        "DescribeGlobalClusters": answer(member(east, isWriter: false) + member(west, isWriter: true)),
        "ping rds": .init(status: 404, body: ""),
    ]

    @Test("A watch with a cluster alone is looked at in RDS, one with both in both")
    func doctor() async {
        let world = DoctorWorld(Self.world)
        let alone = await world.examine(["GLOBAL_DATASTORE_ID": nil, "GLOBAL_CLUSTER_ID": "orders"])
        #expect(!alone.hasFailed)
        #expect(alone.findings.filter { $0.subject == .cluster }.map(\.code) == [.available, .localMember])
        #expect(!world.asked.contains("DescribeGlobalReplicationGroups") && !world.asked.contains("ping elasticache"))
        #expect(alone.findings.contains { $0.code == .allowed && $0.text.contains("rds:DescribeGlobalClusters") })

        let both = await DoctorWorld(Self.world).examine(["GLOBAL_CLUSTER_ID": "orders"])
        #expect(!both.hasFailed)
        #expect(both.findings.filter { $0.code == .localMember }.map(\.subject) == [.datastore, .cluster])
        #expect(both.findings.filter { $0.code == .reachable }.count == 3)
        // One name, one look at it.
        #expect(both.findings.filter { $0.code == .resolves }.count == 1)
    }

    @Test("What goes wrong of a cluster costs its own line")
    func wrong() async {
        for (answer, code) in [
            (DoctorWorld.denied(), Finding.Code.denied),
            (DoctorWorld.denied("GlobalClusterNotFoundFault"), .clusterMissing), (nil, .clusterUnreadable),
        ] as [(DoctorWorld.Answer?, Finding.Code)] {
            let world = DoctorWorld(Self.world.merging(["DescribeGlobalClusters": answer]) { $1 })
            let report = await world.examine(["GLOBAL_CLUSTER_ID": "orders"])
            #expect(report.codes(.wrong) == [code])
        }
    }

    @Test("The actions of a cluster are those of AURORA_ACTION, on it and on the clusters of the region")
    func neededActions() throws {
        func needed(_ action: String) throws -> [NeededActions.Group] {
            let configuration = try PromoterConfiguration(
                environment: environment([
                    "GLOBAL_DATASTORE_ID": nil, "GLOBAL_CLUSTER_ID": "orders", "AURORA_ACTION": action,
                    "PAUSE_PARAMETER": "p",
                ]))
            let needed = NeededActions(configuration, unknown: [], region: "us-west-2", account: "111122223333")
            return (needed.harmless + needed.others).filter { $0.actions.allSatisfy { $0.hasPrefix("rds:") } }
        }
        let resources = [
            "arn:aws:rds::111122223333:global-cluster:orders", "arn:aws:rds:us-west-2:111122223333:cluster:*",
        ]
        for (action, changes) in [
            ("failover", ["FailoverGlobalCluster"]), ("switchover", ["SwitchoverGlobalCluster"]),
            ("detach", ["RemoveFromGlobalCluster"]),
            ("failover-then-detach", ["FailoverGlobalCluster", "RemoveFromGlobalCluster"]),
        ] {
            #expect(
                try needed(action)
                    == (["DescribeGlobalClusters"] + changes).map {
                        NeededActions.Group(actions: ["rds:\($0)"], resources: resources)
                    })
        }
    }
}
