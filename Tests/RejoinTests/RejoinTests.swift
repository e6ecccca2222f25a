import Functions
import LocalAWS
import Promotion
import Synchronization
import Testing

/// The way back of an Aurora cluster, with requests that AWS would understand.
///
/// One after the other: they keep a whole processor busy, and other tests have deadlines of real time.
@Suite("A rejoin that is carried out", .serialized)
struct RejoinTests {
    typealias W = RejoinWorld

    static let deletion = RejoinOptions(member: W.own.id, oldClusterToDelete: W.old.id)

    @Test("The whole way: a new global cluster with a new secondary, and nothing is deleted")
    func wholeWay() async throws {
        let world = try await W(isSlow: true)
        let plan = try await world.run()
        #expect(plan.isDone)
        #expect(world.changes == W.wholeWay)
        #expect(world.state == W.rebuilt)
        await world.aws.stop()
    }

    @Test("With the old cluster's id it is deleted in the end, with a final snapshot")
    func deletes() async throws {
        let world = try await W(isSlow: true)
        #expect(try await world.run(Self.deletion).isDone)
        #expect(world.changes == W.wholeWay + W.deletions)
        #expect(world.state == W.cleanedUp)
        let deletion = try #require(world.aws.requests.first { $0.operation == "DeleteDBCluster" })
        #expect(deletion.parameters["FinalDBSnapshotIdentifier"] == "orders-use1-before-rejoin")
        #expect(deletion.parameters["SkipFinalSnapshot"] == nil)
        await world.aws.stop()
    }

    @Test("The secondary is made like the old cluster")
    func settings() async throws {
        let world = try await W()
        var old = try #require(world.aws.dbCluster(W.old.id, region: W.east))
        old.subnetGroup = "private"
        old.securityGroups = ["sg-1", "sg-2"]
        old.parameterGroup = "orders"
        old.port = 6432
        world.aws.put(old)
        _ = try await world.run(.init(member: W.own.arn, instanceClass: "db.r8g.large", instances: 2))
        let new = try #require(world.aws.dbCluster(W.new.id, region: W.east))
        #expect(new.subnetGroup == "private")
        #expect(new.securityGroups == ["sg-1", "sg-2"])
        #expect(new.parameterGroup == "orders")
        #expect(new.port == 6432)
        #expect(new.keyARN == old.keyARN)
        #expect(new.instances.map(\.id) == ["orders-use1-rejoined-1", "orders-use1-rejoined-2"])
        #expect(new.instances.allSatisfy { $0.instanceClass == "db.r8g.large" })
        await world.aws.stop()
    }

    @Test("With a new id the old global cluster stays as it is")
    func newID() async throws {
        let world = try await W()
        #expect(try await world.run(.init(member: W.own.id, newID: "Orders-2", secondaryID: "orders-again")).isDone)
        #expect(
            world.changes == [
                "CreateGlobalCluster orders-2 us-west-2", "CreateDBCluster orders-again us-east-1",
                "CreateDBInstance orders-again-1 us-east-1",
            ])
        #expect(
            world.state.prefix(2) == [
                "orders-2: orders-again connected, orders-usw2 writer", "orders-global: orders-use1 writer",
            ])
        await world.aws.stop()
    }

    @Test("What is still a member needs no rejoin")
    func notDetached() async throws {
        let world = try await W(isDetached: false)
        let plan = try await world.run()
        #expect(!plan.isNeeded && plan.isDone)
        #expect(world.changes == [])
        await world.aws.stop()
    }

    // MARK: Interruptions

    /// How many of its requests a process lives for: all of them is the whole way.
    @Test("Interrupted after any request, another process goes on, and asks for nothing twice", arguments: 0...8)
    func interrupted(after count: Int) async throws {
        let world = try await W()
        await #expect(throws: RejoinFailure.self, "the process ends") {
            try await world.run(Self.deletion, stop: { world.changes.count >= count })
        }
        #expect(world.changes == Array((W.wholeWay + W.deletions).prefix(max(1, count))))
        #expect(try await world.run(Self.deletion).isDone)
        #expect(world.changes == W.wholeWay + W.deletions)
        #expect(world.state == W.cleanedUp)
        await world.aws.stop()
    }

    @Test(
        "Many processes that have little time each come to the same end, however long AWS takes to show things",
        arguments: [(Duration.seconds(30), Duration.seconds(15)), (.seconds(30), .zero), (.seconds(45), .seconds(15))])
    func littleTime(lasting: Duration, listing: Duration) async throws {
        let world = try await W(isSlow: true) { $0.auroraTimes.listing = listing }
        var runs = 0
        while try await !world.run(Self.deletion, lasting: lasting).isDone {
            // Where a process has no time left, time passes all the same.
            world.aws.clock.advance(by: .seconds(20))
            runs += 1
            guard runs < 200 else { break }
        }
        #expect(runs > 1)
        #expect(world.changes == W.wholeWay + W.deletions)
        #expect(world.state == W.cleanedUp)
        await world.aws.stop()
    }

    @Test("What looks wrong for a moment after a request is waited for")
    func halfSeen() async throws {
        let world = try await W(isSlow: true)
        let aws = world.aws
        aws.events.observe { [weak aws] event in
            // As if AWS did not show that the cluster is being taken in.
            guard case .requestServed(let request) = event.kind, request.operation == "CreateGlobalCluster",
                var own = aws?.dbCluster(W.own.id, region: W.west)
            else { return }
            own.status = .available
            aws?.put(own)
        }
        #expect(try await world.run().isDone)
        #expect(world.changes == W.wholeWay)
        await world.aws.stop()
    }

    @Test("What another process has taken out, and AWS still shows, is not an error")
    func stillListed() async throws {
        let world = try await W { $0.auroraTimes.listing = .seconds(40) }
        _ = try? await world.run(Self.deletion, stop: { world.changes.count >= 6 })
        #expect(try await world.run(Self.deletion).isDone)
        #expect(world.changes.count { $0.hasPrefix("RemoveFromGlobalCluster") } == 2)
        #expect(world.state == W.cleanedUp)
        await world.aws.stop()
    }

    static let operations = [
        "ModifyGlobalCluster", "CreateGlobalCluster", "CreateDBCluster", "CreateDBInstance", "DeleteDBInstance",
        "RemoveFromGlobalCluster", "DeleteDBCluster", "DeleteGlobalCluster",
    ]

    @Test("An answer that is lost is made up for by looking", arguments: operations)
    func lostAnswer(operation: String) async throws {
        let world = try await W()
        _ = world.aws.inject(Fault(.dropAfterwards, service: "rds", operation: operation, times: 1))
        #expect(try await world.run(Self.deletion).isDone)
        #expect(world.changes == W.wholeWay + W.deletions)
        #expect(world.state == W.cleanedUp)
        await world.aws.stop()
    }

    @Test(
        "A step that AWS refuses stops it there, and it goes on from there when that is mended", arguments: operations)
    func refused(operation: String) async throws {
        let world = try await W()
        let fault = world.aws.inject(
            Fault(.error(status: 403, code: "AccessDenied", message: "no"), service: "rds", operation: operation))
        let failure = await #expect(throws: RejoinFailure.self) { try await world.run(Self.deletion) }
        let steps = zip(
            Self.operations,
            [
                AuroraRejoin.Step.Kind.setAside, .create, .addSecondary, .addInstances, .deleteInstances, .removeOld,
                .deleteCluster, .deleteGlobal,
            ])
        #expect(failure?.step == steps.first { $0.0 == operation }?.1)
        let done = world.changes.count
        #expect(world.changes == Array((W.wholeWay + W.deletions).prefix(done)))
        world.aws.remove(fault)
        #expect(try await world.run(Self.deletion).isDone)
        #expect(world.state == W.cleanedUp)
        await world.aws.stop()
    }

    @Test("A state that passes is waited for, and one that stays is told")
    func passingState() async throws {
        let busy = Fault.Effect.error(status: 400, code: "InvalidDBClusterStateFault", message: "busy")
        for (times, isDone) in [(3, true), (1000, false)] {
            let world = try await W()
            _ = world.aws.inject(Fault(busy, service: "rds", operation: "CreateDBCluster", times: times))
            let plan = try? await world.run()
            #expect((plan?.isDone == true) == isDone)
            #expect(world.changes.count < 30)
            await world.aws.stop()
        }
    }

    @Test("While the other region is down nothing is begun, and then it is")
    func otherRegionDown() async throws {
        let world = try await W()
        world.aws.takeDown(region: W.east, by: .drop)
        #expect(try await world.run(lasting: .seconds(60)).nextStep == .awaitRegions)
        #expect(world.changes == [])
        world.aws.bringUp(region: W.east)
        #expect(try await world.run().isDone)
        await world.aws.stop()
    }

    // MARK: What is deleted

    @Test(
        "A cluster that is not the old one is refused before anything is done",
        arguments: ["orders-usw2", "orders-use1-rejoined", "nobody"])
    func wrongID(id: String) async throws {
        let world = try await W()
        await #expect(throws: RejoinFailure.self) {
            try await world.run(.init(member: W.own.id, oldClusterToDelete: id))
        }
        #expect(world.changes == [])
        await world.aws.stop()
    }

    @Test("A cluster that is in use is not taken for the old one, when that stands alone as well")
    func foreignCluster() async throws {
        let world = try await W()
        world.aws.put(DBCluster(id: "billing", region: W.east))
        _ = try? await world.run(Self.deletion, stop: { world.changes.count >= 6 })
        #expect(world.changes.last?.hasPrefix("RemoveFromGlobalCluster") == true)
        await #expect(throws: RejoinFailure.self) {
            try await world.run(.init(member: W.own.id, oldClusterToDelete: "billing"))
        }
        #expect(world.changes.count == 6)
        await world.aws.stop()
    }

    @Test("While DNS leads to the old cluster it is not deleted")
    func clientsElsewhere() async throws {
        let world = try await W()
        _ = try await world.run()
        try world.aws.setHealthy(true, region: W.east)
        let failure = await #expect(throws: RejoinFailure.self) { try await world.run(Self.deletion) }
        #expect(failure?.step == .deleteInstances)
        #expect(world.changes == W.wholeWay)
        await world.aws.stop()
    }

    @Test("A protected cluster keeps its instances, too")
    func protected() async throws {
        let world = try await W()
        var old = try #require(world.aws.dbCluster(W.old.id, region: W.east))
        old.isProtected = true
        world.aws.put(old)
        await #expect(throws: RejoinFailure.self) { try await world.run(Self.deletion) }
        #expect(world.changes == [])
        await world.aws.stop()
    }
}
