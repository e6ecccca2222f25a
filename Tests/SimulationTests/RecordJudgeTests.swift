import Testing

@testable import Simulation

@Suite("The judge of records")
struct RecordJudgeTests {
    /// Records as they should be kept: the promoter of the west moves the primary's when its region has become primary,
    /// and the function `endpoints` there makes the record of the only replica.
    private struct Case: Sendable, CustomTestStringConvertible {
        var breaks: Promise
        var terms = RecordTerms(script, regions: [east, west])
        var facts = RecordJudgeTests.facts
        var testDescription: String { breaks.rawValue }

        init(_ promise: Promise, _ change: (inout Case) -> Void) {
            breaks = promise
            change(&self)
        }

        /// - Parameter time: in seconds.
        mutating func add(_ time: Double, _ facts: RecordFact...) {
            self.facts += facts.map { (time: .seconds(time), fact: .records($0)) }
            // What comes at the same time keeps its order.
            self.facts = self.facts.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
                .map(\.element)
        }

        mutating func change(_ time: Double, _ source: Witness.Source, _ batch: RecordZone.Change...) {
            add(time, .asked(batch, by: source), .changed(batch, by: source))
        }

        var broken: Set<Promise> { Set(RecordJudge.violations(in: facts, terms).map(\.promise)) }
    }

    private typealias Facts = [(time: Duration, fact: Witness.Fact)]

    private static let east = "us-east-1"
    private static let west = "us-west-2"
    private static let promoter = Witness.Source(region: west, process: 1)
    private static let endpoints = Witness.Source(.endpoints, region: west, process: 1)
    private static let clusters = [east: cluster(east), west: cluster(west)]
    private static let script = RecordScript(
        hasPrimary: true, hasWriter: false, hasReader: false, beginning: .atPrimary, ttl: 10, pageSize: 300,
        clusters: clusters,
        endpoints: .init(
            regions: [east, west], keepsPrimary: false, hasNumbered: true, hasWeighted: false, sharesNames: false,
            namesDatastore: true, whenNoReplicas: "keep", waitsForSync: true, interval: .seconds(60)))

    /// Of two nodes, the first of which is primary.
    private static func cluster(_ region: String, primary number: Int = 1) -> ClusterModel {
        var cluster = ClusterModel(
            id: "sessions-\(region)", region: region, isEncrypted: true, hasShards: false, tellsRoles: true, shards: 1,
            nodes: 2)
        cluster.shards[0].primary = cluster.shards[0].nodes[number - 1].id
        return cluster
    }

    private static func node(_ region: String, _ number: Int) -> String {
        cluster(region).name(of: "sessions-\(region)-00\(number)")
    }

    private static func group(primary: String) -> GroupModel {
        let members = [east, west].map { GroupModel.Member(id: "sessions-\($0)", region: $0) }
        return GroupModel(kind: .datastore, id: "g", members: members, primary: "sessions-\(primary)")
    }

    private static func make(_ name: String, _ target: String, ttl: Int = 10) -> RecordZone.Change {
        .init(isCreation: true, record: ZoneRecord(name: name, ttl: ttl, values: [target]))
    }

    private static func delete(_ name: String, _ target: String) -> RecordZone.Change {
        .init(isCreation: false, record: ZoneRecord(name: name, ttl: 10, values: [target]))
    }

    private static let primary = "redis.example.com"
    private static let read1 = "read1.us-west-2.example.com"
    private static let endpoint = (east: cluster(east).primaryEndpoint, west: cluster(west).primaryEndpoint)
    private static let move = [delete(primary, endpoint.east), make(primary, endpoint.west)]

    private static let facts: Facts = [
        (.zero, .ended(group: group(primary: east), succeeded: true)),
        (
            .zero,
            .records(
                .zone([
                    ZoneRecord(name: primary, ttl: 10, values: [endpoint.east]),
                    ZoneRecord(name: "read1.us-east-1.example.com", ttl: 10, values: [node(east, 2)]),
                    ZoneRecord(name: "read2.us-west-2.example.com", ttl: 10, values: ["elsewhere.example.net"]),
                ]))
        ),
        (.zero, .records(.cluster(cluster(east)))), (.zero, .records(.cluster(cluster(west)))),
        (.seconds(10), .records(.began(endpoints, isScheduled: true))),
        (.seconds(10), .records(.called("GetHostedZone", endpoints))),
        (.seconds(10), .records(.asked([make(read1, node(west, 2))], by: endpoints))),
        (.seconds(10), .records(.changed([make(read1, node(west, 2))], by: endpoints))),
        (.seconds(11), .records(.ended(endpoints, .response([])))),
        (.seconds(150), .ended(group: group(primary: west), succeeded: true)),
        (.seconds(155), .records(.asked(move, by: promoter))), (.seconds(155), .records(.changed(move, by: promoter))),
        (.seconds(160), .records(.began(endpoints, isScheduled: true))),
        (.seconds(160), .records(.called("DescribeReplicationGroups", endpoints))),
        (.seconds(160), .records(.called("ListResourceRecordSets", endpoints))),
        (.seconds(161), .records(.ended(endpoints, .response([])))),
    ]

    private static let cases: [Case] = [
        Case(.notInDryRun) { $0.terms.isDryRun = true },
        Case(.onlyOwnRecords) {
            $0.change(200, promoter, delete("read2.us-west-2.example.com", "elsewhere.example.net"))
        },
        Case(.onlyOwnRecords) {
            $0.change(200, endpoints, delete("read2.us-west-2.example.com", "elsewhere.example.net"))
        },
        Case(.onlyOwnRecords) { $0.change(200, endpoints, delete("read1.us-east-1.example.com", node(east, 2))) },
        Case(.onlyOwnRecords) { $0.change(200, endpoints, make("read-old.us-west-2.example.com", node(west, 2))) },
        Case(.onlyOwnRecords) { $0.change(200, promoter, make("read3.us-west-2.example.com", node(west, 2))) },
        Case(.onlyOwnRecords) { $0.change(200, promoter, delete(primary, endpoint.west)) },
        // The promoters', as it is set up here.
        Case(.onlyOwnRecords) {
            $0.change(200, endpoints, delete(primary, endpoint.west), make(primary, endpoint.west, ttl: 20))
        },
        Case(.onlyOwnEndpoints) {
            $0.change(200, promoter, delete(primary, endpoint.west), make(primary, endpoint.east))
        },
        Case(.onlyOwnEndpoints) { $0.change(200, endpoints, make("read3.us-west-2.example.com", node(east, 2))) },
        Case(.onlyOwnEndpoints) { $0.change(200, endpoints, make("read3.us-west-2.example.com", node(west, 3))) },
        Case(.onlyAtThePrimary) {
            let east = Witness.Source(region: east, process: 1)
            $0.change(190, east, delete(primary, endpoint.west), make(primary, endpoint.east))
        },
        Case(.onlyAtThePrimary) {
            $0.facts.removeAll {
                if case .ended(let group, _) = $0.fact { group == Self.group(primary: west) } else { false }
            }
        },
        Case(.onlyAtReplicas) { $0.change(200, endpoints, make("read3.us-west-2.example.com", node(west, 1))) },
        Case(.onlyAtReplicas) {
            $0.add(20, .cluster(cluster(west, primary: 2)))
            $0.change(60, endpoints, make("read3.us-west-2.example.com", node(west, 2)))
        },
        Case(.noNeedlessChanges) {
            $0.change(200, endpoints, delete(read1, node(west, 2)), make(read1, node(west, 2)))
        },
        Case(.quietWhereNothingChanges) { $0.add(160.5, .called("DescribeReplicationGroups", endpoints)) },
        Case(.quietWhereNothingChanges) { $0.add(160.5, .called("GetChange", endpoints)) },
        Case(.answersInTime) { $0.add(160.5, .ended(endpoints, .tooLate)) },
    ]

    @Test("finds nothing wrong in records as they should be kept")
    func right() {
        #expect(Case(.onlyOwnRecords) { _ in }.broken == [])
    }

    @Test("names the promise that is broken, and no other", arguments: cases)
    private func wrong(given: Case) {
        #expect(given.broken == [given.breaks])
    }

    @Test("lets pass what each of the promises allows")
    func allowed() {
        let west = Self.west
        let allowed: [(Promise, (inout Case) -> Void)] = [
            // What was read a moment ago, of a group or of a cluster.
            (
                .onlyAtThePrimary,
                {
                    let east = Witness.Source(region: Self.east, process: 1)
                    $0.change(
                        184, east, Self.delete(Self.primary, Self.endpoint.west),
                        Self.make(Self.primary, Self.endpoint.east))
                }
            ),
            (
                .onlyAtReplicas,
                {
                    $0.add(20, .cluster(Self.cluster(west, primary: 2)))
                    $0.change(54, Self.endpoints, Self.make("read3.us-west-2.example.com", Self.node(west, 2)))
                }
            ),
            // Who has left its group is a primary, too.
            (
                .onlyAtThePrimary,
                {
                    var group = Self.group(primary: west)
                    let member = group.members.removeFirst()
                    group.detached = [member]
                    $0.facts.append((.seconds(300), .accepted(.detachment, group: group, member: member.id, nil)))
                    $0.change(
                        400, Witness.Source(region: Self.east, process: 1),
                        Self.delete(Self.primary, Self.endpoint.west), Self.make(Self.primary, Self.endpoint.east))
                }
            ),
            (
                .quietWhereNothingChanges,
                {
                    $0.terms.isTroubled = { _, _ in true }
                    $0.add(160.5, .called("DescribeReplicationGroups", Self.endpoints))
                }
            ),
            (
                .answersInTime,
                {
                    $0.terms.excusesLateness = { region, _ in region == west }
                    $0.add(160.5, .ended(Self.endpoints, .tooLate))
                }
            ),
        ]
        for (promise, change) in allowed { #expect(Case(promise, change).broken == [], "\(promise)") }
    }

    @Test("wants the primary's record to lead to the primary in the end")
    func endOfThePrimaries() {
        let terms = RecordTerms(Self.script, regions: [Self.east, Self.west])
        func isRight(_ records: [ZoneRecord], _ group: GroupModel = Self.group(primary: Self.west)) -> Bool {
            terms.wrongPrimaryRecords(of: group, active: Self.west, in: RecordZone(records)).isEmpty
        }
        func record(_ target: String, ttl: Int = 10) -> ZoneRecord {
            ZoneRecord(name: Self.primary, ttl: ttl, values: [target])
        }
        #expect(isRight([record(Self.endpoint.west)]))
        #expect(!isRight([record(Self.endpoint.east)]))
        #expect(!isRight([record(Self.endpoint.west, ttl: 300)]))
        #expect(!isRight([]))
        var detached = Self.group(primary: Self.east)
        detached.detached = [detached.members.removeLast()]
        #expect(isRight([record(Self.endpoint.west)], detached))
        #expect(!isRight([record(Self.endpoint.east)], detached))
    }

    @Test("wants each replica to have a record in the end, and no other node")
    func endOfTheReplicas() {
        func isRight(_ records: [ZoneRecord], whenNoReplicas: String = "keep", nodes: Int = 2) -> Bool {
            var script = Self.script
            script.endpoints?.whenNoReplicas = whenNoReplicas
            var cluster = Self.cluster(Self.west)
            cluster.shards[0].nodes.removeLast(2 - nodes)
            return RecordTerms(script, regions: [Self.east, Self.west])
                .wrongReplicaRecords(of: cluster, in: RecordZone(records)).isEmpty
        }
        func record(_ number: Int, _ node: Int, ttl: Int = 10) -> ZoneRecord {
            ZoneRecord(name: "read\(number).us-west-2.example.com", ttl: ttl, values: [Self.node(Self.west, node)])
        }
        #expect(isRight([record(1, 2)]))
        #expect(isRight([record(7, 2), ZoneRecord(name: Self.read1, ttl: 60, values: ["elsewhere.example.net"])]))
        #expect(!isRight([]))
        #expect(!isRight([record(1, 1)]))
        #expect(!isRight([record(1, 2), record(2, 2)]))
        #expect(!isRight([record(1, 2, ttl: 60)]))
        #expect(isRight([record(1, 2)], nodes: 1))
        #expect(!isRight([record(1, 2)], whenNoReplicas: "delete", nodes: 1))
        #expect(isRight([], whenNoReplicas: "delete", nodes: 1))
        #expect(isRight([record(1, 1)], whenNoReplicas: "primary", nodes: 1))
        #expect(!isRight([record(1, 2)], whenNoReplicas: "primary", nodes: 1))
    }
}
