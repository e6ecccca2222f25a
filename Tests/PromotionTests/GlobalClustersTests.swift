import AWSClient
import Failover
import JSON
import Promotion
import Testing

/// The shell with the real facade of RDS, as AWS's XML has it.
@Suite("A global cluster of Aurora through RDS's own protocol")
struct GlobalClustersTests {
    static let east = "arn:aws:rds:us-east-1:111122223333:cluster:orders-east"
    static let west = "arn:aws:rds:us-west-2:111122223333:cluster:orders-west"

    let world = World()
    let rds = FakeRDS()

    init() { world.pointDNS(to: .west) }

    /// - Parameter happens: while it waits.
    private func promoter(
        _ policy: Policy = Policy(), happens: @escaping @Sendable () -> Void = {}
    ) throws -> Promoter {
        let environment = [
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-west-2",
            "AWS_LAMBDA_FUNCTION_NAME": "test",
        ]
        let (world, calls) = (world, CallLog())
        let client = AWSClient(
            configuration: try AWSConfiguration(environment: environment, version: "1"), executor: rds,
            hooks: AWSHooks(now: { world.clock.now }, sleep: { world.clock.pass($0) })
        ) { record in
            calls.record(.init(name: record.action, attempts: record.attempts, duration: record.duration))
        }
        let clusters = GlobalClusters(RDS(client))
        // Records that ask nobody: its calls are those of the cluster.
        let finder = ActiveRegionFinder(
            name: World.name,
            source: StaticRecords(
                targets: Dictionary(uniqueKeysWithValues: World.Region.allCases.map { ($0.rawValue, [$0.target]) })),
            resolver: world.resolver, now: { world.clock.now })
        return Promoter(
            identity: .init(dnsName: World.name, groupID: "Orders", kind: .cluster, ownRegion: "us-west-2"),
            policy: policy,
            timing: .init(
                now: { world.clock.now },
                sleep: {
                    world.clock.pass($0)
                    happens()
                }), finder: finder, service: GlobalGroups(clusters).group(id: "Orders", changes: clusters),
            guards: .init(lag: FakeLag(world.journal)), calls: calls)
    }

    static func promotion(_ means: Decision.Means = .failover) -> Decision.Promotion {
        .init(groupID: "orders", memberID: west, region: "us-west-2", means: means)
    }

    private static let target = west.replacing(":", with: "%3A")

    @Test(
        "Each action is its request, and says so",
        arguments: [
            (
                Decision.Means.failover, "FailoverGlobalCluster",
                "TargetDbClusterIdentifier=\(target)&AllowDataLoss=true", "TargetDbClusterIdentifier"
            ),
            (
                .switchover, "SwitchoverGlobalCluster", "TargetDbClusterIdentifier=\(target)",
                "TargetDbClusterIdentifier"
            ),
            (.detachment, "RemoveFromGlobalCluster", "DbClusterIdentifier=\(target)", "DbClusterIdentifier"),
        ])
    func actions(_ means: Decision.Means, _ action: String, _ parameters: String, _ key: String) async throws {
        let result = try await promoter(Policy(means: means)).check(deadline: world.deadline)
        #expect(
            rds.changes
                == ["Action=\(action)&Version=2014-10-31&GlobalClusterIdentifier=orders&\(parameters)"])
        let expected = Self.promotion(means)
        #expect(result.decision == (means == .detachment ? .detach(expected) : .promote(expected)))
        #expect(result.calls.map(\.name) == ["rds:DescribeGlobalClusters", "rds:\(action)"])
        let json = result.json
        #expect(json["globalClusterId"] == "Orders" && json["globalDatastoreId"] == nil)
        #expect(json["reason"] == "activeAndSecondary")
        let detail: [JSONValue.Member] = [
            .init("GlobalClusterIdentifier", "orders"), .init(key, .string(Self.west)),
        ]
        #expect(json["detail"] == .object(detail))
    }

    @Test("What was accepted is followed until nothing is under way any more")
    func followed() async throws {
        let promoter = try promoter()
        _ = try await promoter.check(deadline: world.deadline)
        for status in ["pending", "failing-over"] {
            rds.change { $0.failoverStatus = status }
            world.clock.advance(by: .seconds(1))
            let result = try await promoter.check(deadline: world.deadline)
            guard case .hold(.promotionUnderWay) = result.decision else { throw Broken("\(result.decision)") }
        }
        rds.change {
            $0.writer = Self.west
            $0.failoverStatus = "failing-over"
        }
        world.clock.advance(by: .seconds(1))
        #expect(try await promoter.check(deadline: world.deadline).events == [])
        rds.change { $0.failoverStatus = nil }
        world.clock.advance(by: .seconds(1))
        let done = try await promoter.check(deadline: world.deadline)
        #expect(done.decision == .hold(.inPlace))
        #expect(done.events == [.finished(Self.promotion(), duration: .seconds(4))])
        #expect(rds.changes.count == 1)
    }

    @Test(
        "A failover that somebody else has begun is waited for, however far it is",
        arguments: ["pending", "failing-over", "switching-over", "cancelling"])
    func underWay(_ status: String) async throws {
        rds.change { $0.failoverStatus = status }
        let result = try await promoter().check(deadline: world.deadline)
        #expect(result.decision == .hold(.groupStatus(status)))
        #expect(rds.changes == [])
    }

    @Test("A member of which AWS says no status takes part; one that has to be synchronized anew does not")
    func synchronization() async throws {
        rds.change { $0.westStatus = "pending-resync" }
        let promoter = try promoter()
        let held = try await promoter.check(deadline: world.deadline)
        #expect(held.decision == .hold(.memberStatus("pending-resync")))
        rds.change { $0.westStatus = nil }
        #expect(try await promoter.check(deadline: world.deadline).decision == .promote(Self.promotion()))
    }

    @Test("The state of the cluster is a reason to wait, not a failure")
    func invalidState() async throws {
        rds.change { $0.answers = [.error(400, "InvalidGlobalClusterStateFault")] }
        let result = try await promoter().check(deadline: world.deadline)
        #expect(result.decision == .hold(.changeUnderWay))
    }

    @Test(
        "What RDS has against it counts as refused, and leads to a detachment in time; what is wrong with the caller does not",
        arguments: [
            ("InvalidDBClusterStateFault", 400, true), ("InvalidParameterValue", 400, true),
            ("InvalidParameterCombination", 400, true), ("AccessDenied", 403, false),
            ("GlobalClusterNotFoundFault", 404, false), ("DBClusterNotFoundFault", 404, false),
        ])
    func refusals(_ code: String, _ status: Int, _ detaches: Bool) async throws {
        let refusals = [CannedAWS.Answer](repeating: .error(status, code), count: 200)
        rds.change { $0.answers = refusals }
        let promoter = try promoter(Policy(detachAfter: .seconds(180)))
        var decisions: [Decision] = []
        var failures = 0
        for _ in 0..<40 where !rds.changes.contains(where: { $0.contains("Action=Remove") }) {
            do { decisions.append(try await promoter.check(deadline: world.deadline).decision) } catch {
                failures += 1
                #expect(error.errorType == code)
            }
            world.clock.advance(by: .seconds(6))
        }
        #expect(failures > 20)
        #expect(rds.changes.contains { $0.contains("Action=RemoveFromGlobalCluster") } == detaches)
    }

    @Test("A lost answer is looked for in the cluster: what was accepted is followed, and not asked for again")
    func lostAnswer() async throws {
        rds.change { $0.losesAnswers = true }
        let result = try await promoter().check(deadline: world.deadline)
        #expect(result.decision == .hold(.groupStatus("pending")))
        #expect(result.events == [.begun(Self.promotion(), delay: .zero)])
        #expect(result.sentence.hasPrefix("FailoverGlobalCluster was sent"))
        #expect(rds.changes.count == 1)
    }

    @Test("A detachment whose answer was lost is seen in the cluster")
    func lostDetachment() async throws {
        rds.change { $0.losesAnswers = true }
        let result = try await promoter(Policy(means: .detachment)).check(deadline: world.deadline)
        #expect(result.decision == .hold(.detached(memberID: Self.west)))
        #expect(rds.changes.count == 1)
    }

    @Test("A detachment by choice is on record as one, and what follows is no misconfiguration")
    func detached() async throws {
        let promoter = try promoter(Policy(means: .detachment))
        let first = try await promoter.check(deadline: world.deadline)
        #expect(first.events == [.detached(Self.promotion(.detachment), after: .zero)])
        #expect(first.decision.needsAttention)
        world.clock.advance(by: .seconds(1))
        let second = try await promoter.check(deadline: world.deadline)
        #expect(second.decision == .hold(.detached(memberID: Self.west)))
        #expect(rds.changes.count == 1)
    }

    @Test("An order is its own request, whatever the configuration says")
    func orders() async throws {
        for (order, action) in [
            (Order.failover(allowsDataLoss: true), "FailoverGlobalCluster"),
            (.switchover(maximumLag: .seconds(1)), "SwitchoverGlobalCluster"),
        ] {
            let before = rds.changes.count
            rds.change {
                $0.writer = Self.east
                $0.failoverStatus = nil
            }
            let rds = rds
            let promoter = try promoter(Policy(means: .detachment)) {
                rds.change {
                    $0.writer = Self.west
                    $0.failoverStatus = nil
                }
            }
            let result = try await promoter.carryOut(order, deadline: world.clock.now + .seconds(60))
            let means = order.name == "failover" ? Decision.Means.failover : .switchover
            #expect(result.outcome == .promoted(Self.promotion(means)))
            #expect(rds.changes.dropFirst(before).map { $0.contains("Action=\(action)&") } == [true])
        }
    }

    @Test("An order to fail over that says nothing of what may be lost is refused, and nobody asked")
    func dataLoss() async throws {
        let promoter = try promoter()
        let failure = await thrown(OrderFailure.self) {
            try await promoter.carryOut(.failover(allowsDataLoss: false), deadline: world.clock.now + .seconds(60))
        }
        #expect((failure?.underlying as? PromotionError)?.code == .orderRefused)
        #expect(failure?.calls.isEmpty == true && rds.changes == [])
        // The way that is left is named.
        #expect(failure?.description.contains("switchover") == true)
    }

    @Test("An order to detach takes the cluster out in the middle of a failover that does not end")
    func detachOrder() async throws {
        rds.change { $0.failoverStatus = "failing-over" }
        let result = try await promoter().carryOut(.detach, deadline: world.clock.now + .seconds(60))
        #expect(result.outcome == .detached(Self.promotion(.detachment)))
        #expect(result.events == [.detached(Self.promotion(.detachment), after: nil)])
        #expect(
            rds.changes == [
                "Action=RemoveFromGlobalCluster&Version=2014-10-31&GlobalClusterIdentifier=orders&DbClusterIdentifier="
                    + Self.target
            ])
    }
}
