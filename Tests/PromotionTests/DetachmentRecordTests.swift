import AWSClient
import Failover
import NameResolution
import Promotion
import Testing

@Suite("What is known of a detachment afterwards")
struct DetachmentRecordTests {
    let world = World()
    static let refusal = FakeGroup.Outcome.fails(PromotionRefusal.refused(Broken("refused")))
    static let lost = PromotionRefusal.outcomeUnknown(Broken("answer"))
    static let held = Decision.hold(.detached(memberID: "sessions-west"))

    init() { world.pointDNS(to: .west) }

    private func removeMember() { world.group.change { $0.group.members.removeAll { $0.id == "sessions-west" } } }

    @Test("A new process learns it from the history, which it asks only for a group without a local member")
    func newProcess() async throws {
        let record = FakeDetachments(true)
        let promoter = world.promoter(Policy(confirmations: 9), guards: .init(detachments: record))
        _ = await promoter.warmUp(deadline: world.deadline)
        _ = try await promoter.decision(in: world)
        #expect(record.asked == [])
        removeMember()
        world.clock.advance(by: .seconds(100))
        #expect(try await promoter.decision(in: world) == .hold(.detached(memberID: World.promotion.memberID)))
        #expect(record.asked == [world.clock.now + .seconds(1)])
        #expect(try await promoter.decision(in: world) == .hold(.detached(memberID: World.promotion.memberID)))
        #expect(record.asked.count == 1)
    }

    @Test("Warming up says nothing of a region whose member was detached, and all of one without a member")
    func warmUp() async throws {
        removeMember()
        for isDetached in [true, false] {
            let record = FakeDetachments(isDetached)
            let promoter = world.promoter(guards: .init(detachments: record))
            let problems = await promoter.warmUp(deadline: world.deadline)
            #expect(problems.map { ($0 as? PromotionError)?.code } == (isDetached ? [] : [.misconfigured]))
            #expect(record.asked.count == 1)
        }
    }

    @Test("Where AWS does not show the group any more, the record tells it from a wrong id", arguments: [true, false])
    func notShown(isDetached: Bool) async throws {
        let promoter = world.promoter(guards: .init(detachments: FakeDetachments(isDetached)))
        world.group.change { $0.failures = [AWSError(.notFound, "no such group")] }
        if isDetached {
            #expect(try await promoter.decision(in: world) == .hold(.detached(memberID: World.promotion.memberID)))
        } else {
            #expect((await promoter.failure(in: world)?.underlying as? AWSError)?.code == .notFound)
        }
    }

    @Test("What a lost detachment has come to is seen, too, where AWS does not show the group any more")
    func lostAndNotShown() async throws {
        let promoter = try await sent(.doneThenFails(Self.lost))
        world.group.change { $0.failures = [AWSError(.notFound, "no such group")] }
        let result = try await promoter.check(deadline: world.deadline)
        #expect(result.decision == Self.held)
        #expect(result.events.map(\.kind) == ["detached"])
    }

    @Test("The overview shows the group, and says why, where the records cannot be read")
    func withoutRecords() async {
        world.records.fail(Broken("records"))
        let overview = await world.promoter().overview(deadline: world.deadline)
        #expect(overview.recordFailure == "\(Broken("records"))")
        #expect(overview.group?.members.count == 2)
    }

    @Test("The overview says so, too", arguments: [true, false])
    func overview(isDetached: Bool) async throws {
        removeMember()
        let promoter = world.promoter(guards: .init(detachments: FakeDetachments(isDetached)))
        let overview = await promoter.overview(deadline: world.deadline)
        #expect((overview.decision == .hold(.detached(memberID: World.promotion.memberID))) == isDetached)
        #expect((overview.decision.kind == "misconfigured") == !isDetached)
    }

    @Test("A group without a local member is a misconfiguration where nothing else is on record")
    func notOnRecord() async throws {
        removeMember()
        let promoter = world.promoter(guards: .init(detachments: FakeDetachments(false)))
        #expect(await promoter.failure(in: world)?.errorType == "Misconfigured")
        // Nor does a record make one of two local members.
        world.group.change { state in
            state.group.members += ["a", "b"].map {
                .init(id: $0, region: "us-west-2", role: .secondary, status: "associated")
            }
        }
        let other = world.promoter(guards: .init(detachments: FakeDetachments(true)))
        #expect(await other.failure(in: world)?.errorType == "Misconfigured")
    }

    @Test("A member that came back and has gone again was not detached")
    func backAndGone() async throws {
        let record = FakeDetachments(true)
        removeMember()
        let promoter = world.promoter(Policy(confirmations: 9), guards: .init(detachments: record))
        #expect(try await promoter.decision(in: world) == .hold(.detached(memberID: World.promotion.memberID)))
        world.group.change { state in
            state.group.members.append(
                .init(id: "sessions-west", region: "us-west-2", role: .secondary, status: "associated"))
        }
        world.clock.advance(by: .seconds(60))
        #expect(try await promoter.decision(in: world) == .hold(.confirming(seen: 1, needed: 9)))
        removeMember()
        world.clock.advance(by: .seconds(91))
        _ = try await promoter.decision(in: world)
        #expect(record.asked.count == 2)
    }

    /// A promoter that has sent a detachment, whose answer was lost, in a check that had no time to look again.
    private func sent(_ outcome: FakeGroup.Outcome) async throws -> Promoter {
        let promoter = world.promoter(Policy(confirmations: 2, detachAfter: .seconds(300)))
        _ = try await promoter.decision(in: world)
        for _ in 0..<5 {
            world.group.change { $0.outcomes = [Self.refusal] }
            _ = await promoter.events(in: world)
            world.clock.advance(by: .seconds(60))
        }
        world.group.change { $0.outcomes = [Self.refusal, outcome] }
        let failure = await thrown(CheckFailure.self) {
            try await promoter.check(deadline: world.clock.now + .milliseconds(200))
        }
        #expect(failure?.underlying as? Broken == Broken("answer"))
        _ = world.journal.take()
        return promoter
    }

    @Test(
        "A detachment whose answer was lost is recognised by the member that leaves, or has gone, and is told of once",
        arguments: [FakeGroup.Outcome.acceptedThenFails(lost), .doneThenFails(lost)])
    func recognised(_ outcome: FakeGroup.Outcome) async throws {
        let promoter = try await sent(outcome)
        world.clock.advance(by: .seconds(1))
        let first = try await promoter.check(deadline: world.deadline)
        #expect(first.events.filter { $0.kind != "failed" } == [.detached(World.promotion, after: .seconds(300))])
        #expect(try await promoter.decision(in: world) == Self.held)
        removeMember()
        world.clock.advance(by: .seconds(60))
        #expect(await promoter.events(in: world) == [])
        #expect(!world.journal.take().contains(.detach(World.promotion)))
    }

    @Test("One of which nothing is to be seen is sent again, after a fresh read")
    func sentAgain() async throws {
        let promoter = try await sent(.fails(Self.lost))
        world.clock.advance(by: Policy.pauseAfterRefusal)
        world.group.change { $0.outcomes = [Self.refusal] }
        #expect(try await promoter.decision(in: world) == .detach(World.promotion))
        #expect(
            world.journal.take() == [
                .lookUp(World.name), .group, .promote(World.promotion), .group, .detach(World.promotion),
            ])
    }

    @Test("A promotion whose answer was lost, and that came to nothing, is an obstacle as a refused one is")
    func lostPromotion() async throws {
        let promoter = world.promoter(Policy(detachAfter: .seconds(300)))
        for _ in 0..<5 {
            world.group.change { $0.outcomes = [.fails(Self.lost)] }
            _ = await thrown(CheckFailure.self) {
                try await promoter.check(deadline: world.clock.now + .milliseconds(200))
            }
            world.clock.advance(by: .seconds(60))
        }
        world.group.change { $0.outcomes = [.fails(Self.lost)] }
        let result = try await promoter.check(deadline: world.clock.now + .milliseconds(200))
        #expect(result.decision == .detach(World.promotion))
    }

    @Test("One check sends three requests at most")
    func attempts() async throws {
        let promoter = try await sent(.fails(Self.lost))
        world.clock.advance(by: Policy.pauseAfterRefusal)
        world.group.change { $0.outcomes = [Self.refusal] + Array(repeating: .fails(Self.lost), count: 4) }
        #expect(await promoter.failure(in: world) != nil)
        let events = world.journal.take()
        #expect(events.promotions.count == 1)
        #expect(events.filter { $0 == .detach(World.promotion) }.count == 2)
    }

    @Test("A group in which a promotion is under way, with its member, shows nothing of a detachment")
    func notRecognised() async throws {
        let promoter = try await sent(.fails(Self.lost))
        world.resolver.set(World.name, World.Region.east.address, World.Region.west.address)
        _ = try await promoter.decision(in: world)
        world.pointDNS(to: .west)
        world.group.change { $0.group.status = "modifying" }
        for _ in 0..<2 {
            let result = try await promoter.check(deadline: world.deadline)
            #expect(result.events == [])
            #expect(result.decision != Self.held)
        }
    }
}
